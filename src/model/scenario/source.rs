//! Rates that differ: over the day, and from client to client.

use crate::units::{Rate, Time};

/// A rate that follows the time of day: `rate * shape[i] / mean(shape)` in the `i`-th of equal parts of the period, the
/// first of which begins at t = 0.
#[derive(Clone, Debug, PartialEq)]
pub struct DayProfile {
    /// The mean rate, in messages per second.
    pub rate: Rate,
    /// How the rates of the parts relate to each other: at least one number, none below zero, one above, a finite sum.
    pub shape: Vec<f64>,
    /// Time until it starts again; at least as many nanoseconds as there are parts.
    pub period: Time,
}

/// How the rates of the clients differ: the rate of client k is that of the process times a weight, which is 1 on
/// average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Zipf's law: `w_k = (k + 1)^-s / mean` over the whole population, k = 0, 1, …; the exponent s is not negative.
    /// (Breslau et al., "Web caching and Zipf-like distributions: evidence and implications", INFOCOM 1999, find 0.64 to
    /// 0.83 for the pages of the web.)
    Zipf(f64),
    /// Log-normal: `w = exp(sigma Z - sigma² / 2)`, Z standard normal, drawn for each client; sigma is not negative. The
    /// mean is 1 in expectation.
    Lognormal(f64),
}
