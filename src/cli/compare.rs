//! `cometsim compare`: differences and ratios with intervals, within an experiment or between two.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args, ValueEnum, ValueHint};

use super::Failure;
use super::answer::{TableFiles, screen};
use super::arguments::{Threads, joined};
use super::failure::{note, require_results};
use super::interrupt::handle_interrupts;
use super::output::{print_bytes, print_line};
use super::picture::PictureFile;
use super::progress::ProgressDisplay;
use crate::experiment::Experiment;
use crate::experiment::claim::Verdict;
use crate::model::Metric;
use crate::report::{
    Compared, ComparisonChart, Folder, Limit, PairRow, PairScope, RESOLVED, Ran, WishError, between, compared_metrics,
    comparison, comparison_latex, comparison_markdown, comparison_text, contrasts, groups_of, listed_names, one_sided,
    stored_experiment, unknown_transport, why_absent, wished_metrics, wished_points, wrapped,
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
    /// Metrics, by the names of their columns, with commas between them, or `all` [default: those of the charts, and
    /// six usual ones]
    #[arg(long, value_name = "NAMES")]
    metrics: Vec<String>,
    /// Points of a sweep to compare: 0,3 or 2-5 or clients=100 or first, middle, last, all [default: first, middle and
    /// last; of a search the answer; with --format csv all]
    #[arg(long, value_name = "POINTS", allow_hyphen_values = true)]
    points: Vec<String>,
    /// Transports to compare with the baseline [default: all]
    #[arg(long, value_name = "NAMES")]
    transports: Vec<String>,
    /// How the comparison is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = CompareFormat::Text)]
    format: CompareFormat,
    /// Draw the comparison to a .png, an .svg or a .pdf, too
    #[arg(long, value_name = "FILE", value_parser = PictureFile::parser(), value_hint = ValueHint::FilePath)]
    chart: Option<PictureFile>,
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
    /// The points that are compared unless others are asked for.
    usual_points: Vec<usize>,
}

impl Loaded {
    fn new(path: &Path, arguments: &CompareArguments) -> Result<Loaded, Failure> {
        let (folder, name) = (Folder::new(path), shown(path));
        let experiment = stored_experiment(&folder)?;
        let usual_points = TableFiles::read(&folder, &experiment)?.tabled(&experiment, &[])?.compared_points();
        let progress = ProgressDisplay::new(&name, arguments.quiet);
        let threads = usize::from(arguments.threads.asked());
        let found = groups_of(&folder, &experiment, threads, &|done| progress.report(done));
        progress.finish(false);
        let (experiment, groups) = found?;
        Ok(Loaded { name, experiment, groups, usual_points })
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
    let asked = joined(&arguments.metrics).map(|list| wished_metrics(&list)).transpose().map_err(wrong)?;
    if let Some(file) = &arguments.chart {
        file.check()?;
    }
    handle_interrupts("nothing was compared, and the folders are as they were");
    let loaded =
        arguments.folders.iter().map(|path| Loaded::new(path, arguments)).collect::<Result<Vec<Loaded>, Failure>>()?;
    let compared = |scope: PairScope| match &loaded[..] {
        [one, other] => between(one.ran(), other.ran(), scope).map_err(|why| Failure::Wrong(anyhow!(why))),
        [only] => within(only, arguments.baseline.as_deref(), scope),
        _ => Ok(Compared { rows: Vec::new(), one_sided: Vec::new(), notes: Vec::new() }),
    };
    let Some(last) = loaded.last() else { return Ok(()) };
    let experiment = &last.experiment;
    let wishes = PairWishes::new(arguments, experiment)?;
    if loaded.iter().any(|loaded| loaded.experiment.quick()) {
        note("note: a quick run is compared: a smoke test, not for publication");
    }
    let metrics = asked.clone().unwrap_or_else(|| compared_metrics(experiment));
    // Programs read CSV: it has all points.
    let usual = if arguments.format == CompareFormat::Csv { None } else { Some(&last.usual_points) };
    let shown = wishes.points.as_ref().or(usual).map(Vec::as_slice);
    let found = compared(PairScope { points: shown, ..wishes.scope(&metrics) })?;
    // Of all metrics most experiments lack some.
    let named = asked.as_deref().filter(|metrics| metrics.len() < Metric::ALL.len());
    let absences = found.absences(named.unwrap_or_default());
    print(experiment, &found, (arguments.format, &absences))?;
    if let Some(file) = &arguments.chart {
        let baseline = baseline_name(&loaded, &found.rows);
        let chart = ComparisonChart { experiment, rows: &found.rows, metrics: asked.as_deref(), baseline: &baseline };
        file.write(&chart.draw()?)?;
    }
    if wishes.points.is_none() {
        tell_of_points(arguments.format, shown.map_or(0, |points| experiment.points() - points.len()))?;
    }
    let limited: BTreeSet<Metric> = arguments.fail_if.iter().map(|limit| limit.metric).collect();
    let limited: Vec<Metric> = limited.into_iter().collect();
    judge(experiment, &arguments.fail_if, &compared(wishes.scope(&limited))?)
}

/// Says how many points are not shown.
fn tell_of_points(format: CompareFormat, left_out: usize) -> Result<(), Failure> {
    match left_out {
        0 => Ok(()),
        1 => tell(format, "1 more point: --points all"),
        count => tell(format, &format!("{count} more points: --points all")),
    }
}

/// What all rows are compared with: a transport, or the first of two folders, by the end of its name if that differs.
fn baseline_name(loaded: &[Loaded], rows: &[PairRow]) -> String {
    let end = |loaded: &Loaded| Path::new(&loaded.name).file_name().map(|name| name.to_string_lossy().into_owned());
    match loaded {
        [one, other] if end(one) == end(other) => one.name.clone(),
        [one, _] => end(one).unwrap_or_else(|| one.name.clone()),
        _ => rows.first().map(|row| row.baseline.clone()).unwrap_or_default(),
    }
}

/// What is asked for in lists.
struct PairWishes {
    points: Option<Vec<usize>>,
    transports: Option<Vec<String>>,
}

impl PairWishes {
    fn new(arguments: &CompareArguments, experiment: &Experiment) -> Result<PairWishes, Failure> {
        let points = joined(&arguments.points).map(|list| wished_points(&list, experiment));
        let known: Vec<&String> = experiment.transports().iter().collect();
        let names = joined(&arguments.transports).map(|list| listed_names(&list, &known));
        let names = names.transpose().map_err(wrong)?;
        let transports = names.map(|names| names.into_iter().cloned().collect());
        Ok(PairWishes { points: points.transpose().map_err(wrong)?, transports })
    }

