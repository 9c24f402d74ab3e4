//! Reports: the files that a run writes to its folder.

pub mod chart;
mod clock;
mod compare_folders;
mod compare_manifests;
mod compare_tables;
mod draw;
mod existing;
mod folder;
mod leftovers;
mod manifest;
mod produce;
mod record;
mod redraw;
mod request;
mod results;
mod table;
mod warnings;

pub use compare_folders::{Comparison, ResultFolder};
pub use draw::drawing_seconds;
pub use folder::{Folder, FolderError, Held, HoldError, release_all};
pub use manifest::{Build, MANIFEST, Manifest, RunFacts, hex as identity_hex, identity, sha256};
pub use produce::produce;
pub use redraw::redraw;
pub use request::{Done, RESOLVED, ReportError, RunRequest};
pub use results::{LATENCY_CDF, REPLICATIONS, SUMMARY, TIMELINE, csv_files};
pub use table::CsvTable;
pub use warnings::{of_results as warnings_of_results, settle_warmup};
