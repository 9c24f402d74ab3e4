//! Messages at uneven rates: all times of a run at once.

use cometsim::model::scenario::{DayProfile, Spread};
use cometsim::units::{Rate, Time};

use super::world::World;

impl World<'_> {
    /// The mean gap of a process, in nanoseconds: the clients share the rates of all unevenly.
    pub fn mean_gap(&self, recipient: Option<u32>, rate: Rate) -> f64 {
        let mean = rate.mean_gap_nanos();
        let (Some(client), Some(spread)) = (recipient, self.scenario.source.spread) else { return mean };
        let weight = match spread {
            Spread::Zipf(exponent) => {
                let power = |client: u32| libm::pow(f64::from(client + 1), -exponent);
                let all: f64 = (0..self.population).map(power).sum();
                power(client) * (f64::from(self.population) / all)
            }
            Spread::Lognormal(sigma) => {
                let z = self.draws.normal_of_client(client);
                libm::exp(sigma * (z - sigma / 2.0))
            }
        };
        mean / weight
    }

    /// Messages of a bursty process: for each ON period those that fall into it, message `i` of period `j` by the draw
    /// `j * 2^32 + i`.
    pub fn burst_times(&self, recipient: Option<u32>, on: Time, off: Time, rate: Rate) -> Vec<u64> {
        self.burst_times_at(recipient, on, off, self.mean_gap(recipient, rate))
    }

    /// The same for a mean gap in nanoseconds.
    pub fn burst_times_at(&self, recipient: Option<u32>, on: Time, off: Time, mean_gap: f64) -> Vec<u64> {
        let mut times = Vec::new();
        let begins_on = self.draws.source_phase(recipient, on.0 + off.0) < on.0;
        let mut end = 0;
        for period in 0u64.. {
            let is_first_half = period == 0 && begins_on;
            let start = end + if is_first_half { 0 } else { self.draws.burst_period(recipient, false, period, off.0) };
            if start >= self.horizon {
                break;
            }
            end = start + self.draws.burst_period(recipient, true, period, on.0);
            let mut time = start;
            for message in 0.. {
                time += self.draws.exponential_gap(recipient, (period << 32) + message, mean_gap);
                if time >= end || time >= self.horizon {
                    break;
                }
                times.push(time);
            }
        }
        times
    }

    /// Messages of a day profile: each gap is used up part by part.
    pub fn day_times(&self, recipient: Option<u32>, profile: &DayProfile) -> Vec<u64> {
        let mean_gap = self.mean_gap(recipient, profile.rate);
        let count = profile.shape.len();
        let sum: f64 = profile.shape.iter().sum();
        let edge = |part: usize| (u128::from(profile.period.0) * part as u128 / count as u128) as u64;
        // For each part its start and length, and how long it lasts at the mean rate.
        let parts: Vec<(u64, u64, u64)> = (0..count)
            .map(|part| {
                let length = edge(part + 1) - edge(part);
                (edge(part), length, (length as f64 * (profile.shape[part] / sum * count as f64)).round() as u64)
            })
            .collect();
        let mut times = Vec::new();
        // Of the part that the clock is in: its day, its number, and how much of it is used up at the mean rate.
        let (mut day, mut part, mut used) = (0, 0, 0);
        for index in 0.. {
            used += self.draws.exponential_gap(recipient, index, mean_gap);
            while used >= parts[part].2 {
                used -= parts[part].2;
                part += 1;
                if part == count {
                    (day, part) = (day + 1, 0);
                }
                if day * profile.period.0 >= self.horizon {
                    return times;
                }
            }
            let (start, length, lasts) = parts[part];
            let within = (u128::from(used) * u128::from(length) / u128::from(lasts)) as u64;
            let time = day * profile.period.0 + start + within;
            if time >= self.horizon {
                break;
            }
            times.push(time);
        }
        times
    }
}
