//! An interrupted Poisson process: exponential ON and OFF periods, Poisson messages while ON.
//!
//! From an independent time on, `P(no message within t) = a e^(-r t) + b e^(-s t)`: Kuczura, "The interrupted
//! Poisson process as an overflow process", Bell System Technical Journal 52(3), 1973, shows that its gaps are of two
//! exponential phases. With rate λ and mean periods 1/α (ON) and 1/β (OFF), r and s solve
//! `x² - (λ + α + β) x + λ β = 0`; a and b follow from `P = 1` and `-dP/dt = λ β / (α + β)` at t = 0.

use super::arrival_gaps::newest_in_gap;

/// The process as one client sees it; seconds.
#[derive(Clone, Copy, Debug)]
pub struct InterruptedPoisson {
    /// Messages per second while ON.
    rate: f64,
    /// The share of time that is ON.
    share: f64,
    /// Weight and rate of the fast phase, and of the slow one.
    pub phases: [(f64, f64); 2],
}

impl InterruptedPoisson {
    /// Messages at `rate` per second while ON, mean periods in seconds.
    pub fn new(rate: f64, on: f64, off: f64) -> InterruptedPoisson {
        let (alpha, beta) = (1.0 / on, 1.0 / off);
        let sum = rate + alpha + beta;
        let fast = f64::midpoint(sum, libm::sqrt(sum * sum - 4.0 * rate * beta));
        // The product of the roots loses no digits, as their difference would.
        let slow = rate * beta / fast;
        let share = beta / (alpha + beta);
        let weight = (rate * share - slow) / (fast - slow);
        InterruptedPoisson { rate, share, phases: [(weight, fast), (1.0 - weight, slow)] }
    }

    /// Messages per second in the long run.
    pub fn mean_rate(&self) -> f64 {
        self.rate * self.share
    }

    /// `P(no message within `span` seconds)`, from an independent time on.
    pub fn none_within(&self, span: f64) -> f64 {
        self.phases.iter().map(|(weight, rate)| weight * libm::exp(-rate * span)).sum()
    }

    /// `∫ P(no message within t) dt`: the mean age of the newest message, because the process is reversible.
    pub fn newest_age(&self) -> f64 {
        self.phases.iter().map(|(weight, rate)| weight / rate).sum()
    }

    /// The mean age of the newest message within a gap, counted only if there is one.
    pub fn newest_in_gap(&self, gap: f64) -> f64 {
        self.phases.iter().map(|(weight, rate)| weight * newest_in_gap(*rate, gap)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(actual: f64, wanted: f64, relative: f64) {
        assert!((actual - wanted).abs() <= relative * wanted.abs(), "{actual} against {wanted}");
    }

    #[test]
    fn almost_always_on_is_poisson() {
        let bursts = InterruptedPoisson::new(2.0, 1e9, 1e-3);
        close(bursts.mean_rate(), 2.0, 1e-9);
        close(bursts.none_within(1.5), libm::exp(-3.0), 1e-6);
        close(bursts.newest_age(), 0.5, 1e-6);
        close(bursts.newest_in_gap(1.5), newest_in_gap(2.0, 1.5), 1e-6);
    }

    /// Periods far longer than the span: either ON all the time or OFF all the time.
    #[test]
    fn long_periods_are_a_mixture() {
        let bursts = InterruptedPoisson::new(1.0, 1e8, 3e8);
        close(bursts.mean_rate(), 0.25, 1e-12);
        close(bursts.none_within(2.0), 0.75 + 0.25 * libm::exp(-2.0), 1e-6);
    }

    /// The differential equation of the state, by small steps.
    #[test]
    fn the_two_phases_solve_the_equation() {
        let (rate, on, off) = (3.0, 2.0, 5.0);
        let bursts = InterruptedPoisson::new(rate, on, off);
        let (mut is_on, mut is_off) = (on / (on + off), off / (on + off));
        let steps = 200_000;
        for _ in 0..steps {
            let step = 4.0 / f64::from(steps);
            let (falls, rises) = (is_on / on * step, is_off / off * step);
            is_on += rises - falls - rate * is_on * step;
            is_off += falls - rises;
        }
        close(bursts.none_within(4.0), is_on + is_off, 1e-4);
    }
}