    fn scope<'a>(&'a self, metrics: &'a [Metric]) -> PairScope<'a> {
        PairScope { metrics, points: self.points.as_deref(), transports: self.transports.as_deref() }
    }
}

fn wrong(error: WishError) -> Failure {
    Failure::Wrong(anyhow!(error))
}

fn within(loaded: &Loaded, asked: Option<&str>, scope: PairScope) -> Result<Compared, Failure> {
    let Loaded { experiment, groups, name, .. } = loaded;
    let transports = experiment.transports();
    let baseline = asked.or(experiment.baseline()).or(transports.first().map(String::as_str)).unwrap_or_default();
    if !transports.iter().any(|transport| transport == baseline) {
        return Err(wrong(unknown_transport(baseline, &transports.iter().collect::<Vec<_>>())));
    }
    if transports.len() < 2 {
        return Err(Failure::Wrong(anyhow!(
            "{name} has one transport, `{baseline}`: name a second folder to compare it with"
        )));
    }
    if !transports.iter().any(|transport| transport != baseline && scope.has_transport(transport)) {
        return Err(Failure::Wrong(anyhow!(
            "there is nothing to compare: `{baseline}` is the baseline; name another transport with --transports, or \
             another baseline with --baseline"
        )));
    }
    Ok(Compared {
        rows: contrasts(experiment, groups, baseline, scope),
        one_sided: one_sided(experiment, groups, baseline, scope),
        notes: Vec::new(),
    })
}

/// Prints the rows, and why some are `absent`.
fn print(
    experiment: &Experiment,
    found: &Compared,
    (format, absent): (CompareFormat, &[String]),
) -> Result<(), Failure> {
    let rows = &found.rows;
    if rows.is_empty() {
        let absent: String = absent.iter().map(|line| format!("\n  {line}")).collect();
        return Err(Failure::Wrong(anyhow!(
            "there is nothing to compare: none of the metrics has a value on both sides{absent}"
        )));
    }
    let lines = match format {
        CompareFormat::Csv => return Ok(print_bytes(comparison(experiment, rows)?.as_bytes())?),
        CompareFormat::Text => comparison_text(experiment, rows, screen().columns),
        CompareFormat::Markdown => comparison_markdown(experiment, rows),
        CompareFormat::Latex => comparison_latex(experiment, rows),
    };
    for line in lines {
        print_line(without_controls(&line, |_| false))?;
    }
    absent.iter().try_for_each(|words| tell(format, words))?;
    found.notes.iter().try_for_each(|words| tell(format, &format!("note: {words}")))
}

/// Says something about a comparison: below a text, and on standard error where programs read the output.
fn tell(format: CompareFormat, words: &str) -> Result<(), Failure> {
    if format == CompareFormat::Text {
        let columns = screen().columns;
        let mut lines = words.lines().flat_map(|line| wrapped(line, columns));
        return lines.try_for_each(|line| Ok(print_line(without_controls(&line, |_| false))?));
    }
    note(words);
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
            (true, true) => {
                let why = why_absent(limit.metric).unwrap_or_else(|| "empty on both sides".to_owned());
                note(&format!("--fail-if {text}: cannot be told: the metric is {why}"));
            }
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
