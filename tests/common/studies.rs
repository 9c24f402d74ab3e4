//! Experiments that several tests run, without `[experiment]`: [`text`] adds it.

/// Warnings that short runs have.
const ACCEPTED: &str = r#"accept = ["few-messages-expected", "too-few-messages", "imprecise", "messages-pending", "backlog-grows", "not-steady", "warmup-shorter-than-needed", "looks-differ", "nothing-created"]"#;

/// A comparison and a claim at points that change one of two transports.
pub const STUDY: &str = r#"replications = 10
duration = "2 min"
warmup = "90 s"
bin = "15 s"
baseline = "long polling"
[clients]
count = 20
[source]
poisson = { rate = "0.1 /s" }
[[transport]]
name = "short polling"
short_poll = { interval = "4 s" }
[[transport]]
name = "long polling"
long_poll = {}
[[claim]]
text = "long polling costs less"
metric = "http_bytes_per_s"
of = "long polling"
over = "short polling"
is = "< 1"
[sweep]
'transport."short polling".interval' = ["2 s", "4 s"]
[[chart]]
name = "bandwidth"
kind = "bar"
"#;

/// A sweep of one of two transports, with a trace, a comparison, a claim and a chosen warm-up.
pub const SWEEP: &str = r#"replications = 6
duration = "2 min"
warmup = "auto"
bin = "15 s"
baseline = "long polling"
[clients]
count = 20
[source.trace]
file = "../data/messages.csv"
repeat = true
[[transport]]
name = "short polling"
short_poll = { interval = "4 s" }
[[transport]]
name = "long polling"
long_poll = {}
[[claim]]
text = "long polling costs less"
metric = "http_bytes_per_s"
of = "long polling"
over = "short polling"
is = "< 1"
[sweep]
'transport."short polling".interval' = ["2 s", "4 s"]
"#;

/// One point of many clients that share nothing, in one replication.
pub const HUGE: &str = r#"replications = 1
duration = "1 min"
warmup = "1 min"
bin = "15 s"
[clients]
count = 30_000
[cost]
memory_per_connection = "20 kB"
[[transport]]
name = "long polling"
long_poll = {}
"#;

/// Clients that share workers: no replication can be divided.
pub const POOL: &str = r#"replications = 5
duration = "2 min"
[server]
workers = 20
[clients]
count = 60
[[transport]]
name = "short polling"
short_poll = { interval = "2 s" }
[[transport]]
name = "long polling"
long_poll = {}
"#;

/// Replications until two intervals are narrow enough, after more than one round.
pub const PRECISION: &str = r#"replications = 3
precision = [{ metric = "latency_p95_s", half_width = "3 %" }, { metric = "http_bytes_per_s", half_width = "100 B/s" }]
max_replications = 100
duration = "5 min"
[clients]
count = 40
[[transport]]
name = "short polling"
short_poll = { interval = "1 s" }
[[transport]]
name = "long polling"
long_poll = {}
[sweep]
"clients.count" = [40, 100]
[[chart]]
name = "bandwidth"
kind = "bar"
"#;

/// The number of clients that each of two transports serves in time.
pub const SEARCH: &str = r#"replications = 4
[server]
workers = 20
[clients]
count = 40
[[transport]]
name = "short polling"
short_poll = { interval = "1 s" }
[[transport]]
name = "long polling"
long_poll = {}
[search]
key = "clients.count"
range = [10, 60]
target = "latency_p95_s <= 2 s"
[[chart]]
name = "latency"
kind = "line"
x = "clients.count"
y = "latency_p95_s"
"#;

/// An experiment as a file.
pub fn text(study: &str) -> String {
    format!("[experiment]\n{ACCEPTED}\n{study}")
}
