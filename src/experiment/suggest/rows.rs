//! Synonyms of keys, tables, metrics and parts of ranges, and of features that do not exist.

/// Synonyms and their keys.
pub(super) const ROWS: &[(&str, &str)] = &[
    // The run.
    ("runs rounds reps experiment.repeat repeats repetitions iterations trials samples", "experiment.replications"),
    ("random_seed rng_seed seed_set rng", "experiment.seed"),
    ("warmup_period warmup_time", "experiment.warmup"),
    (
        "sim_time_limit sim_time simulation_time run_time stop_time until horizon experiment.length \
        experiment.time experiment.window",
        "experiment.duration",
    ),
    ("bucket sample_interval", "experiment.bin"),
    ("experiment.name", "experiment.title"),
    ("experiment.ignore suppress", "experiment.accept"),
    ("scheduler", "engine.path"),
    // Clients.
    ("vus users num_clients n_clients clients.n clients.number clients.size concurrency", "clients.count"),
    ("spawn_rate hatch_rate arrivals", "clients.arrival_rate"),
    ("ramp_up ramp stagger spread_start", "clients.start_within"),
    ("request_timeout client_timeout give_up_after patience", "clients.timeout"),
    ("on_failure", "clients.on_error"),
    ("retry.initial retry.base retry.delay retry.min", "retry.first"),
    ("retry.multiplier", "retry.factor"),
    ("retry.cap", "retry.max"),
    ("randomization_factor", "clients.on_error.retry.jitter"),
    ("reconnection_delay_max", "clients.on_error.retry.max"),
    ("reconnection_delay", "clients.on_error.retry.first"),
    ("reconnect_delay", "retry"),
    ("reconnect_delay", "clients.on_error.retry.first"),
    ("adaptive_poll.backoff adaptive_poll.multiplier", "adaptive_poll.factor"),
    ("adaptive_poll.interval", "adaptive_poll.min"),
    ("backoff retries", "clients.on_error.retry"),
    ("reconnect", "retry"),
    ("reconnect", "clients.on_error.retry"),
    ("max_sockets max_connections_per_host", "clients.connections_per_host"),
    ("tabs", "clients.tabs_per_browser"),
    ("churn", "clients.session"),
    ("flash_crowd", "clients.crowd"),
    ("clients.payload", "source.payload"),
    // Messages.
    ("source.rate message_rate lambda", "source.poisson.rate"),
    ("source.interval source.every source.period", "source.periodic.every"),
    ("source.probability source.p", "source.tick.hit"),
    ("message_size msg_size packet_size source.bytes", "source.payload"),
    ("room_size group_size", "source.size"),
    ("burst bursts", "source.on_off"),
    ("diurnal", "source.day"),
    ("replay log", "source.trace"),
    // Bytes.
    ("header_size headers", "http.request_header"),
    ("http_version http.version h2", "http.http2"),
    // Server and proxy.
    (
        "max_children server.pm max_workers num_workers worker_processes worker_connections \
        max_clients max_request_workers max_connections maxconn processes pool pool_size \
        thread_pool server.capacity server.count server.concurrency",
        "server.workers",
    ),
    ("max_queue queue_size queue_limit queue listen_backlog somaxconn accept_count", "server.backlog"),
    ("service_time processing_time", "server.service"),
    ("server.poll_interval server.interval check_interval", "server.check.every"),
    ("check.interval check.sleep", "check.every"),
    ("check.max check.tries", "check.count"),
    ("server.sleep", "server.check.every"),
    ("poll_timeout long_poll_timeout hold_time max_hold", "server.hold"),
    ("outage crash", "server.restart"),
    ("downtime", "server.restart.down"),
    ("detect_disconnect", "server.notices_disconnect"),
    ("proxy_read_timeout timeout_server proxy.timeout gateway_timeout", "proxy.read_timeout"),
    ("timeout_tunnel", "proxy.idle_timeout"),
    // Network.
    (
        "network.data_rate network.bitrate network.capacity network.throughput network.speed network.link",
        "network.client_link",
    ),
    ("uplink upload", "network.client_link.up"),
    ("downlink download", "network.client_link.down"),
    ("packet_loss loss_rate drop_rate network.error_rate network.plr", "network.loss.rate"),
    ("rto", "network.loss.timeout"),
    ("mss", "network.wire.segment"),
    ("tcp packets", "network.wire"),
    ("network.tls https ssl", "network.wire.tls"),
    ("keepalive_timeout", "network.wire.keep_alive"),
    ("delayed_ack", "network.wire.ack_delay"),
    // Distributions.
    ("fixed deterministic", "constant"),
    ("gaussian", "normal"),
    ("exp", "exponential"),
    ("normal.sigma normal.std normal.stddev", "normal.sd"),
    ("normal.mu", "normal.mean"),
    ("lognormal.sd lognormal.std", "lognormal.sigma"),
    ("uniform.min", "uniform.low"),
    ("uniform.max", "uniform.high"),
    ("uniform.a", "uniform.low"),
    ("uniform.b", "uniform.high"),
    ("pareto.scale", "pareto.min"),
    ("pareto.alpha", "pareto.shape"),
    ("weibull.k", "weibull.shape"),
    ("weibull.lambda", "weibull.scale"),
    // Transports.
    ("polling poll", "transport.short_poll"),
    ("long_polling comet", "transport.long_poll"),
    ("adaptive", "transport.adaptive_poll"),
    ("ws socket", "transport.websocket"),
    ("server_sent_events event_source", "transport.sse"),
    ("forever_frame chunked", "transport.streaming"),
    ("short_poll.every short_poll.period", "short_poll.interval"),
    ("poll_interval polling_interval wait_time", "transport.short_poll.interval"),
    ("long_poll.pause long_poll.delay", "long_poll.turnaround"),
    ("think_time", "transport.long_poll.turnaround"),
    ("heartbeat heartbeat_interval ping_interval", "keep_alive"),
    ("ping_interval", "transport.websocket.keep_alive"),
    ("max_age lifetime", "recycle_after"),
    ("lifetime", "clients.session"),
    ("max_bytes", "recycle_bytes"),
    // Populations and charts.
    ("fraction population.weight percentage", "population.share"),
    ("chart.type", "chart.kind"),
    ("xscale", "chart.x_axis"),
    ("yscale", "chart.y_axis"),
    ("metric metrics", "chart.y"),
    ("chart.z chart.color", "chart.value"),
    ("filename chart.file", "chart.name"),
    ("caption heading", "chart.title"),
];

