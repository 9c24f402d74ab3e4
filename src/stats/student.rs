//! Quantiles and tails of Student's t distribution.

use core::f64::consts::{FRAC_1_SQRT_2, PI};

/// From here on the expansion about the normal quantile is more exact than the continued fraction.
const MANY_DEGREES: u32 = 1000;

/// The quantile of Student's t distribution: the t with P(T <= t) = `p` for a whole number of degrees of freedom.
///
/// Relative error below 10^-9 for 0.5 < `p` < 1. Minus infinity for `p` <= 0, infinity for `p` >= 1, and NaN for 0
/// degrees or if `p` is NaN.
pub fn student_t_quantile(p: f64, degrees: u32) -> f64 {
    if p.is_nan() || degrees == 0 {
        f64::NAN
    } else if p <= 0.0 {
        f64::NEG_INFINITY
    } else if p >= 1.0 {
        f64::INFINITY
    } else if p < 0.5 {
        -student_t_quantile(1.0 - p, degrees)
    } else if degrees < MANY_DEGREES {
        let law = StudentT::new(degrees);
        positive_quantile(p, |t| law.at(t))
    } else {
        near_normal(positive_quantile(p, normal), f64::from(degrees))
    }
}

/// P(|T| > `t`) of Student's t distribution, for `t` >= 0 and a whole number of degrees of freedom: the two-sided p-value.
///
/// Relative error below 10^-7 for `degrees` below a million. NaN for 0 degrees or if `t` is NaN.
pub fn student_t_tails(t: f64, degrees: u32) -> f64 {
    if t.is_nan() || degrees == 0 {
        f64::NAN
    } else if t.is_infinite() {
        0.0
    } else {
        StudentT::new(degrees).at(t).outer.clamp(0.0, 1.0)
    }
}

/// A symmetric distribution at t >= 0: P(|T| <= t), P(|T| > t), and the density of |T|.
struct Point {
    inner: f64,
    outer: f64,
    density: f64,
}

/// Newton's method from 0 on P(|T| > t) = 2 (1 - p), for `p` >= 1/2. That function is convex and falls, so each step
/// stays below the root and the steps end by rounding.
fn positive_quantile(p: f64, law: impl Fn(f64) -> Point) -> f64 {
    let (inner, outer) = (2.0 * (p - 0.5), 2.0 * (1.0 - p));
    let mut t = 0.0;
    for _ in 0..500 {
        let point = law(t);
        // The smaller of the two probabilities has full relative precision.
        let missing = if inner < 0.5 { inner - point.inner } else { point.outer - outer };
        let next = t + missing / point.density;
        if next <= t * (1.0 + 1e-15) {
            break;
        }
        t = next;
    }
    t
}

fn normal(z: f64) -> Point {
    Point {
        inner: libm::erf(z * FRAC_1_SQRT_2),
        outer: libm::erfc(z * FRAC_1_SQRT_2),
        density: (2.0 / PI).sqrt() * libm::exp(-0.5 * z * z),
    }
}

/// The Cornish-Fisher expansion of t about the normal quantile z (Abramowitz & Stegun, eq. 26.7.5).
fn near_normal(z: f64, degrees: f64) -> f64 {
    let w = z * z;
    let terms = [
        1.0,
        (w + 1.0) / 4.0,
        ((5.0 * w + 16.0) * w + 3.0) / 96.0,
        (((3.0 * w + 19.0) * w + 17.0) * w - 15.0) / 384.0,
        ((((79.0 * w + 776.0) * w + 1482.0) * w - 1920.0) * w - 945.0) / 92160.0,
    ];
    z * terms.iter().rev().fold(0.0, |sum, term| sum / degrees + term)
}

/// Student's distribution with few degrees of freedom, by the incomplete beta function (Abramowitz & Stegun, 26.7.1).
struct StudentT {
    degrees: f64,
    /// The density of |T| at 0.
    peak: f64,
}

impl StudentT {
    fn new(degrees: u32) -> StudentT {
        let degrees = f64::from(degrees);
        let ratio = libm::exp(libm::lgamma(0.5 * (degrees + 1.0)) - libm::lgamma(0.5 * degrees));
        StudentT { degrees, peak: 2.0 * ratio / (degrees * PI).sqrt() }
    }

    #[allow(clippy::many_single_char_names, reason = "the names in the formulas cited")]
    fn at(&self, t: f64) -> Point {
        let (a, b) = (0.5 * self.degrees, 0.5);
        let whole = self.degrees + t * t;
        let (x, y) = (self.degrees / whole, t * t / whole);
        let power = libm::exp(-a * libm::log1p(t * t / self.degrees));
        // x^a y^b / B(a, b)
        let front = power * t * (self.degrees / whole).sqrt() * self.peak / 2.0;
        let (inner, outer) = if x < (a + 1.0) / (a + b + 2.0) {
            let outer = front / (a * beta_fraction(a, b, x));
            (1.0 - outer, outer)
        } else {
            let inner = front / (b * beta_fraction(b, a, y));
            (inner, 1.0 - inner)
        };
        Point { inner, outer, density: self.peak * power * x.sqrt() }
    }
}

/// The continued fraction F in `I_x(a, b)` = x^a (1 - x)^b / (a B(a, b) F) (Abramowitz & Stegun, eq. 26.5.8), by the
/// method of Lentz.
#[allow(clippy::many_single_char_names, reason = "the names in the formulas cited")]
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let (mut value, mut c, mut d) = (1.0, 1.0, 0.0);
    for term in 1..2000 {
        let m = f64::from(term / 2);
        let coefficient = if term % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / away_from_zero(1.0 + coefficient * d, TINY);
        c = away_from_zero(1.0 + coefficient / c, TINY);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

fn away_from_zero(x: f64, tiny: f64) -> f64 {
    if x.abs() < tiny { tiny } else { x }
}
