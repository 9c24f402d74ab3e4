//! The question of an experiment: the first line of its file, if that is a comment.

use crate::terminal::without_controls;

/// A longer line is no question.
const MOST: usize = 240;

/// The first comment of a file, if it stands before everything else.
pub(super) fn question(text: &str) -> Option<String> {
    let first = text.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty())?;
    let words = first.trim().strip_prefix('#')?.trim_start_matches('#').trim();
    let words = without_controls(words, |_| false);
    if words.is_empty() || words.chars().count() > MOST { None } else { Some(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_comment_is_the_question() {
        assert_eq!(question("# Which one?\n#\n# More.\n[clients]\n").as_deref(), Some("Which one?"));
        assert_eq!(question("\n\n## <b>\"长轮询\"</b>?\n").as_deref(), Some("<b>\"长轮询\"</b>?"));
        assert_eq!(question("[clients]\n# Which one?\n"), None);
        assert_eq!(question("#\n# Later.\n"), None);
        assert_eq!(question(""), None);
        assert_eq!(question(&format!("# {}", "x".repeat(300))), None);
    }
}
