//! What a run costs, computed from what it measured.

use crate::model::bins::BinTotals;
use crate::model::metric::Metric;
use crate::model::scenario::{Check, Cost, FirstCheck, Scenario, Transport};
use crate::model::totals::{Quotient, Totals};
use crate::stats::Ratio;
use crate::units::Time;

/// Rates of the work of a server, or amounts of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Requests.
    pub requests: f64,
    /// Looks for messages.
    pub checks: f64,
    /// HTTP bytes, both ways.
    pub bytes: f64,
}

impl Cost {
    /// Processor time of this work, in seconds; of rates per second, the cores that are busy.
    pub(crate) fn cores(&self, work: Work) -> f64 {
        work.requests * self.cpu_per_request.as_secs_f64()
            + work.checks * self.cpu_per_check.as_secs_f64()
            + work.bytes * self.cpu_per_byte.as_secs_f64()
    }

    /// The price of a day at this many busy cores and bytes per second to the clients.
    pub(crate) fn per_day(&self, cores: f64, bytes_down_per_second: f64) -> f64 {
        86_400.0 * bytes_down_per_second / 1e9 * self.price_per_gb + 24.0 * cores * self.price_per_core_hour
    }
}

impl Totals {
    /// A metric of what the run cost; `None` where the scenario does not ask for it.
    pub(super) fn cost(&self, metric: Metric, scenario: &Scenario) -> Option<f64> {
        let cost = scenario.cost.as_ref()?;
        let seconds = scenario.window.duration.as_secs_f64();
        let rates = Work {
            requests: self.requests as f64 / seconds,
            checks: self.checks as f64 / seconds,
            bytes: (self.http_up_bytes + self.http_down_bytes) as f64 / seconds,
        };
        match metric {
            Metric::ServerCoresMean => Some(cost.cores(rates)),
            Metric::ServerCoresPeak => self.cores_peak(cost, scenario),
            Metric::ServerMemoryBytesPeak => {
                let workers = scenario.server.pool.map_or(0, |pool| pool.workers);
                let waiting = self.served.pool.map_or(0, |pool| pool.queue_peak);
                let connections = self.metric(Metric::HeldRequestsPeak, scenario)? + waiting as f64;
                let fixed = cost.memory_base.0 as f64 + f64::from(workers) * cost.memory_per_worker.0 as f64;
                Some(fixed + connections * cost.memory_per_connection.0 as f64)
            }
            _ => Some(cost.per_day(cost.cores(rates), self.http_down_bytes as f64 / seconds)),
        }
    }

    /// The mean battery current of a phone: its idle current, and the charge of the requests of the time it is online.
    pub(super) fn phone_current(&self, scenario: &Scenario) -> Option<Quotient> {
        let radio = scenario.cost.as_ref()?.radio?;
        let everybody = || u128::from(scenario.population()) * u128::from(scenario.window.duration.0);
        let online = self.served.visits.map_or_else(everybody, |visits| visits.online_nanos);
        let ratio = Ratio { above: self.requests.into(), below: online };
        Some(Quotient { ratio, divisor: 1e-9 / radio.charge_mas, offset: radio.idle_ma })
    }
}

impl Totals {
    /// The most cores that are busy in a time bin; in a mix each population is looked at in its own way.
    fn cores_peak(&self, cost: &Cost, scenario: &Scenario) -> Option<f64> {
        if self.parts.is_empty() {
            return self.peak(&scenario.window, |bin| cost.cores(work_of(&bin, scenario)));
        }
        let mut sums: Vec<f64> = Vec::new();
        for (place, part) in self.parts.iter().enumerate() {
            let alone = scenario.of_population(place);
            let bins = part.bins.whole_bins(scenario.window.warmup);
            let cores: Vec<f64> = bins.map(|bin| cost.cores(work_of(&bin, &alone))).collect();
            sums.resize(cores.len(), 0.0);
            sums.iter_mut().zip(cores).for_each(|(sum, cores)| *sum += cores);
        }
        sums.into_iter().reduce(f64::max)
    }
}

/// The work in a time bin, per second. Checks are not counted by bins: a request that is held is looked at once in each
/// interval.
fn work_of(bin: &BinTotals, scenario: &Scenario) -> Work {
    let seconds = bin.width.as_secs_f64();
    let in_holds = |every: Time| bin.held_nanos as f64 / every.0 as f64;
    let checks = match &scenario.transport {
        Transport::ShortPoll(_) | Transport::AdaptivePoll(_) => bin.requests as f64,
        Transport::Streaming(_) | Transport::Sse(_) | Transport::WebSocket(_) => 0.0,
        Transport::LongPoll(poll) => match poll.check {
            Check::Every { every, first: FirstCheck::AfterSleep, .. } => in_holds(every),
            Check::Every { every, first: FirstCheck::OnArrival, .. } => bin.requests as f64 + in_holds(every),
            Check::Notify { .. } => 0.0,
        },
    };
    Work { requests: bin.requests as f64 / seconds, checks: checks / seconds, bytes: bin.http_bytes as f64 / seconds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    /// 100 requests a second of 1 ms, 50 checks of 2 ms and 1 MB of 10 ns a byte keep 0.1 + 0.1 + 0.01 cores busy. A day
    /// of it, with 10^5 B/s to the clients, sends 8.64 GB.
    #[test]
    fn work_and_price_add_up() {
        let cost = Cost {
            cpu_per_request: Time::from_millis(1),
            cpu_per_check: Time::from_millis(2),
            cpu_per_byte: Time(10),
            memory_per_connection: Bytes(0),
            memory_per_worker: Bytes(0),
            memory_base: Bytes(0),
            price_per_gb: 0.5,
            price_per_core_hour: 2.0,
            radio: None,
        };
        let cores = cost.cores(Work { requests: 100.0, checks: 50.0, bytes: 1e6 });
        assert!((cores - 0.21).abs() < 1e-12);
        assert!((cost.per_day(cores, 1e5) - (8.64 * 0.5 + 24.0 * 0.21 * 2.0)).abs() < 1e-9);
    }
}
