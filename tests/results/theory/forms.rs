//! The closed forms against published values and limits. No simulation is run.

use super::scenarios::{delays, every, notify, poisson, short, tick, tutorial_of_one};
use cometsim::model::metric::Metric;
use cometsim::model::scenario::*;
use cometsim::theory::{engset, erlang_b, erlang_c, expected, pollaczek_khinchine};
use cometsim::units::{Bytes, Time};

/// Asserts that two numbers agree to `relative`.
#[track_caller]
pub fn close(actual: f64, wanted: f64, relative: f64) {
    assert!((actual - wanted).abs() <= relative * wanted.abs().max(1e-300), "{actual} against {wanted}");
}

/// The value of a metric that must have a closed form.
#[track_caller]
pub fn value(scenario: &Scenario, metric: Metric) -> f64 {
    expected(scenario).get(metric).unwrap_or_else(|| panic!("no closed form of {}", metric.name()))
}

/// Asserts that `actual` rounds to the digits of `printed`.
#[track_caller]
fn prints(actual: f64, printed: &str) {
    let digits = printed.trim_start_matches("0.").trim_start_matches('0').replace('.', "").len();
    let shown = format!("{:.*e}", digits - 1, actual);
    close(shown.parse().unwrap(), printed.parse().unwrap(), 1e-12);
}

#[test]
fn the_tutorials_table_is_reproduced_to_all_digits() {
    let rows = [
        ((15, 999), ["0.298105", "46.7462", "23.3731", "0.0427842", "37.8656", "1.42471"]),
        ((1, 10), ["0.000218475", "9.99782", "4.99891", "0.200044", "178.238", "1.00022"]),
        ((1, 100), ["0.447523", "55.2477", "27.6238", "0.0362006", "31.9307", "1.81003"]),
        ((1, 1000), ["0.923079", "76.9206", "38.4603", "0.0260008", "22.6867", "13.0004"]),
    ];
    for (hit, printed) in rows {
        let mut scenario = tutorial_of_one(hit.0, hit.1);
        scenario.window.duration = Time::from_secs(400_000);
        let requests = value(&scenario, Metric::RequestsPerSecond);
        let columns = [
            value(&scenario, Metric::EmptyReplyFraction),
            value(&scenario, Metric::ServerChecksPerSecond) / requests,
            value(&scenario, Metric::HoldMean),
            requests,
            value(&scenario, Metric::HttpBytesPerSecond),
            value(&scenario, Metric::RequestsPerMessage),
        ];
        for (actual, printed) in columns.into_iter().zip(printed) {
            prints(actual, printed);
        }
        close(value(&scenario, Metric::HeldRequestsMean), 1.0, 1e-12);
        close(value(&scenario, Metric::LatencyMax), 0.0, 1e-12);
    }
}

#[test]
fn the_notified_table_is_reproduced_to_all_digits() {
    for (rate, printed) in [((1, 10), "0.0505"), ((1, 1), "0.0549759"), ((10, 1), "0.0865529")] {
        let mut scenario = tutorial_of_one(1, 10);
        scenario.source.arrivals = poisson(rate.0, rate.1);
        scenario.network = delays(50);
        scenario.transport = notify(79_000);
        scenario.window.duration = Time::from_secs(1_000_000);
        let mean = value(&scenario, Metric::LatencyMean);
        prints(mean, printed);
        let (d, x) = (0.05, 0.1 * rate.0 as f64 / rate.1 as f64);
        close(mean, d * (1.0 + x / (x + libm::exp(-x))), 1e-3);
        let per_reply =
            1.0 / value(&scenario, Metric::RequestsPerMessage) / (1.0 - value(&scenario, Metric::EmptyReplyFraction));
        close(per_reply, x + libm::exp(-x), 1e-3);
    }
}

#[test]
fn use_cases_are_exact() {
    for (clients, bytes) in [(1_000, 871_000.0), (10_000, 8_710_000.0), (100_000, 87_100_000.0)] {
        let mut scenario = tutorial_of_one(15, 999);
        scenario.clients.count = clients;
        scenario.source.payload = Bytes(0);
        scenario.transport = short(1000, Phase::Random);
        close(value(&scenario, Metric::HttpBytesPerSecond), bytes, 1e-15);
        close(value(&scenario, Metric::HttpMibitPerSecond), bytes * 8.0 / 1_048_576.0, 1e-15);
    }
}

