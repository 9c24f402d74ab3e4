//! The light of a colour: its luminance, as WCAG 2.2 defines it.

use plotters::style::RGBColor;

/// The share of the full light of each part of a colour (IEC 61966-2-1).
pub fn linear(color: RGBColor) -> [f64; 3] {
    [color.0, color.1, color.2].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { libm::pow((part + 0.055) / 1.055, 2.4) }
    })
}

/// The colour of such shares.
fn encoded(linear: [f64; 3]) -> RGBColor {
    let [red, green, blue] = linear.map(|light| {
        let part = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 };
        (part * 255.0).round().clamp(0.0, 255.0) as u8
    });
    RGBColor(red, green, blue)
}

/// Relative luminance, 0 (black) to 1 (white).
pub fn luminance(color: RGBColor) -> f64 {
    let [red, green, blue] = linear(color);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The colour mixed with black or white up to this luminance.
pub fn with_luminance(color: RGBColor, wanted: f64) -> RGBColor {
    let now = luminance(color);
    let parts = linear(color);
    if now >= wanted {
        return encoded(parts.map(|part| part * wanted / now));
    }
    let share = (wanted - now) / (1.0 - now);
    encoded(parts.map(|part| part + (1.0 - part) * share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_and_white_are_at_the_ends() {
        let (black, white) = (RGBColor(0, 0, 0), RGBColor(255, 255, 255));
        assert!((luminance(black), luminance(white)) == (0.0, 1.0));
        assert_eq!(with_luminance(black, 1.0), white);
        assert_eq!(with_luminance(white, 0.0), black);
    }

    #[test]
    fn a_mixed_colour_has_the_luminance() {
        for color in [RGBColor(34, 100, 184), RGBColor(10, 10, 10), RGBColor(230, 220, 10)] {
            for wanted in [0.02, 0.1, 0.29, 0.8] {
                let got = luminance(with_luminance(color, wanted));
                assert!((got - wanted).abs() < 0.01, "{color:?} {wanted} {got}");
            }
        }
    }
}
