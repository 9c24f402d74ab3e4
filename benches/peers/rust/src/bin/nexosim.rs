//! M1 in `NeXosim` with a model instance for each client: what its documentation leads to.

use nexosim::simulation::SimulationError;
use peers::Arguments;

fn main() -> Result<(), SimulationError> {
    let arguments = Arguments::read();
    peers::nexosim_model::run("nexosim", &arguments, arguments.clients)
}
