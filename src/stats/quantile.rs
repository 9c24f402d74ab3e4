//! A quantile of all values of all replications together, and its confidence interval.

use super::histogram::{Histogram, Packed};
use super::{Estimate, Interval, student_t_quantile};

/// The quantile of order `p` of all values of the replications `parts`, whose sum is `pooled`, in the unit of the
/// values; `None` without a value.
///
/// The interval is Woodruff's ("Confidence intervals for medians and other position measures", JASA 47, 1952), with the
/// replications as clusters. Of N values in R replications let q be the quantile and F the fraction of values up to q.
/// In replication r, `A_r` of `n_r` values are up to q; `d_r = A_r - F n_r`. The standard error of F is
/// se = √(Σ `d_r²` / (R (R - 1))) / (N / R), and the ends are the order statistics of ranks ⌊(p - t se) N⌋ and
/// ⌈(p + t se) N⌉ with t = t((1 + `confidence`) / 2, R - 1). If the lower rank is below 1, the lower end is the smallest
/// value; if the upper rank is above N, there is no interval. If many values are equal, se is the larger of the standard
/// errors for values up to q and for values below q. The ends are bucket edges, so the width is never less than the
/// resolution.
pub fn pooled_quantile<'a>(
    pooled: &Histogram,
    parts: impl Iterator<Item = &'a Packed>,
    p: f64,
    confidence: f64,
) -> Option<Estimate> {
    let value = pooled.quantile(p)? as f64;
    let (mut replications, mut samples) = (0_u32, 0);
    let bucket = pooled.bucket_at(pooled.rank(p))?;
    let below = bucket.checked_sub(1);
    let shares = pooled.up_to([below.unwrap_or(0), bucket]);
    let count = pooled.count() as f64;
    let mut squares = [0.0; 2];
    for part in parts {
        replications += 1;
        samples += usize::from(part.count() > 0);
        let found = part.up_to([below.unwrap_or(0), bucket]);
        for ((square, found), share) in squares.iter_mut().zip(found).zip(shares) {
            let difference = found as f64 - share as f64 / count * part.count() as f64;
            *square += difference * difference;
        }
    }
    if below.is_none() {
        squares[0] = 0.0;
    }
    let interval = if replications < 2 {
        None
    } else {
        let runs = f64::from(replications);
        let error = (f64::max(squares[0], squares[1]) / (runs * (runs - 1.0))).sqrt() / (count / runs);
        let factor = student_t_quantile(f64::midpoint(1.0, confidence), replications - 1);
        ends(pooled, p, factor * error)
    };
    Some(Estimate { value, interval, samples })
}

/// The values at the ranks of `p` ± `margin`.
fn ends(pooled: &Histogram, p: f64, margin: f64) -> Option<Interval> {
    let count = pooled.count() as f64;
    let (low, high) = (libm::floor((p - margin) * count), libm::ceil((p + margin) * count));
    if high > count {
        return None;
    }
    let low = if low < 1.0 { pooled.min()? } else { pooled.edges_at(low as u64)?.0 };
    let high = pooled.edges_at(f64::max(high, 1.0) as u64)?.1;
    Some(Interval::between(low as f64, high as f64))
}
