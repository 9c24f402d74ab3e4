//! The generator and the samplers as statistics: fixed seeds, stated significance, and a second opinion by a
//! known-good generator and by `rand_distr`.

#[path = "samplers/distributions.rs"]
mod distributions;
#[path = "samplers/generator.rs"]
mod generator;
#[path = "samplers/portable.rs"]
mod portable;
#[path = "samplers/statistics.rs"]
mod statistics;
