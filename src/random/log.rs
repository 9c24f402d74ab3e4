//! The natural logarithm of the samplers.

/// The natural logarithm of a positive, normal and finite `x`, with the same bits as `libm::log`.
///
/// Steps and coefficients come from `e_log.c` of `FreeBSD` (Sun Microsystems, 1993), as in `libm`:
/// x = 2^k (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2), and log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)) with s = f / (2 + f).
/// Branches for other numbers are left out, so the compiler can inline it and the processor can compute several
/// logarithms at once.
#[inline]
#[allow(clippy::many_single_char_names, reason = "the names in the formulas cited")]
#[allow(clippy::excessive_precision, clippy::unreadable_literal, reason = "kept digit by digit as in the source")]
pub(super) fn ln(x: f64) -> f64 {
    const LN2_HIGH: f64 = 6.93147180369123816490e-01;
    const LN2_LOW: f64 = 1.90821492927058770002e-10;
    const R1: f64 = 6.666666666666735130e-01;
    const R2: f64 = 3.999999999940941908e-01;
    const R3: f64 = 2.857142874366239149e-01;
    const R4: f64 = 2.222219843214978396e-01;
    const R5: f64 = 1.818357216161805012e-01;
    const R6: f64 = 1.531383769920937332e-01;
    const R7: f64 = 1.479819860511658591e-01;
    /// The upper half of the bits of sqrt(2)/2, and the bits of 1.
    const ROOT_HALF: u64 = 0x3fe6_a09e << 32;
    const ONE: u64 = 0x3ff0_0000 << 32;
    /// The bits of 2^52: with an integer n in the lower bits, the bits of 2^52 + n.
    const INTEGER: u64 = 0x4330 << 48;
    const MANTISSA_BITS: u32 = 52;

    let scaled = x.to_bits() + (ONE - ROOT_HALF);
    let k = f64::from_bits(INTEGER | scaled >> MANTISSA_BITS) - ((1u64 << MANTISSA_BITS) + 1023) as f64;
    let f = f64::from_bits((scaled & ((1 << MANTISSA_BITS) - 1)) + ROOT_HALF) - 1.0;

    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (R2 + w * (R4 + w * R6));
    let odd = z * (R1 + w * (R3 + w * (R5 + w * R7)));
    let r = odd + even;
    s * (half_square + r) + k * LN2_LOW - half_square + f + k * LN2_HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Family, Purpose, unit};

    #[test]
    fn agrees_with_libm_bit_for_bit() {
        let same = |x: f64| assert_eq!(ln(x).to_bits(), libm::log(x).to_bits(), "{x:e}");
        let stream = Family::new(3, 0, Purpose::Hit).stream(0);
        for draw in 0..1_000_000 {
            let x = unit(stream.at(draw));
            same(x);
            // The whole range, all exponents equally likely.
            same(f64::from_bits(stream.at(draw) % (0x7fe0 << 48) + (0x0010 << 48)));
            same(1.0 - (1.0 - x) * 1e-9);
        }
        for exponent in -1022..1023 {
            let power = libm::ldexp(1.0, exponent);
            for x in [power, power * core::f64::consts::SQRT_2, power * 1.5, power * (1.0 + f64::EPSILON)] {
                same(x);
            }
        }
        for x in [f64::MIN_POSITIVE, f64::MAX, 1.0, 1.0 - f64::EPSILON / 2.0, 0.5, core::f64::consts::FRAC_1_SQRT_2] {
            same(x);
        }
    }
}