/// The same, with a word on the difference.
pub(super) const ROWS_THAT_DIFFER: &[(&str, &str, &str)] = &[
    ("lognormal.mean", "lognormal.median", "median = mean / exp(sigma^2 / 2)"),
    ("lognormal.mu", "lognormal.median", "median = exp(mu)"),
    (
        "rtt round_trip round_trip_time ping",
        "network.up",
        "A delay for each direction: half of the round trip for `up` and for `down`",
    ),
    (
        "network.delay network.latency network.one_way_delay",
        "network.up",
        "A delay for each direction: up = { constant = \"40 ms\" }, and `down`",
    ),
    (
        "network.jitter",
        "network.up",
        "Give it a distribution that spreads, such as { normal = { mean = \"40 ms\", sd = \"5 ms\" } }",
    ),
    (
        "network.bandwidth",
        "network.client_link",
        "The capacity of each client's link; `server_link` is that of the server's",
    ),
    ("mtu", "network.wire.segment", "The data of a packet, without its headers: \"1448 B\" of 1500 B"),
    ("threads", "server.workers", "Requests that are executed at a time. Threads of the program: --threads"),
    ("cores server.cpu cpus", "server.workers", "Requests that are executed at a time, each by a worker of its own"),
    ("server.timeout", "server.hold", "How long a request is held; a client gives up after `clients.timeout`"),
    ("ignore_user_abort", "server.notices_disconnect", "With the opposite meaning"),
    ("logx", "chart.x_axis", "Write x_axis = \"log\""),
    ("logy", "chart.y_axis", "Write y_axis = \"log\""),
];

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
