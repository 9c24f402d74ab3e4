//! From a path to a text, and from that to a validated experiment.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::diagnostics::{Diagnostics, Problem};
use super::inputs::{InputPlaces, Inputs};
use super::names::{self, Names};
use super::node::{Node, Span};
use super::resolve::QUICK_WARMUP;
use super::sweep::{Sweep, swept_keys};
use super::warning::{self, Gathering, WarningKind};
use super::{
    Experiment, baseline, chart, check, claim, file_name, foreseen, input_paths, normalize, overrides, parse, path,
    precision, regular_file, search, sweep, write,
};
use crate::units::Time;

/// Most bytes of an experiment file.
const MOST_BYTES: u64 = 16 << 20;
/// More runs than this are refused: their results would not fit into memory.
const MOST_RUNS: u64 = 100_000_000;
/// Points that are still checked after the first one with an error.
const POINTS_AFTER_ERROR: usize = 10_000;

impl Experiment {
    /// Reads the file at `path` with `--set KEY=VALUE` overrides.
    ///
    /// # Errors
    /// With all errors at once.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Experiment, Diagnostics> {
        let name = path.display().to_string();
        let folder = path.parent().unwrap_or(Path::new(""));
        let failed = |message: String, help: &str| {
            let mut diagnostics = Diagnostics::default();
            diagnostics.error(Problem::new(message).help(help));
            diagnostics
        };
        let bytes = regular_file::read(path, MOST_BYTES).map_err(|reason| {
            let is_input = path == Path::new("-");
            let help = match elsewhere(path) {
                _ if is_input => "save what comes from there to a file".to_owned(),
                Some(there) => format!("did you mean {there}?"),
                None => "give the path of an experiment file".to_owned(),
            };
            failed(format!("cannot read {name}: {reason}"), &help)
        })?;
        let stem = path.file_stem().map(std::ffi::OsStr::to_string_lossy).unwrap_or_default();
        if let Some(problem) = file_name::problem(&stem) {
            let message = format!("{name}: `{stem}` cannot be the name of a folder of results: it {problem}");
            return Err(failed(message, "rename the file: its name without the ending is that of the folder"));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let start = error.utf8_error().valid_up_to();
            let mut diagnostics = Diagnostics::default();
            let source = diagnostics.add_source(&name, String::from_utf8_lossy(error.as_bytes()));
            let problem = Problem::new("this is not UTF-8 text");
            diagnostics
                .error(problem.at(Span { source, start, end: start + 1 }, "here").help("save the file as UTF-8"));
            diagnostics
        })?;
        Experiment::from_text(&name, &text, folder, overrides)
    }

    /// Reads `text`, which errors call `name`; the paths of traces start at `folder`.
    ///
    /// # Errors
    /// With all errors at once.
    pub fn from_text(name: &str, text: &str, folder: &Path, overrides: &[String]) -> Result<Experiment, Diagnostics> {
        Experiment::from_parts(name, text, &InputPlaces::below(folder), overrides)
    }

    /// As [`Experiment::from_text`], with the places of the input files.
    ///
    /// # Errors
    /// With all errors at once.
    pub fn from_parts(
        name: &str,
        text: &str,
        places: &InputPlaces,
        overrides: &[String],
    ) -> Result<Experiment, Diagnostics> {
        Experiment::read((name, text), places, overrides, usize::MAX)
    }

    /// As [`Experiment::from_parts`], of a text that was read without errors before: only its first point is checked, and
    /// there are no warnings. With many points this is much faster.
    ///
    /// # Errors
    /// As [`Experiment::from_parts`], without errors that only later points have.
    pub fn from_known_parts(
        name: &str,
        text: &str,
        places: &InputPlaces,
        overrides: &[String],
    ) -> Result<Experiment, Diagnostics> {
        Experiment::read((name, text), places, overrides, 1)
    }

    /// Reads a text, and checks at most as many points.
    fn read(
        (name, text): (&str, &str),
        places: &InputPlaces,
        overrides: &[String],
        checked: usize,
    ) -> Result<Experiment, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let source = diagnostics.add_source(name, text);
        let mut root = parse::parse(text, source, &mut diagnostics);
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        normalize::normalize_transports(&mut root, &mut diagnostics);
        sweep::normalize(&mut root);
        normalize::leave_out_off(&mut root);
        for argument in overrides {
            overrides::apply(&mut root, argument, &mut diagnostics);
        }
        overrides::keep(&mut root, overrides);
        overrides::leave_out_claims(&mut root);
        check::check_keys(&mut root, &mut diagnostics);
        names::check(&root, &mut diagnostics);
        let names = Names::of(&root);
        let searched = search::read::range_as_sweep(&root, &mut diagnostics);
        let mut sweep = Sweep::read(searched.as_ref().unwrap_or(&root), &names, &mut diagnostics);
        // Near words are sought for the errors that are shown.
        sweep.leave_out(|axis| {
            if diagnostics.has_more() {
                return true;
            }
            match check::check_way(&root, &axis.path, axis.span) {
                Ok(()) => false,
                Err(problem) => {
                    diagnostics.error(problem);
                    true
                }
            }
        });
        sweep.leave_out(|axis| match axis.check_warmups() {
            Ok(()) => false,
            Err(problem) => {
                diagnostics.error(problem);
                true
            }
        });
        let mut first_point = root.clone();
        sweep.assign(&mut first_point, 0);
        let transports = names::runs(&first_point, &names.transports);
        let known = search::read::SearchContext { sweep: &sweep, names: &names, runs: &transports };
        let search = search::read::read(&root, known, &mut diagnostics);
        let charts = chart::read(&root, (&sweep, search.as_ref()), &names, &mut diagnostics);
        let inputs = gather(&mut first_point, &mut sweep, places, &mut diagnostics);

        let stem =
            Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
        let title = root.get(&["experiment", "title"]).and_then(Node::as_text).unwrap_or(&stem).to_owned();
        let mut template = root.clone();
        template.remove(&["sweep"]);
        template.remove(&["chart"]);
        template.remove(&["claim"]);
        let baseline = baseline::read(&root, &transports, &mut diagnostics);
        let claims = claim::read(&root, (&sweep, &names), &transports, &mut diagnostics);
        let mut experiment = Experiment {
            text: text.to_owned(),
            title,
            swept: swept_keys(&sweep.axes, &names, &transports),
            transports,
            search,
            resolved: String::new(),
            warnings: Diagnostics::default(),
            foreseen: Vec::new(),
            shortest_warmup: Time::ZERO,
            chosen_warmup: OnceLock::new(),
            runs: Arc::default(),
            template,
            root,
            sweep,
            charts,
            baseline,
            claims,
            inputs,
        };
        if !diagnostics.has_errors() {
            experiment.shortest_warmup = experiment.find_shortest_warmup();
        }
        let mut found = Gathering::default();
        experiment.check_points(checked, &mut diagnostics, &mut found);
        experiment.check_size(&mut diagnostics);
        precision::check(&experiment.root, &mut diagnostics);
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        if checked >= experiment.points() {
            experiment.foresee(found, &mut diagnostics);
        }
        experiment.resolved = write::document(&experiment.complete_document(true));
        experiment.warnings = diagnostics;
        Ok(experiment)
    }

    /// Adds the warnings about the whole sweep to those that were `found` at its points, and keeps all.
    fn foresee(&mut self, mut found: Gathering, diagnostics: &mut Diagnostics) {
        foreseen::look_at_sweep(&self.root, &self.sweep, &mut found);
        let first = self.point(0);
        foreseen::look_at_quick_sweep(self.reader(&first), &self.sweep, &mut found);
        let foreseen = found.finish_with_places(self, self.points().min(foreseen::LOOKED_AT));
        warning::show(&foreseen, diagnostics);
        self.foreseen = foreseen.into_iter().map(|(warning, _)| warning).collect();
    }

    /// The shortest warm-up, if it matters: until the start leaves no trace at any point, so that all points have the
    /// same window.
    fn find_shortest_warmup(&self) -> Time {
        let root = self.point(0);
        let reader = self.reader(&root);
        let is_meant = self.accepted().iter().any(|id| id == WarningKind::WarmupTooShort.id());
        let is_short = reader.shortens("warmup") && is_meant;
        if is_short && !reader.chooses_warmup() || !(reader.shortens("warmup") || reader.chooses_warmup()) {
            return Time::ZERO;
        }
        let scenarios = (0..self.points()).flat_map(|point| self.scenarios(point));
        let shortest = scenarios.map(|scenario| scenario.shortest_warmup()).max().unwrap_or_default().rounded_up();
        if is_short { shortest.min(QUICK_WARMUP) } else { shortest }
    }

    /// Resolves every point, or the first ones, for its errors, and the first points for warnings.
    fn check_points(&self, checked: usize, diagnostics: &mut Diagnostics, found: &mut Gathering) {
        if self.transports.is_empty() {
            return;
        }
        let mut left = if diagnostics.has_errors() { 1 } else { usize::MAX };
        let mut root = self.point(0);
        let mut idle = foreseen::Idle::default();
        let is_looked_at = |point: &usize| *point < foreseen::LOOKED_AT;
        for point in
            (0..self.points().min(checked)).filter(|point| is_looked_at(point) || self.sweep.needs_check(*point))
        {
            if left == 0 || diagnostics.is_full() {
                break;
            }
            if self.sweep.keeps_structure() {
                self.sweep.at(point).for_each(|(axis, node)| path::assign(&mut root, &axis.path, node.clone()));
            } else {
                root = self.point(point);
            }
            let reader = self.reader(&root);
            let scenarios = reader.scenarios(diagnostics);
            if is_looked_at(&point) && !diagnostics.has_errors() {
                let runs = &self.transports;
                let point = foreseen::ResolvedPoint { number: point, reader, runs, scenarios: &scenarios };
                foreseen::look(point, found);
                if self.points() <= foreseen::LOOKED_AT {
                    idle.look(&point);
                }
            }
            left = if diagnostics.has_errors() { left.min(POINTS_AFTER_ERROR) - 1 } else { left };
        }
        idle.finish(found);
    }

    /// A run of very many replications would not fit into memory.
    fn check_size(&self, diagnostics: &mut Diagnostics) {
        let jobs = (self.points() * self.transports.len()) as u64 * u64::from(self.replications_at(0));
        if !diagnostics.has_errors() && jobs > MOST_RUNS {
            let problem = Problem::new(format!("{jobs} runs in all; {MOST_RUNS} are the most"));
            let help = "one run is one replication of one transport at one point: use fewer of them";
            diagnostics.error(problem.at(Span { source: 0, start: 0, end: 0 }, "in this file").help(help));
        }
    }
}

/// The folder of the repository with its experiments.
const EXPERIMENTS: &str = "experiments";

/// The file of this name among the experiments of the repository, if the one at `path` is not there.
fn elsewhere(path: &Path) -> Option<String> {
    let there = path.parent()?.join(EXPERIMENTS).join(path.file_name()?);
    if !path.exists() && there.is_file() { Some(there.display().to_string()) } else { None }
}

/// Reads the input files that the document or the sweep names.
fn gather(root: &mut Node, sweep: &mut Sweep, places: &InputPlaces, diagnostics: &mut Diagnostics) -> Inputs {
    let mut inputs = Inputs::new(places);
    let mut read = |path: &mut Node, wanted| inputs.read(path, wanted, diagnostics);
    input_paths::each(root, &mut read);
    for axis in &mut sweep.axes {
        axis.values.iter_mut().for_each(|node| input_paths::each_swept(&axis.path, node, &mut read));
    }
    inputs
}
