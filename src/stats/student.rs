//! Quantiles of Student's t distribution.

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

#[cfg(test)]
#[allow(clippy::unreadable_literal, clippy::excessive_precision, reason = "digits as computed")]
mod tests {
    use super::*;

    /// The quantiles of order 0.95, 0.975, 0.995, 0.9995 and 0.501, by mpmath's incomplete beta function with 40
    /// digits; they agree with printed tables (Abramowitz & Stegun, table 26.10).
    const TABLE: [(u32, [f64; 5]); 15] = [
        (1, [6.3137515146750431, 12.7062047361747046, 63.656741162871581, 636.619248768719616, 0.00314160298905615613]),
        (
            2,
            [
                2.91998558035372569,
                4.30265272974946385,
                9.92484320091829311,
                31.5990545764436207,
                0.00282843278161741021,
            ],
        ),
        (
            3,
            [
                2.35336343480182388,
                3.18244630528370959,
                5.84090930973335726,
                12.9239786366874831,
                0.00272070352173402059,
            ],
        ),
        (
            4,
            [2.13184678632665032, 2.77644510519779436, 4.60409487134999323, 8.6103015813792751, 0.00266667061729413446],
        ),
        (
            5,
            [
                2.01504837333302424,
                2.57058183563631551,
                4.03214298355522808,
                6.86882662588111025,
                0.00263430918033660262,
            ],
        ),
        (
            10,
            [1.81246112281167641, 2.22813885198627475, 3.16927267261695123, 4.5868938587026359, 0.00256998114686671392],
        ),
        (
            19,
            [
                1.72913281152136952,
                2.09302405440830977,
                2.86093460646497919,
                3.88340585259208292,
                0.00253981566336485846,
            ],
        ),
        (
            29,
            [1.69912702653349775, 2.0452296421327043, 2.75638590367060549, 3.65940501946633286, 0.00252832902222917285],
        ),
        (
            30,
            [
                1.69726088659395785,
                2.04227245630123831,
                2.74999565356722533,
                3.64595863504202182,
                0.00252760300721513667,
            ],
        ),
        (
            60,
            [1.67064886490463651, 2.0002978220142605, 2.66028302885503719, 3.46020046919635595, 0.00251709656515427685],
        ),
        (
            120,
            [
                1.65765089935523565,
                1.97993040508244085,
                2.61742114510686601,
                3.37345376856250038,
                0.00251185846322791597,
            ],
        ),
        (
            999,
            [
                1.64638034542753565,
                1.96234146113344998,
                2.58075963726763684,
                3.30029244039873548,
                0.00250725826691653403,
            ],
        ),
        (
            1000,
            [
                1.64637881728546472,
                1.96233908082640848,
                2.58075469806595108,
                3.30028264842391291,
                0.00250725763947097221,
            ],
        ),
        (
            1_000_000,
            [
                1.64485515072204049,
                1.95996635681410704,
                2.57583422010533415,
                3.29053646124869113,
                0.00250663152623350465,
            ],
        ),
        (
            1_000_000_000,
            [
                1.64485362847524186,
                1.95996398691232547,
                2.57582930846544837,
                3.29052674122162548,
                0.00250663090019842567,
            ],
        ),
    ];

    #[track_caller]
    fn assert_close(value: f64, exact: f64, relative: f64) {
        assert!((value / exact - 1.0).abs() <= relative, "{value} instead of {exact}");
    }

    #[test]
    fn agrees_with_tables() {
        for (degrees, row) in TABLE {
            for (p, exact) in [0.95, 0.975, 0.995, 0.9995, 0.501].into_iter().zip(row) {
                assert_close(student_t_quantile(p, degrees), exact, 2e-12);
                assert_close(student_t_quantile(1.0 - p, degrees), -exact, 2e-12);
            }
        }
    }

    #[test]
    fn agrees_with_closed_forms_in_both_tails() {
        for power in 2..=40 {
            let q = 1.0 / (1_u64 << power) as f64;
            for p in [1.0 - q, 0.5 + q * 0.99] {
                let cauchy = if p < 0.75 { libm::tan(PI * (p - 0.5)) } else { 1.0 / libm::tan(PI * (1.0 - p)) };
                assert_close(student_t_quantile(p, 1), cauchy, 1e-9);
                let alpha = 4.0 * p * (1.0 - p);
                assert_close(student_t_quantile(p, 2), 2.0 * (p - 0.5) * (2.0 / alpha).sqrt(), 1e-9);
            }
        }
        assert_close(student_t_quantile(0.999_999, 7), 14.2414696519814459, 1e-9);
        assert_close(student_t_quantile(0.999_999, 1500), 4.77218154552981126, 1e-9);
    }

    #[test]
    fn falls_with_the_degrees_and_rises_with_p() {
        for p in [0.51, 0.75, 0.975, 0.999_999, 1.0 - 1e-12] {
            let quantiles: Vec<f64> = (1..1100).map(|degrees| student_t_quantile(p, degrees)).collect();
            assert!(quantiles.is_sorted_by(|a, b| a > b), "{p}");
        }
    }

    #[test]
    fn answers_at_the_edges() {
        assert_eq!((student_t_quantile(0.5, 3), student_t_quantile(0.5, 5000)), (0.0, 0.0));
        assert_eq!((student_t_quantile(1.0, 3), student_t_quantile(0.0, 3)), (f64::INFINITY, f64::NEG_INFINITY));
        assert!(student_t_quantile(0.9, 0).is_nan() && student_t_quantile(f64::NAN, 3).is_nan());
    }
}
