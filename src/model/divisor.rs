//! Division by a constant divisor.

/// Divides integers below 2^63 by one positive integer, by a multiplication.
///
/// With l = ceil(log2 d) and m = ceil(2^(63 + l) / d) the quotient of n is floor(n m / 2^(63 + l)), because
/// m d - 2^(63 + l) is less than 2^l (Granlund & Montgomery, "Division by invariant integers using multiplication",
/// PLDI 1994, theorem 4.2).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Divisor {
    by: u64,
    factor: u64,
    /// l.
    shift: u32,
}

impl Divisor {
    /// # Panics
    /// If `divisor` is zero.
    pub fn new(divisor: u64) -> Divisor {
        assert!(divisor > 0, "division by zero");
        // Nothing below 2^63 holds a larger divisor.
        if divisor > 1 << 63 {
            return Divisor { by: divisor, factor: 0, shift: 0 };
        }
        let shift = divisor.next_power_of_two().trailing_zeros();
        let factor = (1u128 << (63 + shift)).div_ceil(u128::from(divisor)) as u64;
        Divisor { by: divisor, factor, shift }
    }

    /// The quotient.
    #[inline]
    pub fn quotient(self, dividend: u64) -> u64 {
        debug_assert!(dividend < 1 << 63, "{dividend} is too large to divide");
        // Of the double, the upper half of the product is what a shift by 64 leaves.
        let upper = (u128::from(dividend << 1) * u128::from(self.factor)) >> 64;
        upper as u64 >> self.shift
    }

    /// The divisor itself.
    #[inline]
    pub fn divisor(self) -> u64 {
        self.by
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn divides(dividend in 0..1u64 << 63, divisor in 1..=1u64 << 63, shift in 0..63u32) {
            let divisor = (divisor >> shift).max(1);
            for dividend in [dividend, dividend >> shift, dividend / divisor * divisor] {
                prop_assert_eq!(Divisor::new(divisor).quotient(dividend), dividend / divisor);
                prop_assert_eq!(Divisor::new(divisor).quotient(dividend.saturating_sub(1)), dividend.saturating_sub(1) / divisor);
            }
        }
    }

    #[test]
    fn divides_at_the_edges() {
        for divisor in [1, 2, 3, (1 << 62) - 1, 1 << 62, (1 << 62) + 1, (1 << 63) - 1, 1 << 63] {
            for dividend in [0, 1, 2, divisor - 1, divisor, divisor + 1, (1 << 63) - 1] {
                if dividend < 1 << 63 {
                    assert_eq!(Divisor::new(divisor).quotient(dividend), dividend / divisor, "{dividend} / {divisor}");
                }
            }
        }
    }
}
