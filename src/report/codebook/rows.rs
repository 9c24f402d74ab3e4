//! The columns that are neither metrics nor swept keys.

use crate::report::tables::{
    CLAIMS, COLUMNS, COMPARISON, LATENCY_CDF, POPULATIONS, REPLICATIONS, SEARCH, SUMMARY_LONG, TIMELINE,
};

/// In place of a file: all tables.
pub(super) const ALL: &str = "";
/// How a metric that is averaged is estimated.
pub(super) const MEAN_OF_RUNS: &str = "Mean over the replications.";
const POOLED: &str = "From all latencies of all replications together.";
const PAIRED: &str = "Jackknife of the pairs of replications with the same number. Empty where an estimate has none.";
const CROSSING: &str = "The values at which the limit lies within the interval of the metric. Empty beyond the range.";
const HALF_OF_BINS: &str = "Half the width of the 95 % confidence interval of the column before.";
const OF_BINS: &str = "Student's t over the replications, each bin by itself: of 20 bins one is beyond. Rough with fewer \
                       than 50 of what is counted in the bin. Empty with one replication, or where nothing was counted.";
const CLAIMED: &str = "As the metric; of two transports the jackknife of the pairs of replications.";

/// The columns that are neither metrics nor swept keys: table, column, unit, meaning, how it is estimated, how its
/// interval is made. The row of a table comes before the row of all tables.
pub(super) const ROWS: &[[&str; 6]] = &[
    [
        ALL,
        "point",
        "",
        "Number of the combination of swept values, from 0; of a row that holds for several points the first of them.",
        "",
        "",
    ],
    [ALL, "transport", "", "Name of the transport.", "", ""],
    [ALL, "replications", "", "Number of replications.", "", ""],
    [ALL, "duration_s", "s", "Length of the measured window.", "", ""],
    [ALL, "warmup_s", "s", "Simulated time before the measured window.", "", ""],
    [ALL, "seed", "", "Root of all random streams.", "", ""],
    [ALL, "quick", "", "true: a smoke run, not for publication.", "", ""],
    [POPULATIONS, "population", "", "Name of the population.", "", ""],
    [POPULATIONS, "clients", "", "Number of clients of the population.", "", ""],
    [REPLICATIONS, "replication", "", "Number of the replication, from 0.", "", ""],
    [REPLICATIONS, "fingerprint", "", "Digest of all that was counted in the replication.", "", ""],
    [LATENCY_CDF, "latency_s", "s", "Time from the creation of a message to its delivery.", POOLED, ""],
    [LATENCY_CDF, "fraction", "", "Fraction of the delivered messages that took at most as long.", POOLED, ""],
    [
        TIMELINE,
        "time_s",
        "s",
        "Begin of the time bin since the start of the run; the warm-up ends at warmup_s.",
        "",
        "",
    ],
    [TIMELINE, "requests_per_s", "1/s", "Requests that clients send in the bin.", MEAN_OF_RUNS, OF_BINS],
    [TIMELINE, "requests_per_s_ci95", "1/s", HALF_OF_BINS, "", OF_BINS],
    [
        TIMELINE,
        "http_mbit_per_s",
        "Mbit/s",
        "HTTP bits sent in the bin, both ways, per second / 10^6.",
        MEAN_OF_RUNS,
        OF_BINS,
    ],
    [TIMELINE, "http_mbit_per_s_ci95", "Mbit/s", HALF_OF_BINS, "", OF_BINS],
    [TIMELINE, "held_requests", "", "Mean number of requests at the server in the bin.", MEAN_OF_RUNS, OF_BINS],
    [TIMELINE, "held_requests_ci95", "", HALF_OF_BINS, "", OF_BINS],
    [TIMELINE, "messages_delivered_per_s", "1/s", "Messages delivered in the bin.", MEAN_OF_RUNS, OF_BINS],
    [TIMELINE, "messages_delivered_per_s_ci95", "1/s", HALF_OF_BINS, "", OF_BINS],
    [SUMMARY_LONG, "population", "", "Name of the population of a mix; empty for all clients together.", "", ""],
    [SUMMARY_LONG, "metric", "", "Name of the metric: its column in summary.csv.", "", ""],
    [SUMMARY_LONG, "unit", "", "Unit of the values in this row.", "", ""],
    [
        SUMMARY_LONG,
        "estimate",
        "",
        "Value of the metric over all replications.",
        "As the column of the metric in summary.csv.",
        "",
    ],
    [
        SUMMARY_LONG,
        "low95",
        "",
        "Lower end of the 95 % confidence interval.",
        "",
        "As the column of the metric in summary.csv; empty where no interval would hold.",
    ],
    [
        SUMMARY_LONG,
        "high95",
        "",
        "Upper end of the 95 % confidence interval.",
        "",
        "As the column of the metric in summary.csv; empty where no interval would hold.",
    ],
    [SUMMARY_LONG, "samples", "", "Number of replications with a sample.", "", ""],
    [SUMMARY_LONG, "theory", "", "Closed form of the metric in the steady state, where it is known.", "", ""],
    [SEARCH, "transport", "", "Name of the transport; of two that are compared the first.", "", ""],
    [SEARCH, "key", "", "Dotted path of the key that is searched.", "", ""],
    [SEARCH, "target", "", "What is sought.", "", ""],
    [
        SEARCH,
        "answer",
        "",
        "The last value of the key that meets the target, or the first one; of two transports where the difference \
         changes its sign. In the unit of the key's column in summary.csv.",
        "Bisection over the range, with the estimate of the metric at each value.",
        "",
    ],
    [SEARCH, "low95", "", "Lower end of the 95 % confidence interval of the answer.", "", CROSSING],
    [SEARCH, "high95", "", "Upper end of the 95 % confidence interval of the answer.", "", CROSSING],
    [
        SEARCH,
        "found",
        "",
        "yes; nowhere or everywhere: the target is met at no value tried, or at all; not monotone: it is met, missed and \
         met again; no value: the metric has none, as no message arrived.",
        "",
        "",
    ],
    [COMPARISON, "baseline", "", "Name of the transport that the other one is compared with.", "", ""],
    [COMPARISON, "metric", "", "Name of the metric: its column in summary.csv.", "", ""],
    [
        COMPARISON,
        "difference",
        "",
        "The metric of the transport minus that of the baseline, in the unit of the metric.",
        "Of the estimates in summary.csv.",
        "",
    ],
    [COMPARISON, "difference_low95", "", "Lower end of the 95 % confidence interval of the difference.", "", PAIRED],
    [COMPARISON, "difference_high95", "", "Upper end of the 95 % confidence interval of the difference.", "", PAIRED],
    [
        COMPARISON,
        "ratio",
        "",
        "The metric of the transport / that of the baseline; empty unless both have one sign in every replication.",
        "Of the estimates in summary.csv.",
        "",
    ],
    [COMPARISON, "ratio_low95", "", "Lower end of the 95 % confidence interval of the ratio.", "", PAIRED],
    [COMPARISON, "ratio_high95", "", "Upper end of the 95 % confidence interval of the ratio.", "", PAIRED],
    [
        COMPARISON,
        "p_value",
        "",
        "Two-sided p-value of no difference, after Holm's correction over all rows of the table.",
        "Student's t of the paired difference.",
        "",
    ],
    [COMPARISON, "significant", "", "true: the p-value is below 0.05.", "", ""],
    [CLAIMS, "text", "", "The claim in words.", "", ""],
    [
        CLAIMS,
        "measured",
        "",
        "The value that decides, in the unit of the metric: at the point where the claim holds least.",
        "As the metric, or the paired ratio or difference of two transports.",
        "",
    ],
    [CLAIMS, "low95", "", "Lower end of the 95 % confidence interval.", "", CLAIMED],
    [CLAIMS, "high95", "", "Upper end of the 95 % confidence interval.", "", CLAIMED],
    [
        CLAIMS,
        "verdict",
        "",
        "holds or fails: the whole interval lies on one side; cannot be told: it contains the limit.",
        "",
        "",
    ],
    [COLUMNS, "file", "", "Name of the table.", "", ""],
    [COLUMNS, "column", "", "Name of the column.", "", ""],
    [COLUMNS, "unit", "", "Unit of its numbers; empty for plain numbers and words.", "", ""],
    [COLUMNS, "meaning", "", "What it is.", "", ""],
    [COLUMNS, "estimate", "", "How one value is made of several replications.", "", ""],
    [COLUMNS, "interval", "", "How its 95 % confidence interval is made, and when there is none.", "", ""],
];
