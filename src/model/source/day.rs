//! Time of day.

use crate::model::scenario::DayProfile;
use crate::units::Time;

/// The clock of a day profile, by inversion of the cumulative rate: a process of constant rate in operational time is
/// one of the rate of the profile on the clock. (Çinlar, "Introduction to Stochastic Processes", Prentice-Hall 1975,
/// chapter 4.)
///
/// Both times are whole nanoseconds. Part i of n ends at `floor((i + 1) * period / n)`; its length, times its rate
/// divided by the mean rate and rounded to the nearest nanosecond, is its operational length.
#[derive(Debug)]
pub(super) struct Day {
    parts: Vec<Part>,
    period: Time,
    /// The operational length of a whole period.
    operational: u64,
}

/// A span of constant rate; nanoseconds.
#[derive(Debug)]
struct Part {
    start: u64,
    length: u64,
    operational_start: u64,
    operational_length: u64,
}

impl Day {
    pub fn new(profile: &DayProfile) -> Day {
        let (count, sum) = (profile.shape.len() as u64, profile.shape.iter().sum::<f64>());
        let edge = |place: u64| (u128::from(profile.period.0) * u128::from(place) / u128::from(count)) as u64;
        let mut operational = 0u64;
        let part = |(place, share): (u64, &f64)| {
            let (start, length) = (edge(place), edge(place + 1) - edge(place));
            let times_mean = share / sum * count as f64;
            let operational_length = libm::round(length as f64 * times_mean) as u64;
            let operational_start = operational;
            operational = operational.saturating_add(operational_length);
            Part { start, length, operational_start, operational_length }
        };
        let parts = (0..).zip(&profile.shape).map(part).collect();
        Day { parts, period: profile.period, operational }
    }

    /// The instant at which this operational time has passed since t = 0.
    pub fn instant(&self, operational: u64) -> Time {
        let Some(periods) = operational.checked_div(self.operational) else { return Time::NEVER };
        let rest = operational % self.operational;
        // The last part that begins by then: parts without messages take no operational time.
        let next = self.parts.partition_point(|part| part.operational_start <= rest);
        let Some(part) = next.checked_sub(1).and_then(|place| self.parts.get(place)) else { return Time::NEVER };
        let within = u128::from(rest - part.operational_start) * u128::from(part.length);
        let within = within.checked_div(u128::from(part.operational_length)).unwrap_or(0) as u64;
        self.period.times(periods).plus(Time(part.start + within))
    }
}
