//! MSER-5: where the initial transient of a series ends.

/// Observations in a batch.
const BATCH: usize = 5;
/// Fewest batches of a series that is judged.
const FEWEST: usize = 10;

/// Where MSER-5 cuts a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truncation {
    /// The transient is this number of observations at the start, a multiple of five.
    At(usize),
    /// The minimum lies in the second half: the series is too short for its transient, or has no steady state.
    NotSettled,
    /// There are fewer than 50 observations.
    TooShort,
}

/// The truncation point of `series` by MSER-5: the d that minimises s²(d) / (n - d), where s² is the variance of the n
/// means of batches of five without the first d. This estimates the squared half-width of an interval of the mean of
/// the rest, so the d that it minimises balances bias against data. An incomplete last batch is left out.
///
/// White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69, 1997; White, Cobb
/// and Spratt, "A comparison of five steady-state truncation heuristics for simulation", Winter Simulation Conference
/// 2000. The last five batches are no candidates, as in Hoad, Robinson and Davies, "Automating warm-up length
/// estimation", J. Oper. Res. Soc. 61, 2010: a few batches that happen to be alike would win.
pub fn mser5(series: &[f64]) -> Truncation {
    let batches: Vec<f64> = series.chunks_exact(BATCH).map(|batch| batch.iter().sum::<f64>() / BATCH as f64).collect();
    if batches.len() < FEWEST {
        return Truncation::TooShort;
    }
    match truncation(&batches) {
        batch if batch * 2 > batches.len() => Truncation::NotSettled,
        batch => Truncation::At(batch * BATCH),
    }
}

/// The first d with the least sum of squares / (n - d)².
fn truncation(batches: &[f64]) -> usize {
    // From the end on, by Welford's updates: no difference of large sums loses the digits of a small variance.
    let (mut mean, mut squares) = (0.0, 0.0);
    let (mut best, mut least) = (0, f64::INFINITY);
    for (start, value) in batches.iter().enumerate().rev() {
        let count = (batches.len() - start) as f64;
        let deviation = value - mean;
        mean += deviation / count;
        squares += deviation * (value - mean);
        let statistic = squares / (count * count);
        if batches.len() - start > BATCH && statistic <= least {
            (best, least) = (start, statistic);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each value five times: the batches are these values.
    fn batched(values: &[f64]) -> Vec<f64> {
        values.iter().flat_map(|value| [*value; BATCH]).collect()
    }

    /// By the definition, without updates.
    fn naive(batches: &[f64]) -> usize {
        let statistic = |start: usize| {
            let rest = &batches[start..];
            let count = rest.len() as f64;
            let mean = rest.iter().sum::<f64>() / count;
            rest.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count / count
        };
        let candidates = 0..batches.len() - BATCH;
        candidates.min_by(|one, other| statistic(*one).total_cmp(&statistic(*other))).unwrap()
    }

    #[test]
    fn a_step_is_cut_where_it_ends() {
        // 4, 4 and ten times 1 ± 1: without the first two the mean is 1, the squares are 10, the statistic 10 / 100.
        // With one of them: mean 14 / 11, squares 10 + 90 / 11, statistic 0.150. With both: mean 1.5, squares 25, 0.174.
        let values = [4.0, 4.0, 0.0, 2.0, 0.0, 2.0, 0.0, 2.0, 0.0, 2.0, 0.0, 2.0];
        assert_eq!(mser5(&batched(&values)), Truncation::At(10));
        // Observations beyond the last batch do not count.
        let mut longer = batched(&values);
        longer.extend([1e9; 4]);
        assert_eq!(mser5(&longer), Truncation::At(10));
    }

    #[test]
    fn a_batch_is_a_mean_of_five() {
        // Means of 3 and then 0: each observation of the first batch differs.
        let mut series = vec![1.0, 2.0, 3.0, 4.0, 5.0];
        series.extend([-2.0, 2.0, 0.0, -1.0, 1.0].repeat(9));
        assert_eq!(mser5(&series), Truncation::At(5));
    }

    #[test]
    fn a_steady_series_is_not_cut() {
        assert_eq!(mser5(&batched(&[7.0; 12])), Truncation::At(0));
        let alternating = [1.0, -1.0].repeat(50);
        assert_eq!(mser5(&batched(&alternating)), Truncation::At(0));
        // Large values with a small variance.
        let large: Vec<f64> = alternating.iter().map(|value| 1e12 + value).collect();
        assert_eq!(mser5(&batched(&large)), Truncation::At(0));
    }

    #[test]
    fn a_series_that_does_not_settle_is_not_cut() {
        let trend: Vec<f64> = (0..40).map(f64::from).collect();
        assert_eq!(mser5(&batched(&trend)), Truncation::NotSettled);
        let late: Vec<f64> = (0..40).map(|batch| if batch < 21 { 9.0 } else { f64::from(batch % 2) }).collect();
        assert_eq!(mser5(&batched(&late)), Truncation::NotSettled);
        let half: Vec<f64> = (0..40).map(|batch| if batch < 20 { 9.0 } else { f64::from(batch % 2) }).collect();
        assert_eq!(mser5(&batched(&half)), Truncation::At(100));
    }

    #[test]
    fn a_short_series_is_not_judged() {
        assert_eq!(mser5(&[]), Truncation::TooShort);
        assert_eq!(mser5(&[1.0; 49]), Truncation::TooShort);
        assert_eq!(mser5(&[1.0; 50]), Truncation::At(0));
    }

    /// An exponential transient in noise, from a linear congruential generator.
    #[test]
    fn it_is_the_minimum_by_the_definition() {
        let mut state = 12345_u64;
        for length in [20, 64, 200] {
            for height in [0.0, 1.0, 5.0, 50.0] {
                let mut rest = height;
                let batches: Vec<f64> = (0..length)
                    .map(|_| {
                        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        rest *= 0.8;
                        rest + (state >> 40) as f64 / f64::from(1 << 24)
                    })
                    .collect();
                assert_eq!(truncation(&batches), naive(&batches), "{length} {height}");
                if height > 40.0 {
                    // Of the height, 0.8^d is left: below the noise after 15 to 30 batches.
                    assert!((10..35).contains(&truncation(&batches)) || length == 20, "{}", truncation(&batches));
                }
            }
        }
    }
}
