//! `cometsim compare`: differences and ratios with intervals, within an experiment or between two.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args, ValueEnum, ValueHint};

use super::Failure;
use super::arguments::Threads;
use super::failure::{note, require_results};
use super::interrupt::handle_interrupts;
use super::output::{print_bytes, print_line};
use super::progress::ProgressDisplay;
use crate::experiment::Experiment;
use crate::experiment::claim::Verdict;
use crate::model::Metric;
use crate::report::{
    Compared, Folder, Limit, PairRow, RESOLVED, Ran, between, compared_metrics, comparison, comparison_latex,
    comparison_markdown, comparison_text, contrasts, groups_of, one_sided, stored_experiment,
};
use crate::runner::Group;
use crate::terminal::{shown, without_controls};

/// Arguments of `cometsim compare`.
#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// Folder of a run, such as output/comet, whose transports are compared; or two, the baseline first
    #[arg(required = true, num_args = 1..=2, value_name = "DIR", value_hint = ValueHint::DirPath)]
    folders: Vec<PathBuf>,
    /// Transport with which the others are compared, within one folder [default: that of the file, or the first]
    #[arg(long, value_name = "NAME")]
    baseline: Option<String>,
    /// Metrics, separated by commas, or `all` [default: those of the charts, and six usual ones]
    #[arg(long, value_name = "LIST")]
    metrics: Option<String>,
    /// How the comparison is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = CompareFormat::Text)]
    format: CompareFormat,
    /// Exit with code 3 where `METRIC > LIMIT` holds for certain; LIMIT is relative ('+5 %') or absolute ('20 ms')
    #[arg(long, value_name = "CONDITION", value_parser = Limit::parse)]
    fail_if: Vec<Limit>,
    #[command(flatten)]
    threads: Threads,
    /// Show no progress on standard error
    #[arg(long)]
    quiet: bool,
}

/// The format of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CompareFormat {
    // For people, at most 80 columns.
    Text,
    // The table that `[experiment] baseline` writes.
    Csv,
    // For a document.
    Markdown,
    // With booktabs and siunitx.
    Latex,
}

/// A folder with its results.
struct Loaded {
    name: String,
    experiment: Experiment,
    groups: Vec<Group>,
}

impl Loaded {
    fn new(path: &Path, arguments: &CompareArguments) -> Result<Loaded, Failure> {
        let (folder, name) = (Folder::new(path), shown(path));
        let experiment = stored_experiment(&folder)?;
        let progress = ProgressDisplay::new(&name, arguments.quiet);
        let threads = usize::from(arguments.threads.asked());
        let found = groups_of(&folder, &experiment, threads, &|done| progress.report(done));
        progress.finish();
        let (experiment, groups) = found?;
        Ok(Loaded { name, experiment, groups })
    }

    fn ran(&self) -> Ran<'_> {
        Ran { experiment: &self.experiment, groups: &self.groups, name: &self.name }
    }
}

/// Compares the transports of one folder, or two folders.
pub(super) fn compare(arguments: &CompareArguments) -> Result<(), Failure> {
    for path in &arguments.folders {
        require_results(path, RESOLVED)?;
    }
    if arguments.folders.len() > 1 && arguments.baseline.is_some() {
        return Err(Failure::Wrong(anyhow!("of two folders the first one is the baseline: leave --baseline out")));
    }
    let asked = arguments.metrics.as_deref().map(metrics).transpose().map_err(Failure::Wrong)?;
    handle_interrupts("nothing was compared, and the folders are as they were");
    let loaded =
        arguments.folders.iter().map(|path| Loaded::new(path, arguments)).collect::<Result<Vec<Loaded>, Failure>>()?;
    let compared = |metrics: &[Metric]| match &loaded[..] {
        [one, other] => between(one.ran(), other.ran(), metrics).map_err(|why| Failure::Wrong(anyhow!(why))),
        [only] => within(only, arguments.baseline.as_deref(), metrics),
        _ => Ok(Compared { rows: Vec::new(), one_sided: Vec::new(), notes: Vec::new() }),
    };
    let Some(experiment) = loaded.last().map(|loaded| &loaded.experiment) else { return Ok(()) };
    if loaded.iter().any(|loaded| loaded.experiment.quick()) {
        note("note: a quick run is compared: a smoke test, not for publication");
    }
    let metrics = asked.unwrap_or_else(|| compared_metrics(experiment));
    let found = compared(&metrics)?;
    print(experiment, &found, arguments.format)?;
    let limited: BTreeSet<Metric> = arguments.fail_if.iter().map(|limit| limit.metric).collect();
    let limited: Vec<Metric> = limited.into_iter().collect();
    judge(experiment, &arguments.fail_if, &compared(&limited)?)
}

