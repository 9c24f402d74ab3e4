//! M1 in `NeXosim` with all clients in one model instance: less like its documentation, and kinder to the processor's cache.

use nexosim::simulation::SimulationError;
use peers::Arguments;

fn main() -> Result<(), SimulationError> {
    peers::nexosim_model::run("nexosim-one-model", &Arguments::read(), 1)
}
