//! Breaches of the rules that stay, each with its reason.

use super::breaches::Exception;

/// Arrows between files that use each other.
pub const CYCLES: &[Exception] = &[
    ("src/experiment/chart.rs -> src/experiment/chart/read.rs", "a chart is read from the keys of its own kind"),
    ("src/model/message_store/*.rs -> src/model/message_store.rs", "each store implements the trait beside its choice"),
    (
        "src/model/recorder/costs.rs -> src/model/recorder.rs",
        "the recorder's methods about costs are a file of their own",
    ),
    (
        "src/model/scenario/*.rs -> src/model/scenario.rs",
        "a part may depend on the whole: a timeout on the longest hold",
    ),
    ("src/model/source.rs -> src/model/source/uneven.rs", "an uneven source is a source with another law of its gaps"),
    ("src/model/transport/*.rs -> src/model/transport.rs", "each transport implements the trait beside the choice"),
    ("src/model/world/*.rs -> src/model/world.rs", "the world's methods are in files by what they are about"),
    ("src/stats/histogram/stored.rs -> src/stats/histogram.rs", "a histogram and the form in which it is stored"),
];

/// Files with conditions that are no `if`.
pub const HIDDEN: &[Exception] = &[];

/// Types of one name.
pub const TWINS: &[Exception] = &[];

/// Files that are long.
pub const LONG_FILES: &[Exception] = &[];

/// Functions that are long, or have many parameters or branches.
pub const LARGE_FUNCTIONS: &[Exception] = &[
    ("src/report/chart/*.rs curve_to", "the numbers of a curve, as the trait of the font reader has them"),
    ("src/experiment/read.rs read", "the steps from a text to an experiment, in their order"),
    ("src/model/message_store/*.rs run_source", "what the source needs is borrowed from several parts of the world"),
];

/// Files with words that are not used.
pub const WORDS: &[Exception] = &[];
