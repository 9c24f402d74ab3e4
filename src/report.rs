//! What a run leaves behind: tables, charts, reports.

pub mod chart;
pub mod table;
