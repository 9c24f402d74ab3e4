//! Weights of the rates of the clients.

use crate::model::comers;
use crate::model::scenario::{Scenario, Spread};
use crate::random::{Family, Purpose, inverse_normal_cdf, open_unit};

/// The weight of each client's rate.
#[derive(Debug)]
pub(super) enum Weights {
    /// `(k + 1)^-exponent * scale`.
    Zipf { exponent: f64, scale: f64 },
    /// `exp(sigma Z - sigma² / 2)`.
    Lognormal { sigma: f64, draws: Family },
}

impl Weights {
    pub fn new(spread: Spread, scenario: &Scenario, replication: u32) -> Weights {
        let clients = comers::population(scenario, replication);
        match spread {
            Spread::Zipf(exponent) => {
                Weights::Zipf { exponent, scale: f64::from(clients) / harmonic(clients, exponent) }
            }
            Spread::Lognormal(sigma) => {
                Weights::Lognormal { sigma, draws: Family::new(scenario.seed, replication, Purpose::Spread) }
            }
        }
    }

    /// The weight of a client, by its number in the whole population; above zero, so that a gap divided by it is a
    /// number.
    pub fn of(&self, client: u64) -> f64 {
        let weight = match self {
            Weights::Zipf { exponent, scale } => libm::pow((client + 1) as f64, -exponent) * scale,
            Weights::Lognormal { sigma, draws } => {
                // As in the samplers, the draw is the probability of a larger value.
                let z = -inverse_normal_cdf(open_unit(draws.stream(client).at(0)));
                libm::exp(sigma * (z - sigma / 2.0))
            }
        };
        weight.max(f64::MIN_POSITIVE)
    }
}

/// Terms that are added one by one.
const TERMS: u32 = 128;

/// `1 + 2^-s + … + count^-s`: the first terms one by one, the rest by the formula of Euler and Maclaurin to the third
/// derivative, whose error is below the last digit of the sum. So the time does not grow with the population.
fn harmonic(count: u32, exponent: f64) -> f64 {
    let power = |k: f64| libm::pow(k, -exponent);
    let first = (1..=count.min(TERMS)).fold(0.0, |sum, k| sum + power(f64::from(k)));
    let (from, to) = (f64::from(TERMS), f64::from(count));
    if count <= TERMS || power(from) == 0.0 {
        return first;
    }
    // The integral of x^-s, written so that s = 1 is a special case only in the division.
    let (ratio, rise) = (libm::log(to / from), 1.0 - exponent);
    let integral = power(from) * from * if rise == 0.0 { ratio } else { libm::expm1(rise * ratio) / rise };
    let slope = |x: f64| -exponent * power(x) / x;
    let third = |x: f64| slope(x) * (exponent + 1.0) * (exponent + 2.0) / (x * x);
    first + integral + (power(to) - power(from)) / 2.0 + (slope(to) - slope(from)) / 12.0
        - (third(to) - third(from)) / 720.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_long_sum_is_the_sum_term_by_term() {
        for exponent in [0.0, 0.3, 0.7, 1.0, 1.0 + 1e-9, 1.2, 2.0, 5.0, 40.0] {
            for count in [1, 2, TERMS, TERMS + 1, 1000, 300_000] {
                // From the smallest to the largest, so that the comparison loses few digits.
                let exact = (1..=count).rev().fold(0.0, |sum, k| sum + libm::pow(f64::from(k), -exponent));
                let relative = harmonic(count, exponent) / exact - 1.0;
                assert!(relative.abs() < 2e-13, "{count} terms of {exponent}: {relative:e}");
            }
        }
        assert!((harmonic(4_000_000_000, 1.0) - 22.686_775_863_092_83).abs() < 1e-9);
        assert!((harmonic(u32::MAX, 1e300) - 1.0).abs() < 1e-15);
    }
}
