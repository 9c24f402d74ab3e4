//! The generator and the samplers: known answers that pin every draw, and statistics at fixed seeds and a stated
//! significance, with a second opinion by a known-good generator and by `rand_distr`.

mod distributions;
mod draws;
mod generator;
mod normal;
mod portable;
mod statistics;
mod streams;
