//! Every sampler against its closed form and against `rand_distr`, at significance 10^-4 a test.

use cometsim::random::{Exponential, Family, Geometric, Lognormal, Pareto, Purpose, TruncatedNormal, Uniform, Weibull};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::Distribution;

use super::statistics::{chi_square_p, one_sample_ks, two_sample_ks};

const SIGNIFICANCE: f64 = 1e-4;
const SIZE: usize = 200_000;
/// A second, in nanoseconds: rounding is far below what the tests can see.
const S: f64 = 1e9;

type Cdf = Box<dyn Fn(f64) -> f64>;

fn sample<T>(law: &impl Distribution<T>, rng: &mut impl Rng, value: impl Fn(T) -> f64) -> Vec<f64> {
    (0..SIZE).map(|_| value(law.sample(rng))).collect()
}

fn ours(law: &impl Distribution<u64>, rng: &mut impl Rng) -> Vec<f64> {
    sample(law, rng, |nanos: u64| nanos as f64)
}

fn phi(z: f64) -> f64 {
    0.5 * libm::erfc(-z * core::f64::consts::FRAC_1_SQRT_2)
}

/// A sample of every continuous law with the distribution function that it must have.
fn continuous(rng: &mut impl Rng) -> Vec<(&'static str, Vec<f64>, Cdf)> {
    let truncated = |mean: f64, sd: f64| -> Cdf {
        Box::new(move |x| (phi((x - mean) / sd) - phi(-mean / sd)) / (1.0 - phi(-mean / sd)))
    };
    vec![
        ("exponential", ours(&Exponential::new(0.08 * S), rng), Box::new(|x| 1.0 - libm::exp(-x / (0.08 * S)))),
        ("uniform", ours(&Uniform::new(1_000_000_000, 3_000_000_000), rng), Box::new(|x| (x - S) / (2.0 * S))),
        ("normal", ours(&TruncatedNormal::new(10.0 * S, S), rng), truncated(10.0 * S, S)),
        ("normal, cut a little", ours(&TruncatedNormal::new(S, S), rng), truncated(S, S)),
        ("half normal", ours(&TruncatedNormal::new(0.0, S), rng), truncated(0.0, S)),
        ("lognormal", ours(&Lognormal::new(S, 0.7), rng), Box::new(|x| phi(libm::log(x / S) / 0.7))),
        ("pareto", ours(&Pareto::new(S, 1.5), rng), Box::new(|x| 1.0 - libm::pow(S / x, 1.5))),
        ("weibull", ours(&Weibull::new(S, 1.7), rng), Box::new(|x| 1.0 - libm::exp(-libm::pow(x / S, 1.7)))),
        ("weibull, steep", ours(&Weibull::new(S, 0.6), rng), Box::new(|x| 1.0 - libm::exp(-libm::pow(x / S, 0.6)))),
    ]
}

fn assert_all_fit(rng: &mut impl Rng) {
    for (name, mut values, cdf) in continuous(rng) {
        let p = one_sample_ks(&mut values, cdf);
        assert!(p > SIGNIFICANCE, "{name}: p = {p:e}");
    }
}

#[test]
fn continuous_laws_fit_their_closed_forms() {
    assert_all_fit(&mut Family::new(2010, 0, Purpose::UpDelay).stream(0).rng());
}

/// The same samplers on another generator: what is tested is the sampler, not a match with its generator.
#[test]
fn continuous_laws_fit_on_another_generator() {
    assert_all_fit(&mut ChaCha8Rng::seed_from_u64(2010));
}

/// One draw of each of many streams, as a simulation takes them.
#[test]
fn continuous_laws_fit_across_streams() {
    let family = Family::new(2010, 0, Purpose::DownDelay);
    let law = Exponential::new(S);
    let mut values: Vec<f64> =
        (0..SIZE as u64).map(|client| law.from_bits(family.stream(client).at(17)) as f64).collect();
    let p = one_sample_ks(&mut values, |x| 1.0 - libm::exp(-x / S));
    assert!(p > SIGNIFICANCE, "p = {p:e}");
}

