//! Reports: what a run leaves in its folder.

mod around;
pub mod chart;
mod compare_folders;
mod compare_tables;
mod folder;
mod manifest;
mod produce;
mod results;
mod table;
mod warnings;

pub use compare_folders::{Comparison, Results, compare_folders};
pub use folder::{Folder, FolderError};
pub use manifest::{Build, MANIFEST, Manifest, RunFacts, hex as identity_hex, identity, sha256};
pub use produce::{Done, RESOLVED, Request, RunError, drawing_seconds, produce, redraw};
pub use results::{LATENCY_CDF, REPLICATIONS, SUMMARY, TIMELINE, csv_files};
pub use table::Table;
pub use warnings::of_results as warnings_of_results;
