//! Whether a series has an initial transient that matters.

use super::mser::{Truncation, mser5};
use super::student::student_t_quantile;

/// Stretches of the steady part that the beginning is compared with, about. More of them would be shorter than the
/// correlation of the series, fewer have a wide interval.
const STRETCHES: usize = 20;
/// A bias below this fraction of the value is negligible.
const NEGLIGIBLE: f64 = 1e-4;

/// The transient of a series whose first observations are not used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transient {
    /// None that can be told from chance, or that matters.
    None,
    /// It ends before this observation.
    Until {
        /// Number of the first observation after it.
        observation: usize,
        /// What it adds to the mean of the used observations, as a fraction of the mean after it.
        bias: f64,
    },
    /// It reaches into the second half of the series.
    Unsettled,
}

/// What a bias of the mean must exceed to matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matters {
    /// The standard error of the mean, so that its interval no longer covers.
    BeyondError,
    /// Next to nothing.
    Always,
}

/// The transient of `series`, of which the first `skipped` observations are not used.
///
/// MSER-5 says where it ends. Noise moves that point about, so a stretch from `skipped` on, at most a twentieth of the rest
/// long, is compared with the stretches of the rest. It has to lie outside all of them, and outside the interval that a further
/// one leaves with the probability `chance` (Student's t). The used part before the point must bias the mean by more than
/// `matters` says. A series that ends at zero has no level to compare with, and no transient.
pub fn transient(series: &[f64], skipped: usize, chance: f64, matters: Matters) -> Transient {
    let test = Test { series, skipped, chance, matters };
    match mser5(series) {
        Truncation::TooShort => Transient::None,
        Truncation::NotSettled => match test.bias_before(series.len() / 2) {
            Some(_) => Transient::Unsettled,
            None => Transient::None,
        },
        Truncation::At(observation) => match test.bias_before(observation) {
            Some(bias) => Transient::Until { observation, bias },
            None => Transient::None,
        },
    }
}

/// A comparison of the beginning of the used part with its rest.
struct Test<'a> {
    series: &'a [f64],
    skipped: usize,
    chance: f64,
    matters: Matters,
}

impl Test<'_> {
    /// The bias from the observations before `end`, as a fraction, if it is significant and matters.
    fn bias_before(&self, end: usize) -> Option<f64> {
        let (early, rest) = (self.series.get(self.skipped..end)?, self.series.get(end..)?);
        let length = match self.matters {
            Matters::BeyondError => rest.len() / (STRETCHES + 1),
            // So short that nothing else makes it like the rest.
            Matters::Always => early.len().min(rest.len() / (STRETCHES + 1)),
        };
        if early.is_empty() || length == 0 {
            return None;
        }
        let (first, others) = self.series[self.skipped..].split_at(early.len().max(length));
        let stretches: Vec<f64> = others.chunks_exact(length).map(mean).collect();
        let (level, count) = (mean(&stretches), stretches.len() as f64);
        let squares: f64 = stretches.iter().map(|stretch| (stretch - level) * (stretch - level)).sum();
        let degrees = u32::try_from(stretches.len() - 1).unwrap_or(u32::MAX);
        let deviation = (squares / f64::from(degrees)).sqrt();

        let first = mean(&first[..length]);
        let most = student_t_quantile(1.0 - self.chance / 2.0, degrees) * deviation * (1.0 + 1.0 / count).sqrt();
        let is_outside =
            stretches.iter().all(|stretch| *stretch < first) || stretches.iter().all(|stretch| *stretch > first);
        if !is_outside || (first - level).abs() <= most {
            return None;
        }
        let share = early.len() as f64 / (early.len() + rest.len()) as f64;
        let bias = share * (mean(early) - mean(rest));
        let error = match self.matters {
            Matters::BeyondError => deviation / count.sqrt(),
            Matters::Always => 0.0,
        };
        let level = mean(rest).abs();
        if level > 0.0 && bias.abs() > error.max(NEGLIGIBLE * level) { Some(bias / level) } else { None }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random numbers in [0, 1), from a linear congruential generator.
    fn noise(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / f64::from(1 << 24)
        }
    }

    /// A value that remembers: a first-order autoregression about zero.
    fn correlated(seed: u64, length: usize, memory: f64) -> Vec<f64> {
        let (mut noise, mut value) = (noise(seed), 0.0);
        let mut next = || {
            value = memory * value + noise() - 0.5;
            value
        };
        (0..1000).for_each(|_| {
            next();
        });
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn a_ramp_after_the_skipped_part_is_found() {
        // Up to 100 at the 40th observation.
        let series: Vec<f64> = (0..1000_u32).map(|number| f64::from(number.min(40)) * 2.5).collect();
        let Transient::Until { observation, bias } = transient(&series, 30, 0.01, Matters::BeyondError) else {
            panic!("no transient");
        };
        assert_eq!(observation, 40);
        // Ten of 970 used observations are 75 to 97.5, on average 86.25.
        assert!((bias + 0.1375 * 10.0 / 970.0).abs() < 1e-12, "{bias}");
        assert_eq!(transient(&series, 40, 0.01, Matters::BeyondError), Transient::None);
        assert_eq!(transient(&series, 2000, 0.01, Matters::BeyondError), Transient::None);
        assert_eq!(transient(&series[..45], 30, 0.01, Matters::BeyondError), Transient::None);
    }

    #[test]
    fn a_trend_is_unsettled() {
        let series: Vec<f64> = (0..1000).map(f64::from).collect();
        assert_eq!(transient(&series, 10, 0.01, Matters::BeyondError), Transient::Unsettled);
    }

    #[test]
    fn zero_throughout_has_no_transient() {
        assert_eq!(transient(&[0.0; 500], 0, 0.01, Matters::Always), Transient::None);
        let ends: Vec<f64> = (0..500).map(|number| if number < 50 { 1.0 } else { 0.0 }).collect();
        assert_eq!(transient(&ends, 10, 0.01, Matters::Always), Transient::None);
    }

    #[test]
    fn what_no_interval_shows_need_not_matter() {
        let mut noise = noise(3);
        let series: Vec<f64> = (0..5000).map(|number| 100.0 + noise() + if number < 40 { 4.0 } else { 0.0 }).collect();
        // 30 of 4990 observations are 4 too high: 0.024; the standard error of the mean is 0.29 / √4990 = 0.0041.
        let early = transient(&series, 10, 0.01, Matters::BeyondError);
        assert!(matches!(early, Transient::Until { observation: 40..=50, bias } if bias > 0.0), "{early:?}");
        // Only 2 of them: 0.0016.
        assert_eq!(transient(&series, 38, 0.01, Matters::BeyondError), Transient::None);
    }

    /// Of steady series, correlated or not, few are said to have a transient, though MSER-5 cuts many.
    #[test]
    fn false_alarms_are_rare() {
        let (mut cuts, mut alarms) = (0, 0);
        for seed in 0..500 {
            for memory in [0.0, 0.5, 0.9, 0.98] {
                let series: Vec<f64> = correlated(seed, 2000, memory).iter().map(|value| value + 10.0).collect();
                cuts += u32::from(matches!(mser5(&series), Truncation::At(cut) if cut > 120));
                alarms += u32::from(transient(&series, 120, 0.01, Matters::BeyondError) != Transient::None);
            }
        }
        assert!(cuts > 50, "{cuts}");
        assert!(alarms <= 15, "{alarms}");
    }
}
