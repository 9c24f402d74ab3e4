//! The names of the tables of a run.

/// Name of the table with a row per point and transport.
pub const SUMMARY: &str = "summary.csv";
/// Name of the table with a row per point, transport and population; only a mix has one.
pub const POPULATIONS: &str = "populations.csv";
/// Name of the table with a row per point, transport and replication.
pub const REPLICATIONS: &str = "replications.csv";
/// Name of the table with the distribution of the latency.
pub const LATENCY_CDF: &str = "latency_cdf.csv";
/// Name of the table with a row per time bin.
pub const TIMELINE: &str = "timeline.csv";

/// Name of the table with a row per value.
pub const SUMMARY_LONG: &str = "summary_long.csv";
/// Name of the table that describes the columns of all tables.
pub const COLUMNS: &str = "columns.csv";

/// Name and text of a file.
pub type TextFile = (&'static str, String);