/// The tests can tell: parameters that are 2 % off are rejected.
#[test]
fn slightly_wrong_laws_are_rejected() {
    let mut rng = Family::new(2010, 0, Purpose::UpDelay).stream(0).rng();
    let mut values = ours(&Exponential::new(1.02 * S), &mut rng);
    assert!(one_sample_ks(&mut values, |x| 1.0 - libm::exp(-x / S)) < SIGNIFICANCE);
    let mut values = ours(&TruncatedNormal::new(S, S), &mut rng);
    assert!(one_sample_ks(&mut values, |x| phi((x - S) / S)) < SIGNIFICANCE, "the cut matters");
    let mut values = ours(&Geometric::new(0.3), &mut rng);
    let mut wrong = ours(&Geometric::new(0.306), &mut rng);
    assert!(two_sample_ks(&mut values, &mut wrong) < SIGNIFICANCE);
    assert!(geometric_p(0.3, 0.306) < SIGNIFICANCE);
}

/// Chi-square of gaps drawn with `drawn` against the law of `expected`, cells 1, 2, … with at least 50 expected, then the
/// rest.
fn geometric_p(drawn: f64, expected: f64) -> f64 {
    let (law, stream) = (Geometric::new(drawn), Family::new(2010, 0, Purpose::Arrivals).stream(0));
    let n = SIZE as f64;
    let expect = |k: usize| n * expected * libm::pow(1.0 - expected, (k - 1) as f64);
    let cells = (1..SIZE).take_while(|&k| expect(k) >= 50.0).count();
    let mut counts = vec![0.0; cells + 1];
    for i in 0..SIZE as u64 {
        counts[(law.from_bits(stream.at(i)) as usize - 1).min(cells)] += 1.0;
    }
    let rest = n * libm::pow(1.0 - expected, cells as f64);
    let expectations = (1..=cells).map(expect).chain([rest]);
    let statistic = counts.iter().zip(expectations).map(|(c, e): (&f64, f64)| (c - e) * (c - e) / e).sum();
    chi_square_p(statistic, cells)
}

#[test]
fn gaps_fit_the_geometric_law() {
    for p in [15.0 / 999.0, 0.1, 0.3, 0.5, 0.9] {
        assert!(geometric_p(p, p) > SIGNIFICANCE, "{p}: p = {:e}", geometric_p(p, p));
    }
    let mut rare = ours(&Geometric::new(1e-6), &mut Family::new(2010, 1, Purpose::Arrivals).stream(0).rng());
    let p = one_sample_ks(&mut rare, |k| 1.0 - libm::exp(k * libm::log1p(-1e-6)));
    assert!(p > SIGNIFICANCE, "rare: p = {p:e}");
}

/// `rand_distr` draws by other methods (ziggurat, rejection), from another generator.
#[test]
fn samplers_agree_with_rand_distr() {
    let rng = &mut Family::new(2010, 0, Purpose::Hit).stream(1).rng();
    let other = &mut ChaCha8Rng::seed_from_u64(1);
    let same = |x: f64| x;
    let normal = |other: &mut ChaCha8Rng| -> Vec<f64> {
        let law = rand_distr::Normal::new(S, S).unwrap();
        law.sample_iter(other).filter(|&x: &f64| x >= 0.0).take(SIZE).collect()
    };
    let pairs = [
        ("exponential", ours(&Exponential::new(S), rng), sample(&rand_distr::Exp::new(1.0 / S).unwrap(), other, same)),
        (
            "uniform",
            ours(&Uniform::new(5, 3_000_000_000), rng),
            sample(&rand_distr::Uniform::new(5.0, 3e9).unwrap(), other, same),
        ),
        ("normal", ours(&TruncatedNormal::new(S, S), rng), normal(other)),
        (
            "lognormal",
            ours(&Lognormal::new(S, 0.7), rng),
            sample(&rand_distr::LogNormal::new(libm::log(S), 0.7).unwrap(), other, same),
        ),
        ("pareto", ours(&Pareto::new(S, 1.5), rng), sample(&rand_distr::Pareto::new(S, 1.5).unwrap(), other, same)),
        ("weibull", ours(&Weibull::new(S, 1.7), rng), sample(&rand_distr::Weibull::new(S, 1.7).unwrap(), other, same)),
        (
            "geometric",
            ours(&Geometric::new(0.015), rng),
            sample(&rand_distr::Geometric::new(0.015).unwrap(), other, |k: u64| (k + 1) as f64),
        ),
    ];
    for (name, mut a, mut b) in pairs {
        let p = two_sample_ks(&mut a, &mut b);
        assert!(p > SIGNIFICANCE, "{name}: p = {p:e}");
    }
}
