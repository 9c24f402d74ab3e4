//! Tests of fit that return p-values.

/// P(Z > z) for the standard normal law.
pub fn normal_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z * core::f64::consts::FRAC_1_SQRT_2)
}

/// The two-sided p-value of a standard normal statistic.
pub fn two_sided(z: f64) -> f64 {
    2.0 * normal_tail(z.abs())
}

/// The two-sided p-value of a chi-square statistic, by the cube root of Wilson and Hilferty (1931): small too when the
/// fit is better than chance allows.
pub fn chi_square_p(statistic: f64, degrees: usize) -> f64 {
    let spread = 2.0 / (9.0 * degrees as f64);
    two_sided((libm::cbrt(statistic / degrees as f64) - (1.0 - spread)) / spread.sqrt())
}

/// Chi-square p-value of counts against equal probabilities.
pub fn uniform_p(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    let statistic = counts.iter().map(|&c| (c as f64 - expected).powi(2) / expected).sum();
    chi_square_p(statistic, counts.len() - 1)
}

/// The tail of Kolmogorov's law at a distance between distributions, for the effective sample size `n` (Stephens 1970).
pub fn kolmogorov_p(distance: f64, n: f64) -> f64 {
    let x = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * distance;
    if x < 0.3 {
        return 1.0;
    }
    let term = |k: i32| f64::from(1 - 2 * ((k + 1) % 2)) * (-2.0 * f64::from(k * k) * x * x).exp();
    (2.0 * (1..=50).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

/// Kolmogorov-Smirnov p-value of a sample against a continuous distribution function.
pub fn one_sample_ks(sample: &mut [f64], cdf: impl Fn(f64) -> f64) -> f64 {
    sample.sort_unstable_by(f64::total_cmp);
    let n = sample.len() as f64;
    let distance = sample.iter().enumerate().fold(0.0, |worst: f64, (i, &x)| {
        let exact = cdf(x);
        worst.max(exact - i as f64 / n).max((i + 1) as f64 / n - exact)
    });
    kolmogorov_p(distance, n)
}

/// Kolmogorov-Smirnov p-value that two samples have one law; ties make it cautious.
#[allow(clippy::many_single_char_names, reason = "the usual names of two samples and their indices")]
pub fn two_sample_ks(a: &mut [f64], b: &mut [f64]) -> f64 {
    a.sort_unstable_by(f64::total_cmp);
    b.sort_unstable_by(f64::total_cmp);
    let (mut i, mut j, mut distance) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        i += a[i..].iter().take_while(|&&v| v <= x).count();
        j += b[j..].iter().take_while(|&&v| v <= x).count();
        distance = distance.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    let size = (a.len() * b.len()) as f64 / (a.len() + b.len()) as f64;
    kolmogorov_p(distance, size)
}

#[test]
fn critical_values_are_those_of_tables() {
    // Chi-square at 5 % and 0.1 % (one-sided), Kolmogorov at 5 %, 1 % and 0.01 %.
    for (statistic, degrees, p) in [(293.247, 255, 0.05), (103.442, 63, 0.001), (79.082, 60, 0.05)] {
        assert!((chi_square_p(statistic, degrees) / (2.0 * p) - 1.0).abs() < 0.03, "{statistic}");
    }
    for (x, p) in [(1.3581, 0.05), (1.6276, 0.01), (2.2253, 0.0001)] {
        assert!((kolmogorov_p(x / 1e6, 1e12) / p - 1.0).abs() < 0.001, "{x}");
    }
}
