//! Warnings with their names as code.

use serde::Serialize;

use crate::experiment::warning::Warning;

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct WarningView {
    id: String,
    message: Vec<Words>,
    details: Vec<Vec<Words>>,
    /// Whether the experiment accepts it.
    accepted: bool,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Words {
    is_code: bool,
    text: String,
}

impl WarningView {
    pub fn new(warning: &Warning) -> WarningView {
        WarningView {
            id: warning.id.clone(),
            message: with_code(&warning.message),
            details: warning.details.iter().map(|detail| with_code(detail)).collect(),
            accepted: warning.accepted,
        }
    }
}

/// A text in parts: what is in backticks is code.
fn with_code(text: &str) -> Vec<Words> {
    let parts: Vec<&str> = text.split('`').collect();
    // A name may have a backtick of its own.
    if parts.len().is_multiple_of(2) {
        return vec![Words { is_code: false, text: text.to_owned() }];
    }
    let words =
        parts.iter().enumerate().map(|(place, part)| Words { is_code: place % 2 == 1, text: (*part).to_owned() });
    words.filter(|words| !words.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_backticks_are_code() {
        let words = |text| with_code(text).into_iter().map(|it| (it.is_code, it.text)).collect::<Vec<_>>();
        let code = |text: &str| (true, text.to_owned());
        let plain = |text: &str| (false, text.to_owned());
        assert_eq!(words("`a`: 2 % with `b`"), [code("a"), plain(": 2 % with "), code("b")]);
        assert_eq!(words("a ` b"), [plain("a ` b")]);
    }
}
