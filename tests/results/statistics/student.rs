//! The quantiles of Student's distribution against tables, closed forms and their order.

#![allow(clippy::unreadable_literal, clippy::excessive_precision, clippy::float_cmp, reason = "digits as computed")]

use std::f64::consts::PI;

use cometsim::stats::{student_t_quantile, student_t_tails};

/// The quantiles of order 0.95, 0.975, 0.995, 0.9995 and 0.501, by mpmath's incomplete beta function with 40
/// digits; they agree with printed tables (Abramowitz & Stegun, table 26.10).
const TABLE: [(u32, [f64; 5]); 15] = [
    (1, [6.3137515146750431, 12.7062047361747046, 63.656741162871581, 636.619248768719616, 0.00314160298905615613]),
    (2, [2.91998558035372569, 4.30265272974946385, 9.92484320091829311, 31.5990545764436207, 0.00282843278161741021]),
    (3, [2.35336343480182388, 3.18244630528370959, 5.84090930973335726, 12.9239786366874831, 0.00272070352173402059]),
    (4, [2.13184678632665032, 2.77644510519779436, 4.60409487134999323, 8.6103015813792751, 0.00266667061729413446]),
    (5, [2.01504837333302424, 2.57058183563631551, 4.03214298355522808, 6.86882662588111025, 0.00263430918033660262]),
    (10, [1.81246112281167641, 2.22813885198627475, 3.16927267261695123, 4.5868938587026359, 0.00256998114686671392]),
    (19, [1.72913281152136952, 2.09302405440830977, 2.86093460646497919, 3.88340585259208292, 0.00253981566336485846]),
    (29, [1.69912702653349775, 2.0452296421327043, 2.75638590367060549, 3.65940501946633286, 0.00252832902222917285]),
    (30, [1.69726088659395785, 2.04227245630123831, 2.74999565356722533, 3.64595863504202182, 0.00252760300721513667]),
    (60, [1.67064886490463651, 2.0002978220142605, 2.66028302885503719, 3.46020046919635595, 0.00251709656515427685]),
    (120, [1.65765089935523565, 1.97993040508244085, 2.61742114510686601, 3.37345376856250038, 0.00251185846322791597]),
    (999, [1.64638034542753565, 1.96234146113344998, 2.58075963726763684, 3.30029244039873548, 0.00250725826691653403]),
    (
        1000,
        [1.64637881728546472, 1.96233908082640848, 2.58075469806595108, 3.30028264842391291, 0.00250725763947097221],
    ),
    (
        1_000_000,
        [1.64485515072204049, 1.95996635681410704, 2.57583422010533415, 3.29053646124869113, 0.00250663152623350465],
    ),
    (
        1_000_000_000,
        [1.64485362847524186, 1.95996398691232547, 2.57582930846544837, 3.29052674122162548, 0.00250663090019842567],
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
fn tails_are_the_inverse_of_quantiles() {
    for (degrees, row) in TABLE.into_iter().filter(|(degrees, _)| *degrees <= 1_000_000) {
        for (p, t) in [0.95, 0.975, 0.995, 0.9995, 0.501].into_iter().zip(row) {
            assert_close(student_t_tails(t, degrees), 2.0 * (1.0 - p), 1e-7);
        }
        assert_eq!(student_t_tails(0.0, degrees), 1.0);
        assert_eq!(student_t_tails(f64::INFINITY, degrees), 0.0);
    }
    // P(|T| > t) = 1 - 2/π atan t with one degree, and 1 - t/√(2 + t²) with two.
    for t in [1e-3, 0.5, 3.0, 1e3, 1e6] {
        assert_close(student_t_tails(t, 1), 2.0 / PI * libm::atan(1.0 / t), 1e-10);
        assert_close(student_t_tails(t, 2), 2.0 / ((2.0 + t * t).sqrt() * ((2.0 + t * t).sqrt() + t)), 1e-10);
    }
    assert!(student_t_tails(1.0, 0).is_nan() && student_t_tails(f64::NAN, 3).is_nan());
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
