//! One client's life: as lines of text, a table, a sequence diagram, and a trace for a viewer.

mod csv_rows;
mod diagram;
mod files;
mod lines;
mod scene;
mod seconds;
mod story;
mod telling;
mod traced;
mod tracing;
mod viewer;
mod window;
mod words;

pub use csv_rows::{TRACE_COLUMNS, trace_csv};
pub use diagram::trace_diagram;
pub use files::{TRACE_FILES, check_trace_folder, write_trace};
pub use lines::trace_text;
pub use traced::{ClientTrace, TracedLife};
pub use tracing::{TraceError, TraceWish, trace_client};
pub use viewer::trace_json;
pub use window::{TraceSpan, WrongSpan};
