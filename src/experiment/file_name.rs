//! Names that become names of files: folders of results, charts, copies of input files.

use std::borrow::Cow;

use crate::terminal::is_hidden;

/// Bytes of a name at most: file systems take 255, and an ending or a mark of an unfinished file follows.
const LONGEST: usize = 200;

/// Names of devices: Windows opens the device in any folder and with any ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Characters that Windows does not allow in names; no system allows `/`.
const RESERVED: &[char] = &['/', '\\', '<', '>', ':', '"', '|', '?', '*'];

/// Why `name` is not a valid name of a file or folder on every machine, in words that follow "it"; `None` if it is
/// valid.
///
/// ```
/// use cometsim::experiment::file_name::problem;
///
/// assert_eq!(problem("long polling"), None);
/// assert_eq!(problem("con.csv"), Some("is the name of a device on Windows"));
/// assert!(problem("..").is_some() && problem("a/b").is_some() && problem("COM1").is_some());
/// ```
pub fn problem(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if name.chars().all(|character| character == '.') {
        Some("means a folder")
    } else if name.len() > LONGEST {
        Some("is longer than 200 bytes")
    } else if name.chars().any(is_hidden) {
        Some("has a character that cannot be shown")
    } else if name.contains(RESERVED) {
        Some("has one of / \\ < > : \" | ? *")
    } else if name.ends_with(['.', ' ']) {
        Some("ends in a dot or a space, which Windows drops")
    } else if is_device(name) {
        Some("is the name of a device on Windows")
    } else {
        None
    }
}

/// A name like `name` that every machine allows: other characters become `_`.
pub(super) fn safe(name: &str) -> Cow<'_, str> {
    if problem(name).is_none() {
        return Cow::Borrowed(name);
    }
    let kept = name.trim_end_matches(['.', ' ']);
    let mut safe: String = kept.chars().map(|c| if is_hidden(c) || RESERVED.contains(&c) { '_' } else { c }).collect();
    if safe.is_empty() || is_device(&safe) {
        safe.insert(0, '_');
    }
    // The ending gives the type of a file, so shorten the beginning.
    let surplus = safe.len().saturating_sub(LONGEST);
    let start = (surplus..safe.len()).find(|place| safe.is_char_boundary(*place)).unwrap_or(0);
    Cow::Owned(safe.split_off(start))
}

/// Whether a name is the name of a device, whatever its capitals and its ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ').to_lowercase();
    let is_port = |port: &str| {
        let mut number = stem.strip_prefix(port).unwrap_or_default().chars();
        matches!((number.next(), number.next()), (Some('1'..='9' | '¹' | '²' | '³'), None))
    };
    DEVICES.contains(&stem.as_str()) || is_port("com") || is_port("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_machine_refuses_are_known() {
        let plain = ["", ".", "..", "...", "a/b", "..\\a", "a:b", "a?", "ends.", "ends "];
        let devices = "CON con Con.txt AUX.tar.gz prn COM1 com9.csv LPT1 lpt² CONIN$ conout$.txt";
        let hidden =
            "a\u{0}|a\nb|a\u{7f}|a\u{85}|\u{202e}lmth|a\u{2067}|a\u{200f}|\u{fffe}|\u{ffff}|\u{1fffe}|\u{fdd0}";
        let long = "x".repeat(201);
        let names = plain.into_iter().chain(devices.split(' ')).chain(hidden.split('|'));
        for name in names.chain(["nul .csv", long.as_str()]) {
            assert!(problem(name).is_some(), "{name:?}");
            let safe = safe(name);
            assert_eq!(problem(&safe), None, "{name:?} became {safe:?}");
        }
    }

    #[test]
    fn other_names_stay_as_they_are() {
        let names = "comet x.toml .hidden console com com0 COM10 lpt auxiliary.csv a.con nullable 长轮询 été conin";
        for name in names.split(' ').chain(["a b-c_d", &"x".repeat(200)]) {
            assert_eq!(problem(name), None, "{name:?}");
            assert_eq!(safe(name), name);
        }
    }

    #[test]
    fn a_safe_name_is_like_the_other() {
        for (name, wanted) in [
            ("con.csv", "_con.csv"),
            ("a:b.csv", "a_b.csv"),
            ("..", "_"),
            ("x.csv.", "x.csv"),
            ("a\u{1b}[31m", "a_[31m"),
        ] {
            assert_eq!(safe(name), wanted);
        }
        let long = format!("{}é.csv", "x".repeat(300));
        assert!(safe(&long).ends_with("é.csv") && safe(&long).len() <= LONGEST);
        assert!(safe(&"é".repeat(150)).len() <= LONGEST);
    }
}
