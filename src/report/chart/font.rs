//! The embedded font: the glyphs and the width of a text, and its line breaks.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// The font file.
pub static FONT: &[u8] = include_bytes!("../font/NotoSansSC-subset.otf");

/// Units of the font per em.
pub const EM: f64 = 1000.0;

/// Height of figures and capitals as a fraction of the font size.
pub const CAP_HEIGHT: f64 = 0.73;

/// The font; `None` only if its file were broken, which the tests would detect: text is then blank.
pub fn face() -> Option<&'static Face<'static>> {
    static FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(FONT, 0).ok());
    FACE.as_ref()
}

/// The number of a letter's glyph; 0, a box, if the font lacks it.
pub fn glyph(letter: char) -> u16 {
    face().and_then(|face| face.glyph_index(letter)).map_or(0, |glyph| glyph.0)
}

/// The way from a glyph to the next, in units of the font.
pub fn advance(glyph: u16) -> u16 {
    face().and_then(|face| face.glyph_hor_advance(GlyphId(glyph))).unwrap_or(EM as u16)
}

/// Draws the outline of a glyph in units of the font, y upwards; `false` if it has none.
pub fn outline(glyph: u16, builder: &mut dyn OutlineBuilder) -> bool {
    face().and_then(|face| face.outline_glyph(GlyphId(glyph), builder)).is_some()
}

/// The text with spaces in place of letters that are not drawn: XML 1.0 has no way to write most control characters,
/// and the last two.
pub fn clean(text: &str) -> String {
    let is_drawn = |letter: char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|letter| if is_drawn(letter) { letter } else { ' ' }).collect()
}

/// Width of a text in pixels at a font size in pixels per em; the font has no kerning.
pub fn width(text: &str, size: f64) -> f64 {
    let long: u32 = clean(text).chars().map(|letter| u32::from(advance(glyph(letter)))).sum();
    f64::from(long) * size / EM
}

