//! A display list as SVG, with the outlines of its letters, so that it looks the same without the font.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use ttf_parser::OutlineBuilder;

use super::display::{DisplayList, DrawnMark, Paint, TextRun, UNITS, UnitPoint};
use super::font::{advance, clean, glyph, outline};

/// Decimals of a place in units, and of the scale of letters.
const DECIMALS: u32 = 2;
const SCALE_DECIMALS: u32 = 5;

/// Writes the SVG, in pixels; for print its size is in points. The names of its glyphs begin with letters that depend on
/// all that it shows, so that several pictures in one page do not share a name.
pub fn svg(list: &DisplayList) -> String {
    named(list, &prefix(&named(list, "")))
}

/// The beginning of the names in a picture.
fn prefix(picture: &str) -> String {
    let digest = Sha256::digest(picture.as_bytes());
    digest.iter().take(4).fold("g".to_owned(), |prefix, byte| format!("{prefix}{byte:02x}")) + "-"
}

/// The SVG, with names that begin with `prefix`.
fn named(list: &DisplayList, prefix: &str) -> String {
    let (wide, high) = (units(list.size.0 as i32), units(list.size.1 as i32));
    let sheet = &list.page.sheet;
    let [width, height] = [list.pixels().0, list.pixels().1].map(|pixels| match sheet.is_printed {
        true => format!("{}pt", decimal((pixels * sheet.point * 1000.0).round() as i64, 3)),
        false => decimal((pixels * UNITS).round() as i64, DECIMALS),
    });
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"img\" fill=\"none\" stroke-linejoin=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n",
        escaped(&list.page.title),
        escaped(&list.page.description)
    );
    define_glyphs(&mut text, list, prefix);
    list.with_paper().for_each(|mark| write_mark(&mut text, &mark, prefix));
    text.push_str("</svg>\n");
    text
}

fn write_mark(text: &mut String, mark: &DrawnMark, prefix: &str) {
    match mark {
        DrawnMark::Lines { parts, width, paint } => {
            text.push_str("<path");
            write_paint(text, "stroke", *paint);
            let _ = write!(text, " stroke-width=\"{}\" d=\"", units(*width as i32));
            for part in parts {
                path(text, part);
            }
            text.push_str("\"/>\n");
        }
        DrawnMark::Area { corners, paint } => {
            text.push_str("<path");
            write_paint(text, "fill", *paint);
            text.push_str(" d=\"");
            path(text, corners);
            text.push_str("z\"/>\n");
        }
        DrawnMark::Disc { center, radius, paint } => {
            text.push_str("<circle");
            write_paint(text, "fill", *paint);
            let (x, y, r) = (units(center.0), units(center.1), units(*radius as i32));
            let _ = writeln!(text, " cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>");
        }
        DrawnMark::Text(run) => write_text(text, run, prefix),
    }
}

/// A picture of the words, which are its label, with a glyph for each letter that has an outline.
fn write_text(text: &mut String, run: &TextRun, prefix: &str) {
    let _ = write!(text, "<g role=\"img\" aria-label=\"{}\"", escaped(&run.text));
    write_paint(text, "fill", run.paint);
    let turn = if run.is_upright { "rotate(-90)" } else { "" };
    // From thousandths of an em to hundredths of a pixel.
    let scale = decimal(i64::from(run.size), SCALE_DECIMALS);
    let (x, y) = (units(run.start.0), units(run.start.1));
    let _ = write!(text, " transform=\"translate({x} {y}){turn}scale({scale} -{scale})\">");
    let mut along = 0;
    for letter in run.text.chars() {
        let glyph = glyph(letter);
        if letter != ' ' {
            let _ = write!(text, "<use href=\"#{prefix}{glyph}\"");
            if along > 0 {
                let _ = write!(text, " x=\"{along}\"");
            }
            text.push_str("/>");
        }
        along += u32::from(advance(glyph));
    }
    text.push_str("</g>\n");
}

/// Each glyph once.
fn define_glyphs(text: &mut String, list: &DisplayList, prefix: &str) {
    let runs = list.marks.iter().filter_map(|mark| match mark {
        DrawnMark::Text(run) => Some(run.text.chars()),
        _ => None,
    });
    let glyphs: BTreeSet<u16> = runs.flatten().map(glyph).collect();
    if glyphs.is_empty() {
        return;
    }
    text.push_str("<defs>\n");
    for glyph in glyphs {
        let mut path = GlyphPath::default();
        outline(glyph, &mut path);
        let _ = writeln!(text, "<path id=\"{prefix}{glyph}\" d=\"{}\"/>", path.text);
    }
    text.push_str("</defs>\n");
}

fn write_paint(text: &mut String, what: &str, paint: Paint) {
    let (red, green, blue) = paint.rgb;
    let _ = write!(text, " {what}=\"#{red:02X}{green:02X}{blue:02X}\"");
    if paint.alpha < 1.0 {
        let _ = write!(text, " {what}-opacity=\"{}\"", decimal((paint.alpha * 1000.0).round() as i64, 3));
    }
}

/// From the first point on by the way to each next one.
fn path(text: &mut String, points: &[UnitPoint]) {
    let Some(first) = points.first() else { return };
    let _ = write!(text, "M{} {}", units(first.0), units(first.1));
    for pair in points.windows(2) {
        let (across, down) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let _ = match (across, down) {
            (0, down) => write!(text, "v{}", units(down)),
            (across, 0) => write!(text, "h{}", units(across)),
            (across, down) => write!(text, "l{} {}", units(across), units(down)),
        };
    }
}

fn units(length: i32) -> String {
    decimal(i64::from(length), DECIMALS)
}

/// A whole number of 10 to the power of `-decimals`, exactly and in short.
fn decimal(number: i64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let (whole, rest) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    let sign = if number < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let rest = format!("{rest:0width$}", width = decimals as usize);
    let whole = if whole == 0 { String::new() } else { whole.to_string() };
    format!("{sign}{whole}.{}", rest.trim_end_matches('0'))
}

fn escaped(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The outline of a glyph in whole units of the font.
#[derive(Default)]
struct GlyphPath {
    text: String,
}

impl GlyphPath {
    fn add(&mut self, letter: char, numbers: &[f32]) {
        self.text.push(letter);
        for (index, number) in numbers.iter().enumerate() {
            let gap = if index > 0 && *number >= 0.0 { " " } else { "" };
            let _ = write!(self.text, "{gap}{}", number.round() as i32);
        }
    }
}

impl OutlineBuilder for GlyphPath {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.text.push('z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_short() {
        let cases = [(0, "0"), (100, "1"), (150, "1.5"), (-5, "-.05"), (12_345, "123.45"), (-100, "-1")];
        for (number, text) in cases {
            assert_eq!(units(number), text);
        }
        assert_eq!(decimal(1250, SCALE_DECIMALS), ".0125");
    }

    #[test]
    fn a_path_is_relative() {
        let mut text = String::new();
        path(&mut text, &[(100, 100), (200, 100), (200, 50), (250, 75)]);
        assert_eq!(text, "M1 1h1v-.5l.5 .25");
    }
}
