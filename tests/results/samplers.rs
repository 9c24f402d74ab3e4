//! The generator and the samplers as statistics: fixed seeds, stated significance, and a second opinion by a
//! known-good generator and by `rand_distr`.

mod distributions;
mod generator;
mod portable;
mod statistics;
