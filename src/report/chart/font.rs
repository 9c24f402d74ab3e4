//! The embedded font: the width of a text, and its line breaks.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle};

/// The font file, for measuring and for the PNG.
pub static FONT: &[u8] = include_bytes!("../font/NotoSansSC-subset.otf");

/// Names in the SVG: the embedded font first, then common fonts.
pub const FAMILY: &str = "Noto Sans SC, Noto Sans CJK SC, Noto Sans, Arial, sans-serif";

/// The family name inside the embedded font.
pub const EMBEDDED_FAMILY: &str = "Noto Sans CJK SC";

/// At this size plotters measures the embedded font in thousandths of its em: it scales by ascent plus descent, which
/// are 1.448 em here.
const MILLI_EM: f64 = 1448.0;

/// The family in the form of plotters, registered in its font table.
pub fn family() -> FontFamily<'static> {
    static REGISTER: Once = Once::new();
    REGISTER.call_once(|| {
        // The tests would detect a broken font file; text is then measured by the fallback of `width`.
        let _ = plotters::style::register_font(FAMILY, FontStyle::Normal, FONT);
    });
    FontFamily::Name(FAMILY)
}

/// Width of a text in pixels at a font size in pixels per em.
pub fn width(text: &str, size: f64) -> f64 {
    let font = FontDesc::new(family(), MILLI_EM, FontStyle::Normal);
    let milli_em =
        font.box_size(text).map_or_else(|_| 600.0 * text.chars().count() as f64, |(width, _)| f64::from(width));
    milli_em * size / 1000.0
}

/// Breaks a text into lines no wider than `limit`: at spaces, around Chinese characters, and inside a word only if it
/// is too wide for a line.
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
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn an_empty_text_is_one_line() {
        assert_eq!(wrap("", 12.0, 80.0), vec![String::new()]);
    }
}