/// The metrics of a list, or all.
fn metrics(list: &str) -> Result<Vec<Metric>, anyhow::Error> {
    if list.trim() == "all" {
        return Ok(Metric::ALL.to_vec());
    }
    let named = |name: &str| {
        let name = name.trim();
        let wrong = || anyhow!("`{name}` is not a metric: the guide's page \"Metrics\" lists all");
        Metric::from_name(name).ok_or_else(wrong)
    };
    let mut metrics: Vec<Metric> = Vec::new();
    for metric in list.split(',').map(named) {
        let metric = metric?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    Ok(metrics)
}

fn within(loaded: &Loaded, asked: Option<&str>, metrics: &[Metric]) -> Result<Compared, Failure> {
    let Loaded { experiment, groups, name } = loaded;
    let transports = experiment.transports();
    let baseline = asked.or(experiment.baseline()).or(transports.first().map(String::as_str)).unwrap_or_default();
    if !transports.iter().any(|transport| transport == baseline) {
        let known = transports.join(", ");
        return Err(Failure::Wrong(anyhow!("no transport of {name} is named `{baseline}`: it has {known}")));
    }
    if transports.len() < 2 {
        return Err(Failure::Wrong(anyhow!(
            "{name} has one transport, `{baseline}`: name a second folder to compare it with"
        )));
    }
    Ok(Compared {
        rows: contrasts(experiment, groups, baseline, metrics),
        one_sided: one_sided(experiment, groups, baseline, metrics),
        notes: Vec::new(),
    })
}

fn print(experiment: &Experiment, found: &Compared, format: CompareFormat) -> Result<(), Failure> {
    let rows = &found.rows;
    if rows.is_empty() {
        return Err(Failure::Wrong(anyhow!("none of the metrics has a value on both sides")));
    }
    let text = match format {
        CompareFormat::Text => comparison_text(experiment, rows),
        CompareFormat::Csv => comparison(experiment, rows)?,
        CompareFormat::Markdown => comparison_markdown(experiment, rows),
        CompareFormat::Latex => comparison_latex(experiment, rows),
    };
    let text = if format == CompareFormat::Csv { text } else { without_controls(&text, |c| c == '\n') };
    print_bytes(text.as_bytes())?;
    for words in &found.notes {
        // The other formats are read by programs.
        if format == CompareFormat::Text {
            print_line(without_controls(&format!("note: {words}"), |c| c == '\n'))?;
        } else {
            note(&format!("note: {words}"));
        }
    }
    Ok(())
}

/// Says of each limit where it is passed, or may be; a failure if it is passed anywhere.
fn judge(experiment: &Experiment, limits: &[Limit], found: &Compared) -> Result<(), Failure> {
    let mut passed = 0;
    for limit in limits {
        let of_metric = |row: &&PairRow| row.metric == limit.metric;
        let rows: Vec<PairRow> = found.rows.iter().filter(of_metric).cloned().collect();
        let verdicts = limit.verdicts(&rows);
        let named = |verdict: Verdict| {
            let rows = rows.iter().zip(&verdicts).filter(move |(_, found)| **found == verdict);
            rows.map(|(row, _)| place(experiment, row.point, [&row.transport, &row.baseline]))
        };
        let certain: Vec<String> = named(Verdict::Holds).collect();
        let mut unknown: Vec<String> = named(Verdict::CannotBeTold).collect();
        unknown.extend(found.one_sided.iter().filter(|row| row.metric == limit.metric).map(|row| {
            let place = place(experiment, row.point, [&row.transport, &row.baseline]);
            format!("{place}: {} has no value", row.absent)
        }));
        passed += usize::from(!certain.is_empty());
        let text = &limit.text;
        for (places, words) in [(&certain, "holds"), (&unknown, "cannot be told")] {
            for place in places {
                note(&format!("--fail-if {text}: {words} for {place}"));
            }
        }
        match (rows.is_empty(), certain.is_empty() && unknown.is_empty()) {
            (true, true) => note(&format!("--fail-if {text}: cannot be told: the metric has no value on either side")),
            (false, true) => note(&format!("--fail-if {text}: holds nowhere")),
            _ => {}
        }
    }
    match passed {
        0 => Ok(()),
        1 => Err(Failure::Differs(anyhow!("a condition of --fail-if holds"))),
        count => Err(Failure::Differs(anyhow!("{count} conditions of --fail-if hold"))),
    }
}

fn place(experiment: &Experiment, point: usize, [transport, baseline]: [&str; 2]) -> String {
    let at = if experiment.points() > 1 { format!(" at {}", experiment.words_of_point(point)) } else { String::new() };
    format!("{transport} against {baseline}{at}")
}
