//! Texts as a terminal may be given them.

use std::path::Path;

/// A path for a message. Characters that would move the cursor, or colour the text after them, are escaped.
pub fn shown(path: &Path) -> String {
    without_controls(&path.to_string_lossy(), |_| false)
}

/// A word, such as a path, of a command that is suggested: in the quotes of a shell where it needs them.
pub fn shell_word(word: &(impl AsRef<Path> + ?Sized)) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    let word = shown(word.as_ref());
    if !word.is_empty() && word.chars().all(is_plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// A text in which control characters are escaped, except those that are `kept`.
pub fn without_controls(text: &str, kept: impl Fn(char) -> bool) -> String {
    let shown = |c| match escape(c) {
        Some(escaped) if !kept(c) => escaped,
        _ => c.to_string(),
    };
    text.chars().map(shown).collect()
}

/// The escape of a character that a terminal would obey or not show, as TOML writes it; `None` for other characters.
pub(crate) fn escape(character: char) -> Option<String> {
    Some(match character {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        _ if !is_hidden(character) => return None,
        _ if u32::from(character) > 0xffff => format!("\\U{:08X}", u32::from(character)),
        _ => format!("\\u{:04X}", u32::from(character)),
    })
}

/// Whether a character controls a terminal, turns the direction of a text, has no width, or is no character. The joiners
/// (U+200C, U+200D) belong to words and emoji.
pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0xad | 0x61c | 0x180e | 0x200b | 0x200e..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfdd0..=0xfdef
                | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe0fff
        )
        || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_a_word_as_it_was() {
        for word in ["a b", "it's", "", "x\"$HOME`y", "~/a", "a;b", "长轮询", "source.payload=1"] {
            assert_eq!(shlex::split(&shell_word(word)), Some(vec![word.to_owned()]));
        }
        for plain in ["output/comet", "source.payload=1", "长轮询"] {
            assert_eq!(shell_word(plain), plain);
        }
    }
}
