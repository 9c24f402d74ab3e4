//! Synonyms of tables, metrics and parts of ranges, and of features that do not exist.

/// Synonyms of the tables of the file.
pub(super) const TABLES: &[(&str, &str)] = &[
    ("simulation general config scenario run", "experiment"),
    ("users vus browsers", "clients"),
    ("messages traffic workload events", "source"),
    ("backend php", "server"),
    ("nginx haproxy gateway balancer load_balancer", "proxy"),
    ("latency delay", "network"),
    ("tcp", "network.wire"),
    ("tls", "network.wire.tls"),
    ("pricing", "cost"),
    ("protocol technique", "transport"),
    ("group segment", "population"),
    ("plot graph figure", "chart"),
    ("params parameters matrix grid vary study", "sweep"),
];

/// A word, the feature that it means, and the alternative.
pub(super) const UNAVAILABLE: &[(&str, &str, &str)] = &[
    ("experiment.precision", "stopping at a given precision", "give the number of runs instead: replications = 20"),
    ("search", "searching for a value", "sweep the key, and take the value from summary.csv"),
    ("goal", "a goal of a search", "sweep the key, and take the value from summary.csv"),
    ("assert", "a condition on results", "compare the columns of summary.csv in a script"),
    (
        "compare",
        "a comparison of transports",
        "all transports of a file meet the same messages: divide the columns of summary.csv",
    ),
    (
        "price_per_request",
        "a price per request",
        "prices are per GB and per core hour; requests_per_s in summary.csv counts requests",
    ),
    (
        "max_attempts max_retries attempts reconnection_attempts",
        "giving up after some attempts",
        "clients retry without end, or write on_error = \"stop\"",
    ),
    ("waits", "a list of waits", "waits grow from `first` by `factor` to `max`: { retry = { first = \"1 s\" } }"),
    ("ttl expire", "a lifetime of messages", "source.keep = \"latest\" keeps the newest message alone"),
    ("buffer buffer_size", "a limit of a mailbox", "source.keep = \"latest\" keeps the newest message alone"),
    (
        "servers nodes replicas instances sticky",
        "more than one server",
        "give one server as many workers as all have together",
    ),
    (
        "stages",
        "a load in several stages",
        "clients.arrival_rate lets clients come, clients.crowd lets many come at once",
    ),
    ("extends include", "a file on top of another", "override keys with --set, or sweep them"),
    ("xlabel ylabel", "a label of an axis", "an axis has the name of what it shows; title = \"…\" is free"),
    ("xlim ylim", "a limit of an axis", "an axis reaches from the least to the greatest value; sweep fewer values"),
    ("figsize dpi", "the size of a chart", "the SVG can be drawn at any size"),
];

/// Synonyms of metrics.
pub(super) const METRICS: &[(&str, &str)] = &[
    ("bandwidth traffic mbps", "http_mbit_per_s"),
    ("throughput", "goodput_per_s"),
    ("bytes", "http_bytes_per_s"),
    ("rps qps load", "requests_per_s"),
    ("delay response_time", "latency_mean_s"),
    ("staleness freshness aoi", "age_mean_s"),
    ("loss lost", "messages_lost"),
    ("errors", "broken_requests"),
    ("cpu", "server_cores_mean"),
    ("memory ram", "server_memory_bytes_peak"),
    ("connections", "held_requests_mean"),
    ("battery energy", "phone_current_ma_mean"),
    ("price", "cost_per_day"),
    ("utilization", "workers_busy_mean"),
];

/// Synonyms of the parts of a range.
pub(super) const RANGE_PARTS: &[(&str, &str)] = &[
    ("min start low begin", "from"),
    ("max stop end high until", "to"),
    ("num n count points step", "steps"),
    ("type spacing log", "scale"),
];
