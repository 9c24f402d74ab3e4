//! Whether the 95 % intervals of differences and ratios of two sides cover the truth as often as they say, and whether
//! pairing is worth what it says.
//!
//! Each case is repeated with 500 fixed seeds. An interval that covers with 95 % covers between 91 and 98.6 % of them in
//! all but one of 10,000 cases; the seeds are fixed, so that the test gives the same answer every time.

use cometsim::model::scenario::{Scenario, ShortPoll};
use cometsim::model::{Metric, simulate};
use cometsim::runner::Group;
use cometsim::stats::{Contrast, Histogram, Jackknifed, Packed, PooledQuantile, Ratio, without_each};
use cometsim::units::Time;

pub const SEEDS: u64 = 500;
pub const BAND: std::ops::RangeInclusive<f64> = 0.91..=0.986;

/// A sequence of random numbers (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
pub struct Sequence(pub u64);

impl Sequence {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn exponential(&mut self, mean: f64) -> f64 {
        -libm::log(1.0 - self.uniform()) * mean
    }
}

/// Which intervals covered the truth.
#[derive(Default)]
struct Covered {
    difference: u64,
    ratio: u64,
}

impl Covered {
    fn note(&mut self, found: &Contrast, (one, other): (f64, f64)) {
        self.difference += u64::from(found.difference_interval.is_some_and(|ends| ends.contains(one - other)));
        self.ratio += u64::from(found.ratio_interval.is_some_and(|ends| ends.contains(one / other)));
    }

    #[track_caller]
    fn check(&self, what: &str) {
        for (kind, count) in [("difference", self.difference), ("ratio", self.ratio)] {
            let share = count as f64 / SEEDS as f64;
            assert!(BAND.contains(&share), "{what}: the {kind} is covered by {share}");
        }
    }
}

/// Means of values that both sides share in part.
fn means(sequence: &mut Sequence, replications: usize, shares: bool) -> [Jackknifed; 2] {
    let mut values = [Vec::new(), Vec::new()];
    for _ in 0..replications {
        let common = sequence.exponential(4.0);
        values[0].push(Some(common + sequence.exponential(1.0) + 5.0));
        let other = if shares { common } else { sequence.exponential(4.0) };
        values[1].push(Some(other + sequence.exponential(2.0) + 1.0));
    }
    values.map(|values| Jackknifed::of_mean(values.into_iter()).unwrap())
}

#[test]
fn means_are_covered_paired_and_independent() {
    for replications in [10, 20, 40] {
        let (mut paired, mut independent) = (Covered::default(), Covered::default());
        let mut saved = 0.0;
        for seed in 0..SEEDS {
            let mut sequence = Sequence(seed << 8);
            let [one, other] = means(&mut sequence, replications, true);
            let found = Contrast::paired(&one, &other);
            saved += found.saved.unwrap() / SEEDS as f64;
            paired.note(&found, (10.0, 7.0));
            let [one, other] = means(&mut sequence, replications, false);
            independent.note(&Contrast::independent(&one, &other), (10.0, 7.0));
        }
        paired.check(&format!("{replications} paired means"));
        independent.check(&format!("{replications} independent means"));
        // Variances 16 + 1 and 16 + 4 against 1 + 4; with few replications the mean of such quotients is larger.
        assert!(replications < 40 || (6.5..=9.5).contains(&saved), "pairing saves {saved}, not 37/5");
    }
}

#[test]
fn ratios_of_ratios_are_covered() {
    for replications in [10, 20] {
        let mut covered = Covered::default();
        for seed in 0..SEEDS {
            let mut sequence = Sequence(seed << 8 | 1);
            let mut parts = [Vec::new(), Vec::new()];
            for _ in 0..replications {
                let count = 20 + (sequence.uniform() * 20.0) as u128;
                let sums = [3.0, 2.0].map(|mean| (0..count).map(|_| sequence.exponential(mean)).sum::<f64>());
                for (parts, sum) in parts.iter_mut().zip(sums) {
                    parts.push(Ratio { above: (sum * 1e9) as u128, below: count });
                }
            }
            let [one, other] = parts.map(|parts| without_each(&parts).unwrap().in_unit(1e9, 0.0));
            covered.note(&Contrast::paired(&one, &other), (3.0, 2.0));
        }
        covered.check(&format!("ratios from {replications} replications"));
    }
}

