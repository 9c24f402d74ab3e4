//! Breaches of the rules that stay, each with its reason.

use super::breaches::Exception;

/// Arrows between files that use each other.
pub const CYCLES: &[Exception] = &[("*", "until all parts of the program are as they shall be")];

/// Files with conditions that are no `if`.
pub const HIDDEN: &[Exception] = &[("*", "until all parts of the program are as they shall be")];

/// Types of one name.
pub const TWINS: &[Exception] = &[("*", "until all parts of the program are as they shall be")];

/// Files that are long.
pub const LONG_FILES: &[Exception] = &[("*", "until all parts of the program are as they shall be")];

/// Functions that are long, or have many parameters or branches.
pub const LARGE_FUNCTIONS: &[Exception] = &[("*", "until all parts of the program are as they shall be")];

/// Files with words that are not used.
pub const WORDS: &[Exception] = &[("src/model/metric/table.rs", "the labels of charts are results")];
