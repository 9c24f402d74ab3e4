//! The experiments of the repository: what their headers say to expect is what the simulation gives.

mod fair_comparison;
mod networks;
mod shipped;
mod ways_to_push;
mod what_breaks_first;
