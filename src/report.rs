//! Reports: the files that a run writes to its folder.

mod absence;
mod answer;
mod cells;
pub mod chart;
mod cite;
mod clock;
mod cluster;
mod codebook;
mod columns;
mod compare_folders;
mod compare_manifests;
mod compare_tables;
mod compare_totals;
mod digits;
mod display_unit;
mod draw;
mod existing;
mod extended;
mod folder;
mod forest;
mod inference;
mod labels;
mod layout;
mod leftovers;
mod manifest;
mod markdown;
mod metric_words;
mod page;
mod picture_wish;
mod places;
mod produce;
mod question;
mod record;
mod redraw;
mod request;
mod results;
mod run_events;
mod search;
mod simulate;
mod stored;
mod survivors;
mod table;
mod tables;
mod tex;
pub mod trace;
mod tried;
mod warnings;
mod wishes;

pub use absence::why_absent;
pub use answer::{Screen, ShowError, TableFormat, TableTexts, Tabled};
pub use cite::citation;
pub use columns::{width, wrapped};

pub use cluster::{
    MergeOutcome, Planned, TASKS, TaskOutcome, TaskRequest, TaskState, Tasks, TasksError, plan_tasks, ranges,
};
pub use compare_folders::{Comparison, FolderPair, ResultFolder};
pub use draw::drawing_seconds;
pub use folder::{Folder, FolderError, Held, HoldError, OwnerProcess, Sharing, release_all};
pub use forest::ComparisonChart;
pub use inference::{
    Compared, JudgedClaim, LEVEL, Limit, OneSided, PairRow, PairScope, Ran, between, compared_metrics, comparison,
    comparison_latex, comparison_markdown, comparison_text, contrasts, judge, one_sided,
};
pub use manifest::{Build, MANIFEST, Manifest, RunFacts, hex as identity_hex, identity, sha256};
pub use page::{Gallery, GalleryError, write_index};
pub use picture_wish::PictureWish;
pub use produce::produce;
pub use redraw::{pictures, redraw};
pub use request::{Done, Lack, RESOLVED, ReportError, RunProgress, RunRequest, TOTALS, TriedValue};
pub use results::{ANSWER, LATENCY_CDF, PAGE, POPULATIONS, REPLICATIONS, SUMMARY, TIMELINE, csv_files};
pub use search::usual_tries;
pub use stored::{experiment_of, groups_of, stored_experiment};
pub use table::CsvTable;
pub use tables::{CLAIMS, COMPARISON, SEARCH, SUMMARY_LONG};
pub use warnings::{of_results as warnings_of_results, settle_warmup};
pub use wishes::{
    WishError, Wishes, listed_names, metrics as wished_metrics, points as wished_points, unknown_transport,
};
