//! Messages that are pushed over connections on which packets are lost.

use super::arrival_process::{ArrivalProcess, Law};
use super::delay::DelayDistribution;
use super::expected::Expected;
use super::packets;
use super::push::pushed_except_latency;
use crate::model::metric::Metric;
use crate::model::scenario::{Loss, Scenario};

/// Poisson messages of one packet each, delivered in order. A message alone takes X: it is lost n times with
/// probability `(1 - p) p^n`, and then takes `D_n`, the geometric series of the timeouts. In order it arrives no
/// earlier than its predecessors: `P(L <= x) = F(x) exp(-λ ∫_x^∞ (1 - F(u)) du)`, the void probability of a Poisson
/// process of marked points. F is a step function, so the integral of the tail is a sum.
pub fn expected(scenario: &Scenario) -> Option<Expected> {
    let loss = scenario.network.loss?;
    let arrivals = ArrivalProcess::new(scenario)?;
    let mut out = pushed_except_latency(scenario)?;
    let Law::Poisson(rate) = arrivals.law else { return None };
    let wire = scenario.wire?;
    let p = loss.rate.as_f64();
    let is_plain = wire.tls.is_none() && !arrivals.latest && scenario.source.spread.is_none();
    let ends = loss.delay(30).as_secs_f64() * libm::pow(p, 30.0) <= 1e-6;
    let is_settled = scenario.window.warmup.as_secs_f64() >= 2.0 * loss.delay(6).as_secs_f64();
    if !is_plain || !ends || !is_settled || !packets::push_fits(scenario, &wire) {
        return None;
    }
    let delay = DelayDistribution::new(&scenario.network.down).mean;
    if !scenario.source.is_broadcast() {
        out.put(Metric::LatencyMean, delay + in_order_delay(&loss, rate));
    }
    out.put(Metric::PacketsLost, arrivals.created(scenario) * p / (1.0 - p));
    out.put(Metric::ConnectionsOpened, 0.0);
    // The messages held up at the edges of the window differ from run to run.
    out.leave_out(|metric| matches!(metric, Metric::MessagesPendingStart | Metric::MessagesPendingEnd));
    Some(out)
}

/// `∫_0^∞ (1 - P(L <= x)) dx`, over the steps of F.
fn in_order_delay(loss: &Loss, rate: f64) -> f64 {
    let p = loss.rate.as_f64();
    let delay = |losses: u64| loss.delay(losses).as_secs_f64();
    let steps: Vec<(f64, f64)> = (0..120).map(|n| (libm::pow(p, n as f64 + 1.0), delay(n + 1) - delay(n))).collect();
    let mut left: f64 = steps.iter().map(|(tail, length)| tail * length).sum();
    let mut sum = 0.0;
    for (tail, length) in steps {
        let growth = rate * tail * length;
        sum += length - (1.0 - tail) * libm::exp(-rate * left) * libm::expm1(growth) / (rate * tail);
        left -= tail * length;
        if tail < 1e-15 {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Probability, Time};

    /// A message without predecessors takes the geometric series: for p = 1/4 and no longest timeout
    /// `r p / (1 - 2 p)`.
    #[test]
    fn a_lone_packet_takes_the_geometric_series() {
        let rate = Probability::new(1, 4).unwrap();
        let loss = Loss { rate, timeout: Time::from_secs(1), max_timeout: Time(1 << 60) };
        assert!((in_order_delay(&loss, 1e-12) - 0.5).abs() < 1e-6);
        let capped = Loss { max_timeout: Time::from_secs(1), ..loss };
        assert!((in_order_delay(&capped, 1e-12) - 1.0 / 3.0).abs() < 1e-9);
        // The higher the rate, the longer they wait for each other.
        assert!(in_order_delay(&capped, 10.0) > in_order_delay(&capped, 1.0));
    }
}
