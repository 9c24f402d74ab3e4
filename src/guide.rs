//! The user guide.
//!
//! 1. [`tutorial`]: from a question to a figure and a sentence.
//! 2. [`running`]: the commands, their files and exit codes.
//! 3. [`cluster`]: experiments that are too large for one machine.
//! 4. [`experiment_file`]: how to write an experiment, with sweeps and charts.
//! 5. [`keys`]: every key, its values and its default.
//! 6. [`what_is_simulated`]: the rules of the model, and what each number counts.
//! 7. [`metrics`]: every column of the results.
//! 8. [`statistics`]: how each number and its interval is computed from the replications.
//! 9. [`reading_results`]: the tables in pandas, R and a spreadsheet.
//! 10. [`comparing`]: differences of transports and of experiments, and claims that every run checks.
//! 11. [`fair_comparison`]: what the defaults compare, what to set for the web of today, and traps.
//! 12. [`trace`]: what one client does in a run, event by event.
//! 13. [`warnings`]: what each warning means, and what to write instead.
//! 14. [`glossary`]: the terms.
//! 15. [`add_a_transport`]: a transport of your own.

#[doc = include_str!("guide/tutorial.md")]
pub mod tutorial {}

#[doc = include_str!("guide/running.md")]
pub mod running {}

#[doc = include_str!("guide/cluster.md")]
pub mod cluster {}

#[doc = include_str!("guide/experiment_file.md")]
pub mod experiment_file {}

#[doc = include_str!("guide/keys.md")]
pub mod keys {}

#[doc = include_str!("guide/what_is_simulated.md")]
pub mod what_is_simulated {}

#[doc = include_str!("guide/metrics.md")]
pub mod metrics {}

#[doc = include_str!("guide/statistics.md")]
pub mod statistics {}

#[doc = include_str!("guide/reading_results.md")]
pub mod reading_results {}
#[doc = include_str!("guide/comparing.md")]
pub mod comparing {}

#[doc = include_str!("guide/fair_comparison.md")]
pub mod fair_comparison {}

#[doc = include_str!("guide/trace.md")]
pub mod trace {}

#[doc = include_str!("guide/warnings.md")]
pub mod warnings {}

#[doc = include_str!("guide/glossary.md")]
pub mod glossary {}

#[doc = include_str!("guide/add_a_transport.md")]
pub mod add_a_transport {}

/// The pages by their names, with their text in Markdown, in the order above.
pub const PAGES: [(&str, &str); 14] = [
    ("tutorial", include_str!("guide/tutorial.md")),
    ("running", include_str!("guide/running.md")),
    ("experiment_file", include_str!("guide/experiment_file.md")),
    ("keys", include_str!("guide/keys.md")),
    ("what_is_simulated", include_str!("guide/what_is_simulated.md")),
    ("metrics", include_str!("guide/metrics.md")),
    ("statistics", include_str!("guide/statistics.md")),
    ("reading_results", include_str!("guide/reading_results.md")),
    ("comparing", include_str!("guide/comparing.md")),
    ("fair_comparison", include_str!("guide/fair_comparison.md")),
    ("trace", include_str!("guide/trace.md")),
    ("warnings", include_str!("guide/warnings.md")),
    ("glossary", include_str!("guide/glossary.md")),
    ("add_a_transport", include_str!("guide/add_a_transport.md")),
];