#[test]
fn a_sure_hit_answers_at_the_first_check() {
    let mut scenario = tutorial_of_one(1, 1);
    close(1.0 - value(&scenario, Metric::EmptyReplyFraction), 1.0, 1e-15);
    close(value(&scenario, Metric::RequestsPerSecond), 2.0, 1e-12);
    scenario = tutorial_of_one(1, 7);
    scenario.transport = every(500, 1, FirstCheck::AfterSleep, 0);
    scenario.clients.start_within = Time::from_millis(500);
    close(value(&scenario, Metric::RequestsPerSecond), 2.0, 1e-12);
    close(value(&scenario, Metric::EmptyReplyFraction), 6.0 / 7.0, 1e-12);
}

#[test]
fn checking_on_arrival_follows_its_own_form() {
    let mut scenario = tutorial_of_one(1, 100);
    scenario.transport = every(500, 80, FirstCheck::OnArrival, 0);
    scenario.network = delays(100);
    scenario.clients.start_within = Time::from_secs(40);
    let q: f64 = 0.99;
    let hold = 0.5 * q * (1.0 - q.powi(80)) / 0.01;
    close(value(&scenario, Metric::HoldMean), hold, 1e-12);
    close(value(&scenario, Metric::RequestsPerSecond), 1.0 / (hold + 0.2), 1e-12);
}

#[test]
fn nothing_is_claimed_where_timeouts_can_fire() {
    let mut scenario = tutorial_of_one(1, 100);
    scenario.network = delays(20_000);
    assert!(!expected(&scenario).is_empty(), "at 80 s the reply has arrived");
    scenario.clients.timeout = Time(Time::from_secs(80).0 - 1);
    assert!(expected(&scenario).is_empty());
    scenario.network.up = Delay::Constant(Time::ZERO);
    scenario.clients.timeout = Time::from_secs(62);
    scenario.network.down = Delay::Exponential(Time::from_secs(1));
    assert!(!expected(&scenario).is_empty());
    scenario.network.down = Delay::Exponential(Time::from_millis(1100));
    assert!(expected(&scenario).is_empty());
}

#[test]
fn nothing_is_claimed_of_a_herd() {
    let mut scenario = tutorial_of_one(1, 1000);
    scenario.window = Window { warmup: Time::from_secs(120), duration: Time::from_secs(1800), ..scenario.window };
    assert!(!expected(&scenario).is_empty());
    scenario.clients.start_within = Time::from_secs(1);
    assert!(expected(&scenario).is_empty());
    scenario.clients.start_within = Time::from_secs(40);
    scenario.window.warmup = Time::from_secs(70);
    assert!(expected(&scenario).is_empty());
}

#[test]
fn a_pareto_delay_of_infinite_mean_leaves_no_mean() {
    let mut scenario = tutorial_of_one(1, 10);
    scenario.transport = short(1000, Phase::Random);
    scenario.clients.timeout = Time::LONGEST;
    scenario.network.down = Delay::Pareto { min: Time(1), shape: 1.0 };
    let forms = expected(&scenario);
    assert_eq!(forms.get(Metric::LatencyMean), None);
    assert_eq!(forms.get(Metric::RequestsPerSecond), Some(1.0));
    close(forms.get(Metric::LatencyP50).unwrap(), 2e-9, 1e-12);
}

#[test]
fn short_poll_latency_is_uniform_plus_the_delay() {
    let mut scenario = tutorial_of_one(1, 10);
    scenario.source.arrivals = poisson(3, 10);
    scenario.clients.count = 10;
    scenario.network = delays(50);
    scenario.transport = short(2000, Phase::Random);
    close(value(&scenario, Metric::LatencyMean), 1.05, 1e-12);
    close(value(&scenario, Metric::LatencyP95), 1.95, 1e-12);
    close(value(&scenario, Metric::EmptyReplyFraction), libm::exp(-0.6), 1e-12);
    let TransportConfig::ShortPoll(poll) = &mut scenario.transport else { unreachable!() };
    poll.pace = Pace::AfterReply;
    close(value(&scenario, Metric::LatencyMean), 1.1, 1e-12);
    close(value(&scenario, Metric::RequestsPerSecond), 10.0 / 2.1, 1e-3);
    assert_eq!(expected(&scenario).get(Metric::LatencyMax), None);
}

