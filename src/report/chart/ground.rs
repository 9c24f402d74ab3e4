//! The colours of a chart on its ground.

use plotters::style::RGBColor;

use super::color::linear;
use crate::experiment::chart::Ground;

/// The dark ground.
const DARK: RGBColor = RGBColor(22, 24, 29);
/// Lightness of black on the dark ground.
const BRIGHTEST: f64 = 0.95;
/// Least lightness of a strong colour on the dark ground, and what counts as strong.
const LEAST: f64 = 0.56;
const STRONG: f64 = 0.1;

/// The colour of the ground; `None` if it is transparent.
pub fn paper(ground: Ground) -> Option<RGBColor> {
    match ground {
        Ground::White => Some(RGBColor(255, 255, 255)),
        Ground::Dark => Some(DARK),
        Ground::Transparent => None,
    }
}

/// A colour that is meant for white, on this ground. On the dark one white is the ground, black is the brightest, and
/// the order of lightness between them is turned; strong colours keep their hue and get brighter than greys, so that
/// thin lines can be seen.
pub fn on(ground: Ground, color: RGBColor) -> RGBColor {
    if ground == Ground::Dark { darkened(color) } else { color }
}

fn darkened(color: RGBColor) -> RGBColor {
    let [lightness, a, b] = oklab(color);
    let [ground, ground_a, ground_b] = oklab(DARK);
    let strength = (libm::hypot(a, b) / STRONG).min(1.0);
    let way = libm::pow((1.0 - lightness).clamp(0.0, 1.0), 0.8 - 0.3 * strength);
    let turned = (ground + (BRIGHTEST - ground) * way).max(LEAST * strength);
    // The tint of the ground fades with the way from it.
    let tint = 1.0 - way;
    let lab = |share: f64| [turned, a * share + ground_a * tint, b * share + ground_b * tint];
    // As strong as the screen can show.
    let shares = (0..=50).map(|step| 1.0 - f64::from(step) / 50.0);
    shares.map(lab).find_map(rgb).unwrap_or(DARK)
}

/// Lightness, green to red, blue to yellow, by Björn Ottosson (<https://bottosson.github.io/posts/oklab/>).
fn oklab(color: RGBColor) -> [f64; 3] {
    let light = linear(color);
    let long = libm::cbrt(weighted([0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9], light));
    let middle = libm::cbrt(weighted([0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6], light));
    let short = libm::cbrt(weighted([0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5], light));
    let cones = [long, middle, short];
    [
        weighted([0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8], cones),
        weighted([1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9], cones),
        weighted([0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0], cones),
    ]
}

/// The colour, if a screen can show it.
fn rgb(lab: [f64; 3]) -> Option<RGBColor> {
    let cube = |root: f64| root * root * root;
    let cones = [
        cube(weighted([1.0, 0.396_337_777_4, 0.215_803_757_3], lab)),
        cube(weighted([1.0, -0.105_561_345_8, -0.063_854_172_8], lab)),
        cube(weighted([1.0, -0.089_484_177_5, -1.291_485_548_0], lab)),
    ];
    let red = encoded(weighted([4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2], cones))?;
    let green = encoded(weighted([-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5], cones))?;
    let blue = encoded(weighted([-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0], cones))?;
    Some(RGBColor(red, green, blue))
}

fn weighted(weights: [f64; 3], parts: [f64; 3]) -> f64 {
    weights[0] * parts[0] + weights[1] * parts[1] + weights[2] * parts[2]
}

/// A part of a colour by its share of the full light (IEC 61966-2-1); `None` beyond what a screen shows.
fn encoded(light: f64) -> Option<u8> {
    let part = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 };
    let part = (part * 255.0).round();
    if (0.0..=255.0).contains(&part) { Some(part as u8) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scenario::TransportKind;
    use crate::report::chart::color::luminance;
    use crate::report::chart::looks::Looks;
    use crate::report::chart::palette::{FAINT, GRID_LINE, INK, Look, PALE, STRIPE, WHITE, pale, text_color};

    /// How much brighter the brighter colour is, from 1 to 21 (WCAG 2).
    fn contrast(one: RGBColor, other: RGBColor) -> f64 {
        let light = |color: RGBColor| luminance(color) + 0.05;
        let (one, other) = (light(one), light(other));
        one.max(other) / one.min(other)
    }

    /// The colours of five transports of each kind, and of values of a key.
    fn series() -> Vec<RGBColor> {
        let name = |kind: TransportKind, variant: usize| format!("{} {variant}", kind.word());
        let all = || TransportKind::ALL.iter().flat_map(|&kind| (0..5).map(move |variant| (kind, variant)));
        let looks = Looks::new(all().map(|(kind, variant)| (name(kind, variant), (Some(kind), 0))));
        let of_values = (0..5).map(|place| Look::of_value(place, 5).color);
        all().map(|(kind, variant)| looks.get(&name(kind, variant)).color).chain(of_values).collect()
    }

    fn dark(color: RGBColor) -> RGBColor {
        on(Ground::Dark, color)
    }

    #[test]
    fn white_is_the_ground_and_other_grounds_change_nothing() {
        assert_eq!(dark(WHITE), DARK);
        for color in series() {
            assert_eq!(on(Ground::White, color), color);
            assert_eq!(on(Ground::Transparent, color), color);
        }
        assert!(paper(Ground::Transparent).is_none());
    }

    #[test]
    fn text_and_lines_can_be_read_on_the_dark_ground() {
        for text in [INK, FAINT, RGBColor(0, 0, 0)].into_iter().chain(series().into_iter().map(text_color)) {
            assert!(contrast(dark(text), DARK) >= 4.5, "{text:?} {:?} {}", dark(text), contrast(dark(text), DARK));
        }
        for line in series() {
            assert!(contrast(dark(line), DARK) >= 3.0, "{line:?} {:?} {}", dark(line), contrast(dark(line), DARK));
        }
        // Grid and stripes stay in the background, and a pale line is paler than its colour.
        for quiet in [GRID_LINE, PALE, STRIPE] {
            assert!(contrast(dark(quiet), DARK) < 1.6, "{quiet:?}");
        }
        for line in series() {
            assert!(contrast(dark(pale(line, 0.2)), DARK) < contrast(dark(line), DARK));
        }
    }

    #[test]
    fn hues_stay() {
        for line in series() {
            let ([_, a, b], [_, dark_a, dark_b]) = (oklab(line), oklab(dark(line)));
            if libm::hypot(a, b) > 0.05 {
                let between = (a * dark_a + b * dark_b) / libm::hypot(a, b) / libm::hypot(dark_a, dark_b);
                assert!(between > 0.985, "{line:?} {:?} {between}", dark(line));
            }
        }
    }

    #[test]
    fn a_colour_comes_back() {
        for color in series().into_iter().chain([WHITE, INK, FAINT]) {
            assert_eq!(rgb(oklab(color)), Some(color));
        }
    }
}
