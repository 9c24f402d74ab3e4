//! What is simulated: whether the numbers are right.
//!
//! By hand, by closed forms, by a second implementation of the model, by the order of events, by the statistics of the
//! samplers and intervals, by what the experiments say to expect, and by fingerprints of results that must never change.

mod by_hand;
mod coverage;
mod engine;
mod experiments;
mod false_alarms;
mod golden;
mod hand;
mod oracle;
mod paired;
mod samplers;
mod searched;
mod statistics;
mod theory;
