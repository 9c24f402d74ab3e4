//! Exact decimal numbers: `digits * 10^exponent`.

/// A decimal number of at least 0, exactly as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: u128,
    exponent: i32,
}

/// Why a text is not a usable decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecimalError {
    NotANumber,
    Negative,
    TooLong,
}

/// Splits `text` into its leading number and the rest, both trimmed.
pub(super) fn split_number(text: &str) -> (&str, &str) {
    let text = text.trim();
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = usize::from(bytes.first().is_some_and(|b| matches!(b, b'+' | b'-')));
    end += digits(end);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    (&text[..end], text[end..].trim())
}

impl Decimal {
    /// Reads digits with an optional fraction and exponent.
    pub(super) fn parse(text: &str) -> Result<Decimal, DecimalError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| DecimalError::TooLong)?),
            None => (text, 0),
        };
        let negative = mantissa.starts_with('-');
        let mantissa = mantissa.trim_start_matches(['+', '-']);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(DecimalError::NotANumber);
        }
        let places = i32::try_from(fraction.len()).map_err(|_| DecimalError::TooLong)?;
        let mut number = Decimal { digits: 0, exponent: exponent.checked_sub(places).ok_or(DecimalError::TooLong)? };
        for digit in whole.chars().chain(fraction.chars()) {
            let digit = digit.to_digit(10).ok_or(DecimalError::NotANumber)?;
            number.digits = number
                .digits
                .checked_mul(10)
                .and_then(|digits| digits.checked_add(u128::from(digit)))
                .ok_or(DecimalError::TooLong)?;
        }
        if negative && number.digits != 0 {
            return Err(DecimalError::Negative);
        }
        Ok(number.reduced())
    }

    fn reduced(mut self) -> Decimal {
        if self.digits == 0 {
            return Decimal { digits: 0, exponent: 0 };
        }
        while self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.exponent = self.exponent.saturating_add(1);
        }
        self
    }

    /// The number times `factor` as a ratio in lowest powers of ten; `None` if it does not fit.
    pub(super) fn ratio(self, factor: u128) -> Option<(u128, u128)> {
        let digits = self.digits.checked_mul(factor)?;
        if digits == 0 {
            return Some((0, 1));
        }
        let power = 10u128.checked_pow(self.exponent.unsigned_abs());
        if self.exponent >= 0 {
            return Some((digits.checked_mul(power?)?, 1));
        }
        Some((digits, power?))
    }
}

/// `value / 10^places` without trailing zeros.
pub(super) fn print_scaled(value: u128, places: usize) -> String {
    let mut text = format!("{value:0width$}", width = places + 1);
    if places > 0 {
        text.insert(text.len() - places, '.');
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text
}
