//! Experiments whose pages are looked at.

use std::path::PathBuf;

use crate::program::{Scratch, run_to};

/// Names that are markup, formulas, and other than Latin.
pub const MARKUP: &str = "</script><img src=x onerror=window.harmed=1> & \\\"长轮询\\\"";
/// As [`MARKUP`], as it is shown.
pub const SHOWN_MARKUP: &str = "</script><img src=x onerror=window.harmed=1> & \"长轮询\"";

/// Every kind of chart over a sweep of two keys, with hostile names.
pub fn of_all_kinds() -> String {
    format!(
        "# Which is <b>better</b>, {shown}?\n[experiment]\ntitle = \"{MARKUP}\"\nreplications = 3\nwarmup = \"45 s\"\n\
         duration = \"200 s\"\nbin = \"5 s\"\naccept = [\"few-messages-expected\", \"too-few-messages\", \"imprecise\"]\n\
         [clients]\ncount = 20\n[source]\npoisson.rate = \"0.1 /s\"\n[network]\nup.constant = \"40 ms\"\n\
         down.constant = \"40 ms\"\n[[transport]]\nname = \"{MARKUP}\"\nshort_poll = {{ interval = \"5 s\" }}\n\
         [[transport]]\nname = \"=1+1\"\nlong_poll = {{}}\n[[transport]]\nname = \"WebSocket\"\nwebsocket = {{}}\n\
         [sweep]\n\"clients.count\" = [5, 20]\n\"source.payload\" = [\"20 B\", \"2 kB\", \"20 kB\"]\n\
         [[claim]]\ntext = \"{MARKUP} is late\"\nmetric = \"latency_mean_s\"\nof = \"{MARKUP}\"\nis = \"> 1 s\"\n\
         [[claim]]\ntext = \"WebSocket is late\"\nmetric = \"latency_mean_s\"\nof = \"WebSocket\"\nis = \"> 1 s\"\n\
         [[chart]]\nname = \"line\"\nkind = \"line\"\ny = \"http_bytes_per_message\"\n\
         [[chart]]\nname = \"bar\"\nkind = \"bar\"\nx = \"transport\"\ny = \"latency_mean_s\"\n\
         [[chart]]\nname = \"tradeoff\"\nkind = \"tradeoff\"\nx_axis = \"log\"\n\
         [[chart]]\nname = \"cdf\"\nkind = \"cdf\"\nx_axis = \"log\"\n\
         [[chart]]\nname = \"time\"\nkind = \"timeline\"\ny = \"requests_per_s\"\n\
         [[chart]]\nname = \"heat\"\nkind = \"heatmap\"\nvalue = \"http_bytes_per_message\"\n",
        shown = SHOWN_MARKUP,
    )
}

/// The page of the experiment with all kinds of charts.
pub fn page_of_all_kinds(scratch: &Scratch) -> PathBuf {
    let file = scratch.file("all-kinds.toml", &of_all_kinds());
    let out = scratch.path("out");
    let output = scratch.cometsim(&["run", &file, "--out", &out, "--quiet"]);
    // A claim fails.
    assert_eq!(output.code, 4, "{}", output.stderr);
    PathBuf::from(out).join("all-kinds/index.html")
}

/// The page of a quick run of an experiment of the repository.
pub fn page_of(scratch: &Scratch, name: &str) -> PathBuf {
    let file = format!("{}/experiments/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    run_to(scratch, &file, "out", &["--quick"]).join("index.html")
}

/// The page of ten transports with long names, of one replication.
pub fn page_of_ten(scratch: &Scratch) -> PathBuf {
    let transport = |number: usize| {
        format!(
            "[[transport]]\nname = \"transport number {number}, with a long name\"\nshort_poll = {{ interval = \"{}00 ms\" }}\n",
            number + 1
        )
    };
    let transports: String = (0..10).map(transport).collect();
    let chart = |kind: &str| format!("[[chart]]\nname = \"{kind}\"\nkind = \"{kind}\"\n");
    let charts: String = ["bar", "tradeoff", "cdf", "timeline"].map(chart).concat();
    let text = format!(
        "[experiment]\nreplications = 1\nwarmup = \"45 s\"\nduration = \"900 s\"\naccept = [\"imprecise\", \"too-few-messages\", \
         \"few-messages-expected\", \"not-steady\"]\n[clients]\ncount = 4\n[source]\npoisson.rate = \"0.5 /s\"\n\
         {transports}{charts}"
    );
    let file = scratch.file("ten.toml", &text);
    run_to(scratch, &file, "out", &[]).join("index.html")
}

/// A run without a message, of one replication.
pub fn of_nothing() -> String {
    let accept = "accept = [\"few-messages-expected\", \"nothing-created\"]";
    format!(
        "[experiment]\nreplications = 1\nwarmup = \"45 s\"\nduration = \"30 s\"\n{accept}\n[clients]\ncount = 2\n\
         [source]\npoisson.rate = \"0.0001 /s\"\n[[transport]]\nname = \"polls\"\nshort_poll = {{ interval = \"5 s\" }}\n\
         [[transport]]\nname = \"long\"\nlong_poll = {{}}\n[[chart]]\nname = \"trade\"\nkind = \"tradeoff\"\n\
         [[chart]]\nname = \"cdf\"\nkind = \"cdf\"\n[[chart]]\nname = \"time\"\nkind = \"timeline\"\n"
    )
}

/// The page of charts in plots of their own, swept values that differ in their last digit and have two units, titles with
/// brackets, lines at fixed values, and two transports of one name.
pub fn page_of_plots(scratch: &Scratch) -> PathBuf {
    let text = "[experiment]\nreplications = 2\nduration = \"90 s\"\nbin = \"500 ms\"\naccept = [\"few-messages-expected\", \
                \"too-few-messages\", \"imprecise\", \"not-steady\"]\n[clients]\ncount = 2\n[source]\npoisson.rate = \"0.5 /s\"\n\
                [[transport]]\nname = \"polls\"\nshort_poll = { interval = \"5 s\" }\n[[transport]]\nname = \"long\"\nlong_poll = {}\n\
                [sweep]\n\"source.payload\" = [\"900 B\", \"12345 B\", \"12346 B\"]\n\"clients.count\" = [2, 4]\n\
                [[chart]]\nname = \"line\"\nkind = \"line\"\nx = \"source.payload\"\ny = \"requests_per_message\"\n\
                y_label = \"requests (each message)\"\n\
                [[chart]]\nname = \"cdf\"\nkind = \"cdf\"\npanels = \"clients.count\"\n\
                [[chart]]\nname = \"tradeoff\"\nkind = \"tradeoff\"\npanels = \"clients.count\"\n\
                [[chart]]\nname = \"time\"\nkind = \"timeline\"\n\
                [[chart]]\nname = \"alike\"\nkind = \"timeline\"\nlabel = { polls = \"any\", long = \"any\" }\n\
                [[chart]]\nname = \"cut\"\nkind = \"timeline\"\ny = \"requests_per_s\"\ny_axis = \"log\"\n\
                [[chart]]\nname = \"bar\"\nkind = \"bar\"\nx = \"transport\"\ny = \"requests_per_message\"\ny_range = [0, 1]\n\
                reference = [{ y = 3.0, label = \"beyond\" }, { y = 0.9, label = \"within\" }]\n\
                [[chart]]\nname = \"heat\"\nkind = \"heatmap\"\nvalue = \"requests_per_message\"\nseries = [\"polls\"]\n";
    let file = scratch.file("plots.toml", text);
    run_to(scratch, &file, "out", &[]).join("index.html")
}