/// Breaks a text into lines no wider than `limit`: at spaces, but not between a number and its unit, around Chinese
/// characters, and inside a word only if it is too wide for a line.
pub fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let joined = format!("{line}{piece}");
        if width(joined.trim_end(), size) <= limit {
            line = joined;
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        line = break_word(&piece, size, limit, &mut lines);
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Breaks the names of one thing, `a = b` or `x = 1; x = 2`, into lines no wider than `limit`: rather between names than within one.
pub fn wrap_names(text: &str, size: f64, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for name in text.split_inclusive(if text.contains("; ") { "; " } else { " = " }) {
        match lines.last_mut() {
            Some(line) if width(format!("{line} {name}").trim_end(), size) <= limit => {
                line.push(' ');
                line.push_str(name.trim_end());
            }
            _ => lines.extend(wrap(name, size, limit)),
        }
    }
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// The text with an ellipsis at its end, cut to this width.
pub fn shortened(text: &str, size: f64, limit: f64) -> String {
    let mut kept = text.trim_end().to_owned();
    while !kept.is_empty() && width(&format!("{kept}…"), size) > limit {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// Pushes full lines of a word that is too wide, returns the rest.
fn break_word(word: &str, size: f64, limit: f64, lines: &mut Vec<String>) -> String {
    let mut line = String::new();
    for letter in word.chars() {
        let joined = format!("{line}{letter}");
        if !line.is_empty() && width(joined.trim_end(), size) > limit {
            lines.push(std::mem::take(&mut line));
            line.push(letter);
        } else {
            line = joined;
        }
    }
    line
}

/// The text cut at possible line ends; spaces stay with the piece before them.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = false;
    for letter in text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
        let wide = ('\u{2E80}'..='\u{FFE6}').contains(&letter);
        let closing = "，。、；：！？）》」』】".contains(letter);
        match pieces.last_mut() {
            Some(last) if closing || (open && !wide) => last.push(letter),
            Some(last) if letter == ' ' => last.push(letter),
            _ => pieces.push(letter.to_string()),
        }
        open = !wide && letter != ' ';
    }
    units_at_numbers(pieces)
}

/// The pieces, with a unit in that of its number: `1 s`.
fn units_at_numbers(pieces: Vec<String>) -> Vec<String> {
    const UNITS: [&str; 26] = [
        "ns", "µs", "ms", "s", "min", "h", "d", "%", "B", "kB", "MB", "GB", "TB", "B/s", "kB/s", "MB/s", "GB/s",
        "TB/s", "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Mibit/s", "/s", "mA",
    ];
    let mut joined: Vec<String> = Vec::new();
    for piece in pieces {
        let is_unit = UNITS.contains(&piece.trim_end().trim_end_matches([',', ';', '.', ':', ')']));
        match joined.last_mut() {
            Some(last) if is_unit && last.trim_end().ends_with(|letter: char| letter.is_ascii_digit()) => {
                last.push_str(&piece);
            }
            _ => joined.push(piece),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_its_units_and_glyphs() {
        let face = face().unwrap();
        assert_eq!(face.units_per_em(), EM as u16);
        assert!(face.tables().kern.is_none());
        assert!(glyph('a') != glyph('b') && glyph('a') > 0);
        // Nothing for a letter that it lacks: the box.
        assert_eq!(glyph('\u{1F600}'), 0);
        assert!(advance(0) > 0);
    }

    #[test]
    fn a_hanzi_is_one_em_wide() {
        assert!((width("长", 10.0) - 10.0).abs() < 0.1, "{}", width("长", 10.0));
        assert!((width("长轮询", 12.0) - 36.0).abs() < 0.2);
    }

    #[test]
    fn lines_keep_the_limit_and_the_letters() {
        for text in [
            "short polling, every second, with 1000 clients",
            "长轮询与短轮询的比较，一千个客户端",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b",
        ] {
            let lines = wrap(text, 12.0, 80.0);
            assert!(lines.len() > 1);
            assert!(lines.iter().all(|line| width(line, 12.0) <= 80.5), "{lines:?}");
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&lines.concat()), letters(text));
        }
    }

    #[test]
    fn a_unit_stays_with_its_number() {
        let lines = |text: &str, limit: f64| wrap(text, 12.0, limit);
        assert_eq!(lines("polls at a fixed rate, 1 s", 120.0), ["polls at a fixed rate,", "1 s"]);
        assert_eq!(lines("link of the server = 100 Mbit/s, up", 150.0), ["link of the server =", "100 Mbit/s, up"]);
        // A word after a number is none.
        assert_eq!(lines("a herd of 100 strangers", 80.0), ["a herd of 100", "strangers"]);
        assert!(lines("100000000 Mbit/s", 40.0).len() > 2);
    }

    #[test]
    fn names_of_one_curve_break_between_them() {
        let lines = |text: &str| wrap_names(text, 12.0, 150.0);
        assert_eq!(
            lines("notified, mean = notified, 95th percentile"),
            ["notified, mean =", "notified, 95th percentile"]
        );
        assert_eq!(lines("SSE = streaming; WebSocket"), ["SSE = streaming;", "WebSocket"]);
        assert_eq!(lines("payload = 10 B, mean; payload = 20 B"), ["payload = 10 B, mean;", "payload = 20 B"]);
        assert_eq!(lines("a = b"), ["a = b"]);
        assert_eq!(lines(""), wrap("", 12.0, 150.0));
    }

    #[test]
    fn a_shortened_text_ends_with_dots_that_the_font_has() {
        let short = shortened("99th percentile of data latency", 12.0, 90.0);
        assert!(short.ends_with('…') && glyph('…') != 0, "{short}");
        assert!(width(&short, 12.0) <= 90.0 && short.starts_with("99th"));
    }

    #[test]
    fn an_empty_text_is_one_line() {
        assert_eq!(wrap("", 12.0, 80.0), vec![String::new()]);
    }
}