#[test]
fn ticks_and_polls_on_one_lattice_wait_a_discrete_time() {
    let mut scenario = tutorial_of_one(1, 10);
    scenario.source.arrivals = Arrivals::PerClient(tick(600, 10, Phase::At(Time::ZERO)));
    scenario.transport = short(1000, Phase::At(Time::ZERO));
    scenario.window = Window { warmup: Time::from_secs(30), duration: Time::from_secs(30_000), bin: Time(1) };
    close(value(&scenario, Metric::LatencyMean), 0.4, 1e-12);
    close(value(&scenario, Metric::LatencyMax), 0.8, 1e-12);
    close(value(&scenario, Metric::LatencyP50), 0.4, 1e-12);
    // Gaps of 1 s hold one or two trials, in the ratio 1 : 2.
    close(value(&scenario, Metric::EmptyReplyFraction), (0.9 + 2.0 * 0.81) / 3.0, 1e-12);
    scenario.source.arrivals = Arrivals::PerClient(tick(500, 10, Phase::At(Time::ZERO)));
    close(value(&scenario, Metric::LatencyMean), 0.25, 1e-12);
    assert_eq!(expected(&scenario).get(Metric::LatencyP50), None, "half of the waits are 0, half 0.5 s");
}

#[test]
fn the_window_of_a_fixed_phase_is_counted_poll_by_poll() {
    let mut scenario = tutorial_of_one(1, 10);
    scenario.transport = short(700, Phase::At(Time::from_millis(100)));
    scenario.window = Window { warmup: Time::from_secs(10), duration: Time::from_millis(3_210), bin: Time(1) };
    let polls = (0..100).map(|k| 100 + 700 * k).filter(|at| (10_000..13_210).contains(at)).count();
    close(value(&scenario, Metric::RequestsPerSecond), polls as f64 / 3.21, 1e-12);
}

#[test]
fn the_newest_message_of_a_poll_is_younger() {
    let mut scenario = tutorial_of_one(1, 10);
    scenario.source = Source { arrivals: poisson(2, 1), keep: Keep::Latest, ..scenario.source };
    scenario.transport = short(1000, Phase::Random);
    let empty = libm::exp(-2.0);
    close(value(&scenario, Metric::MessagesDelivered), 4000.0 * (1.0 - empty), 1e-12);
    close(value(&scenario, Metric::MessagesSuperseded), 4000.0 * (1.0 + empty), 1e-12);
    close(value(&scenario, Metric::LatencyMean), 0.5 - empty / (1.0 - empty), 1e-12);
    close(value(&scenario, Metric::AgeMean), 1.0, 1e-12);
}

#[track_caller]
fn assert_close(found: f64, known: f64) {
    assert!((found - known).abs() < 5e-7, "{found} is not {known}");
}

/// One server by hand, two servers by the balance equations, more servers from tables.
#[test]
fn the_formulas_of_queues_give_what_is_known() {
    assert_close(erlang_c(1, 0.7), 0.7);
    assert_close(erlang_c(2, 1.0), 1.0 / 3.0);
    assert_close(erlang_b(1, 0.5), 1.0 / 3.0);
    assert_close(erlang_b(2, 2.0), 0.4);
    assert_close(erlang_b(10, 5.0), 0.018_384_570);
    assert_close(engset(1, 1, 0.3), 0.0);
    assert_close(engset(2, 1, 0.5), 0.5 / 1.5);
    assert_close(engset(5, 5, 2.0), 0.0);
}

/// Engset by the balance equations of the birth-and-death process, as seen by the other clients.
#[test]
fn engset_solves_its_balance_equations() {
    for (clients, servers, load) in [(4, 2, 0.7), (10, 3, 0.2), (50, 5, 0.05)] {
        let others = f64::from(clients - 1);
        let mut weights = vec![1.0];
        for busy in 1..=servers {
            let last: f64 = weights[weights.len() - 1];
            weights.push(last * load * (others - f64::from(busy - 1)) / f64::from(busy));
        }
        let blocked = weights[weights.len() - 1] / weights.iter().sum::<f64>();
        assert_close(engset(clients, servers, load), blocked);
    }
}

/// M/M/1 has the mean wait `ρ² / λ (1 - ρ)`, M/D/1 half of it.
#[test]
fn the_wait_for_one_server_is_what_is_known() {
    let (rate, mean) = (0.8, 1.0);
    assert!((pollaczek_khinchine(rate, mean, 2.0) - 4.0).abs() < 1e-12);
    assert!((pollaczek_khinchine(rate, mean, 1.0) - 2.0).abs() < 1e-12);
}
