//! Reports: the files that a run writes to its folder.

mod answer;
mod cells;
pub mod chart;
mod cite;
mod clock;
mod codebook;
mod compare_folders;
mod compare_manifests;
mod compare_tables;
mod draw;
mod existing;
mod extended;
mod folder;
mod inference;
mod layout;
mod leftovers;
mod manifest;
mod places;
mod produce;
mod record;
mod redraw;
mod request;
mod results;
mod search;
mod simulate;
mod stored;
mod table;
mod tables;
mod tex;
mod tried;
mod warnings;

pub use answer::{Screen, ShowError, TableFormat, TableTexts, Tabled, WishError, Wishes};
pub use cite::citation;

pub use compare_folders::{Comparison, FolderPair, ResultFolder};
pub use draw::drawing_seconds;
pub use folder::{Folder, FolderError, Held, HoldError, release_all};
pub use inference::{
    Compared, JudgedClaim, LEVEL, Limit, OneSided, PairRow, Ran, between, compared_metrics, comparison,
    comparison_latex, comparison_markdown, comparison_text, contrasts, in_words, judge, one_sided,
};
pub use manifest::{Build, MANIFEST, Manifest, RunFacts, hex as identity_hex, identity, sha256};
pub use produce::produce;
pub use redraw::redraw;
pub use request::{Done, RESOLVED, ReportError, RunRequest, TOTALS};
pub use results::{ANSWER, LATENCY_CDF, POPULATIONS, REPLICATIONS, SUMMARY, TIMELINE, csv_files};
pub use stored::{groups_of, stored_experiment};
pub use table::CsvTable;
pub use tables::{CLAIMS, COMPARISON, SEARCH, SUMMARY_LONG};
pub use warnings::{of_results as warnings_of_results, settle_warmup};