#[test]
fn quantiles_are_covered() {
    for p in [0.5, 0.95] {
        let mut covered = Covered::default();
        for seed in 0..SEEDS {
            let mut sequence = Sequence(seed << 8 | 2);
            let mut pooled = [Histogram::new(), Histogram::new()];
            let mut parts = [Vec::new(), Vec::new()];
            for _ in 0..20 {
                let mut both = [Histogram::new(), Histogram::new()];
                for _ in 0..60 {
                    let common = sequence.exponential(1e9);
                    both[0].record(common as u64);
                    both[1].record((0.5 * common) as u64 + (sequence.uniform() * 10.0) as u64);
                }
                for ((pooled, parts), one) in pooled.iter_mut().zip(&mut parts).zip(both) {
                    pooled.merge(&one);
                    parts.push(Packed::from(&one));
                }
            }
            let quantile = |side: usize| PooledQuantile::of(&pooled[side], parts[side].iter(), p)?.without_each();
            let (one, other) = (quantile(0).unwrap(), quantile(1).unwrap());
            let truth = -libm::log(1.0 - p) * 1e9;
            let found = Contrast::paired(&one, &other);
            covered.note(&found, (truth, truth / 2.0));
            // One side is half of the other in every replication.
            let ratio = found.ratio_interval.unwrap();
            assert!(ratio.contains(2.0), "{ratio:?}");
        }
        // The ratio is known to the resolution, and covered every time.
        let share = covered.difference as f64 / SEEDS as f64;
        assert!(BAND.contains(&share), "quantile {p}: the difference is covered by {share}");
    }
}

#[test]
fn the_standard_error_of_a_linearised_quantile_is_that_of_its_interval() {
    let mut sequence = Sequence(9);
    let mut pooled = Histogram::new();
    let mut parts = Vec::new();
    for _ in 0..10 {
        let mut one = Histogram::new();
        (0..500).for_each(|_| one.record(sequence.exponential(1e9) as u64));
        pooled.merge(&one);
        parts.push(Packed::from(&one));
    }
    let quantile = PooledQuantile::of(&pooled, parts.iter(), 0.9).unwrap();
    let half = quantile.estimate(0.95).half_width().unwrap();
    let error = quantile.without_each().unwrap().standard_error();
    assert!((error * cometsim::stats::student_t_quantile(0.975, 9) / half - 1.0).abs() < 1e-9);
}

/// Short polls every 4 and every 5 s: the messages are the same, and the latency is uniform up to the interval.
#[test]
fn simulated_transports_are_covered() {
    let scenario = |interval: u64, seed: u64| {
        let mut scenario = Scenario::new(40, ShortPoll::every(Time::from_secs(interval)));
        scenario.window.warmup = Time::from_secs(30);
        scenario.window.duration = Time::from_secs(120);
        scenario.window.bin = Time::from_secs(30);
        scenario.seed = seed;
        scenario
    };
    let metrics = [Metric::LatencyMean, Metric::LatencyP95];
    let mut covered = metrics.map(|_| Covered::default());
    for seed in 0..SEEDS {
        let [one, other] = [5, 4].map(|interval| {
            let scenario = scenario(interval, seed);
            let totals: Vec<_> = (0..10).map(|r| simulate(&scenario, r, 0..scenario.population())).collect();
            Group::of(&scenario, &totals).unwrap()
        });
        for ((covered, metric), part) in covered.iter_mut().zip(metrics).zip([0.5, 0.95]) {
            let sides = [&one, &other].map(|group| group.jackknifed(None, metric).expect("enough messages"));
            covered.note(&Contrast::paired(sides[0], sides[1]), (5.0 * part, 4.0 * part));
        }
    }
    for (covered, metric) in covered.iter().zip(metrics) {
        covered.check(metric.name());
    }
}
