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

/// Name of the table with a row per point, transport and metric, against the baseline.
pub const COMPARISON: &str = "comparison.csv";
/// Name of the table with a row per claim.
pub const CLAIMS: &str = "claims.csv";
/// Name of the table with an answer of a search in each row.
pub const SEARCH: &str = "search.csv";

/// Name of the table with a row per value.
pub const SUMMARY_LONG: &str = "summary_long.csv";
/// Name of the table that describes the columns of all tables.
pub const COLUMNS: &str = "columns.csv";

/// All tables but the codebook, in its order.
pub const TABLES: [&str; 9] =
    [SUMMARY, REPLICATIONS, LATENCY_CDF, TIMELINE, POPULATIONS, SUMMARY_LONG, SEARCH, COMPARISON, CLAIMS];

/// Name and text of a file.
pub type TextFile = (&'static str, String);
