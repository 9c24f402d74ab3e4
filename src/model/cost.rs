//! The costs of a run, computed from its measurements.

use crate::model::bins::peak;
use crate::model::scenario::{Cost, Scenario};
use crate::model::totals::{Quotient, Totals};
use crate::stats::Ratio;
use crate::units::Time;

/// Rates or amounts of the work of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Requests.
    pub requests: f64,
    /// Checks.
    pub checks: f64,
    /// Bytes, both ways.
    pub bytes: f64,
    /// Pushes, keep-alives, and frames of clients.
    pub pushes: f64,
    /// Opened connections.
    pub handshakes: f64,
}

impl Cost {
    /// Processor time of this work, in seconds; of rates per second, the cores that are busy.
    pub(crate) fn cores(&self, work: Work) -> f64 {
        work.requests * self.cpu_per_request.as_secs_f64()
            + work.checks * self.cpu_per_check.as_secs_f64()
            + work.bytes * self.cpu_per_byte.as_secs_f64()
            + work.pushes * self.cpu_per_push.as_secs_f64()
            + work.handshakes * self.cpu_per_handshake.as_secs_f64()
    }

    /// The price of a day at this many busy cores and bytes per second to the clients.
    pub(crate) fn per_day(&self, cores: f64, bytes_down_per_second: f64) -> f64 {
        86_400.0 * bytes_down_per_second / 1e9 * self.price_per_gb + 24.0 * cores * self.price_per_core_hour
    }
}

impl Totals {
    /// The largest mean number of busy processor cores over one time bin; `None` without costs.
    pub(super) fn cores_peak(&self, scenario: &Scenario) -> Option<f64> {
        let work = self.served.work.as_ref()?;
        let bins = work.bins.iter().map(|nanos| (*nanos).into());
        let cores = |nanos: u128, width: Time| nanos as f64 / width.0 as f64;
        Some(peak(&scenario.window, bins, work.nanos.into(), cores))
    }

    /// The peak memory of the server, in bytes; `None` without costs.
    pub(super) fn memory_peak(&self, scenario: &Scenario) -> Option<f64> {
        let cost = scenario.cost.as_ref()?;
        let workers = scenario.server.pool.map_or(0, |pool| pool.workers);
        let fixed = cost.memory_base.0 as f64 + f64::from(workers) * cost.memory_per_worker.0 as f64;
        Some(fixed + self.served.memory.as_ref()?.peak() as f64)
    }

    /// The price of a day; `None` without costs.
    pub(super) fn cost_per_day(&self, scenario: &Scenario) -> Option<f64> {
        let duration = scenario.window.duration;
        let cores = self.served.work.as_ref()?.nanos as f64 / duration.0 as f64;
        let down = self.served.wire.map_or(self.http_down_bytes, |wire| wire.bytes_down);
        Some(scenario.cost.as_ref()?.per_day(cores, down as f64 / duration.as_secs_f64()))
    }

    /// The mean battery current of a phone: its idle current, and the charge of each time it wakes, over the time it is
    /// online.
    pub(super) fn phone_current(&self, scenario: &Scenario) -> Option<Quotient> {
        let radio = scenario.cost.as_ref()?.radio?;
        let everybody = || u128::from(scenario.population()) * u128::from(scenario.window.duration.0);
        let online = self.served.visits.map_or_else(everybody, |visits| visits.online_nanos);
        let ratio = Ratio { above: self.served.wakes?.into(), below: online };
        Some(Quotient { ratio, divisor: 1e-9 / radio.charge_mas, offset: radio.idle_ma })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    /// 100 requests a second of 1 ms, 50 checks of 2 ms, 1 MB of 10 ns a byte, 20 pushes of 3 ms and 5 handshakes of 4
    /// ms keep 0.1 + 0.1 + 0.01 + 0.06 + 0.02 cores busy. A day of it, with 10^5 B/s to the clients, sends 8.64 GB.
    #[test]
    fn work_and_price_add_up() {
        let cost = Cost {
            cpu_per_request: Time::from_millis(1),
            cpu_per_check: Time::from_millis(2),
            cpu_per_byte: Time(10),
            cpu_per_push: Time::from_millis(3),
            cpu_per_handshake: Time::from_millis(4),
            memory_per_connection: Bytes(0),
            memory_per_worker: Bytes(0),
            memory_base: Bytes(0),
            price_per_gb: 0.5,
            price_per_core_hour: 2.0,
            radio: None,
        };
        let cores = cost.cores(Work { requests: 100.0, checks: 50.0, bytes: 1e6, pushes: 20.0, handshakes: 5.0 });
        assert!((cores - 0.29).abs() < 1e-12);
        assert!((cost.per_day(cores, 1e5) - (8.64 * 0.5 + 24.0 * 0.29 * 2.0)).abs() < 1e-9);
    }
}
