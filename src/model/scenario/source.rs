//! Rates that differ over the day and between clients.

use super::{Arrivals, Process, Source};
use crate::units::{Rate, Time};

impl Source {
    /// The process that creates messages; `None` if messages exist in requests only.
    pub(crate) fn process(&self) -> Option<&Process> {
        match &self.arrivals {
            Arrivals::InRequest { .. } | Arrivals::Group { .. } => None,
            Arrivals::PerClient(process) | Arrivals::Broadcast(process) => Some(process),
        }
    }
}

impl Process {
    /// Mean messages per second; for a trace at most its messages per second of `span`.
    pub fn mean_rate(&self, span: Time) -> f64 {
        match self {
            Process::Tick { every, hit, .. } => hit.as_f64() / every.as_secs_f64(),
            Process::Poisson { rate } => rate.per_second(),
            Process::Periodic { every, .. } => every.as_secs_f64().recip(),
            Process::Trace(trace) => {
                let last = trace.messages.last().map_or(Time::ZERO, |message| message.time);
                let rounds = if trace.repeat { f64::max(span.0 as f64 / last.0 as f64, 1.0) } else { 1.0 };
                rounds * trace.messages.len() as f64 / span.as_secs_f64()
            }
            Process::OnOff { on, off, rate } => {
                rate.per_second() * on.as_secs_f64() / (on.as_secs_f64() + off.as_secs_f64())
            }
            Process::Day(profile) => profile.rate.per_second(),
        }
    }
}

/// A rate that follows the time of day: `rate * shape[i] / mean(shape)` in the `i`-th of equal parts of the period, the
/// first of which begins at t = 0.
#[derive(Clone, Debug, PartialEq)]
pub struct DayProfile {
    /// The mean rate, in messages per second.
    pub rate: Rate,
    /// Relative rates of the parts: at least one number, none below zero, one above, a finite sum.
    pub shape: Vec<f64>,
    /// Period of the shape; at least as many nanoseconds as parts.
    pub period: Time,
}

/// Rates that differ between clients: the rate of client k is the rate of the process times a weight with mean 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Zipf's law: `w_k = (k + 1)^-s / mean` over the whole population, k = 0, 1, …; the exponent s is not negative.
    /// (Breslau et al., "Web caching and Zipf-like distributions: evidence and implications", INFOCOM 1999, find 0.64
    /// to 0.83 for the pages of the web.)
    Zipf(f64),
    /// Log-normal: `w = exp(sigma Z - sigma² / 2)`, Z standard normal, drawn for each client; sigma is not negative.
    /// The mean is 1 in expectation.
    Lognormal(f64),
}
