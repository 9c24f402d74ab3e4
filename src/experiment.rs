//! What the user wrote: from a TOML text to validated scenarios.
//!
//! The text becomes a tree that knows where every value stands. The tree is checked against one table of keys
//! ([`keys`]), swept values are set into it point by point, defaults fill it, and each point resolves into scenarios.
//! All errors are collected and shown at once.

pub mod chart;
mod diagnostics;
mod document;
pub mod file_name;
mod fill;
mod foreseen;
mod identity;
mod inputs;
pub mod keys;
mod load;
mod named;
mod node;
mod overrides;
mod path;
mod regular_file;
mod rename;
mod resolve;
mod showable;
pub mod shown;
mod suggest;
mod sweep;
mod syntax;
mod unknown;
mod values;
pub mod warning;
mod write;

use std::path::Path;

use chart::{Chart, SweptKey};
use inputs::Inputs;
use node::{Node, Span, Value};
use rename::{rename_files, rename_swept};
use resolve::Reader;
use sweep::Sweep;
use warning::{Gathering, Kind, Warning};

pub use diagnostics::{Diagnostics, Place, Severity, Told};
pub use identity::Identity;
pub use inputs::InputFile;
pub use shown::shown;

use crate::model::Scenario;
use crate::units::Time;

/// More runs than this are refused: what is known of each would not fit into memory.
const MOST_RUNS: u64 = 100_000_000;

/// A validated experiment file.
#[derive(Debug)]
pub struct Experiment {
    /// The file's text.
    text: String,
    /// The document with overrides applied, without defaults.
    root: Node,
    /// The same without sweep and charts: what every point begins with.
    template: Node,
    title: String,
    /// The names of the runs of a point.
    transports: Vec<String>,
    sweep: Sweep,
    swept: Vec<SweptKey>,
    charts: Vec<Chart>,
    inputs: Inputs,
    resolved: String,
    warnings: Diagnostics,
    foreseen: Vec<Warning>,
    /// In a quick run: when all clients have started, at every point.
    last_start: Time,
}

fn template_of(root: &Node) -> Node {
    let mut template = root.clone();
    if let Value::Table(table) = &mut template.value {
        table.remove("sweep");
        table.remove("chart");
    }
    template
}

/// Points that are still checked after one that is wrong.
const POINTS_AFTER_ERROR: usize = 10_000;

impl Experiment {
    /// Reads `text`, which errors call `name`; the paths of traces start at `folder`.
    ///
    /// # Errors
    /// With everything that is wrong, at once.
    pub fn from_text(name: &str, text: &str, folder: &Path, overrides: &[String]) -> Result<Experiment, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let source = diagnostics.add_source(name, text);
        let mut root = document::parse(text, source, &mut diagnostics);
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        document::normalize_transports(&mut root, &mut diagnostics);
        sweep::normalize(&mut root);
        document::leave_out_off(&mut root);
        for argument in overrides {
            overrides::apply(&mut root, argument, &mut diagnostics);
        }
        document::check_keys(&root, &mut diagnostics);
        named::check(&root, &mut diagnostics);
        let names = document::names(&root);
        let mut sweep = Sweep::read(&root, &names, &mut diagnostics);
        let charts = chart::read(&root, &sweep, &names, &mut diagnostics);
        sweep.leave_out(|axis| match document::check_way(&root, &axis.path, axis.span) {
            Ok(()) => false,
            Err(problem) => {
                diagnostics.error(problem);
                true
            }
        });
        let mut first_point = root.clone();
        for (axis, node) in sweep.at(0) {
            path::assign(&mut first_point, &axis.path, node.clone());
        }
        let inputs = gather(&first_point, &sweep, folder, &mut diagnostics);

        let stem =
            Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
        let title = root.get(&["experiment", "title"]).and_then(Node::as_text).unwrap_or(&stem).to_owned();
        let mut experiment = Experiment {
            text: text.to_owned(),
            title,
            transports: named::runs(&first_point, &names.transports),
            swept: sweep.axes.iter().map(rename::swept_key).collect(),
            resolved: String::new(),
            warnings: Diagnostics::default(),
            foreseen: Vec::new(),
            last_start: Time::ZERO,
            template: template_of(&root),
            root,
            sweep,
            charts,
            inputs,
        };
        if !diagnostics.has_errors() {
            experiment.last_start = experiment.latest_start();
        }
        let mut found = Gathering::default();
        experiment.check_points(&mut diagnostics, &mut found);
        experiment.check_size(&mut diagnostics);
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        foreseen::look_at_sweep(&experiment.root, &experiment.sweep, &mut found);
        if experiment.quick() {
            foreseen::look_at_quick_sweep(&experiment.sweep, &mut found);
        }
        let foreseen = found.finish_with_places(&experiment, experiment.points().min(foreseen::LOOKED_AT));
        warning::show(&foreseen, &mut diagnostics);
        experiment.foreseen = foreseen.into_iter().map(|(warning, _)| warning).collect();
        experiment.resolved = write::document(&experiment.complete_document(true));
        experiment.warnings = diagnostics;
        Ok(experiment)
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The title, or the stem of the file.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The root of all random streams (at the first point).
    pub fn seed(&self) -> u64 {
        self.scenarios(0).first().map_or(0, |scenario| scenario.seed)
    }

    /// Whether this is a smoke run.
    pub fn quick(&self) -> bool {
        let root = self.point(0);
        self.reader(&root).flag("experiment.quick")
    }

    /// The names of the runs of a point: the transports in the order of the file, or one mix of them.
    pub fn transports(&self) -> &[String] {
        &self.transports
    }

    /// Whether there are populations.
    pub fn is_mix(&self) -> bool {
        !document::list(&self.root, "population").is_empty()
    }

    /// The swept keys, in the order of the file.
    pub fn swept(&self) -> &[SweptKey] {
        &self.swept
    }

    /// How many points the sweep has; 1 without one.
    pub fn points(&self) -> usize {
        self.sweep.points()
    }

    /// The swept values of a point as cells of a table: numbers in base units, or words.
    /// A file has the name that it has under `inputs/`.
    pub fn coordinates(&self, point: usize) -> Vec<String> {
        let cell = |(axis, node): (&sweep::Axis, &Node)| {
            let node = rename::renamed(axis, node, &|file| self.inputs.name(file));
            axis.path.kind().map_or_else(|| values::plain(&node), |kind| values::cell(kind, &node))
        };
        self.sweep.at(point).map(cell).collect()
    }

    /// Replications of each transport at a point.
    pub fn replications_at(&self, point: usize) -> u32 {
        let root = self.point(point);
        self.reader(&root).replications()
    }

    /// Replications of each transport, point by point.
    pub fn replications_of_points(&self) -> Vec<u32> {
        if self.sweep.axes.iter().any(|axis| axis.path.is_key("experiment.replications")) {
            return (0..self.points()).map(|point| self.replications_at(point)).collect();
        }
        vec![self.replications_at(0); self.points()]
    }

    /// The scenarios of a point, one per transport.
    pub fn scenarios(&self, point: usize) -> Vec<Scenario> {
        let root = self.point(point);
        self.reader(&root).scenarios(&mut Diagnostics::default())
    }

    /// The charts to draw.
    pub fn charts(&self) -> &[Chart] {
        &self.charts
    }

    /// The files that the experiment reads.
    pub fn inputs(&self) -> &[InputFile] {
        &self.inputs.files
    }

    /// Memory that the input files take while the experiment is there, in bytes: each file as it is, once, and what was read
    /// from it.
    pub fn input_bytes(&self) -> u64 {
        self.inputs.memory()
    }

    /// The experiment as TOML with every default written out, overrides applied and input files under `inputs/`.
    /// Reading it gives the same scenarios, and the same text again.
    pub fn resolved_toml(&self) -> String {
        self.resolved.clone()
    }

    /// [`Experiment::resolved_toml`] with the title, the accepted warnings and the charts of another experiment.
    pub fn resolved_toml_with_charts_of(&self, other: &Experiment) -> String {
        let mut root = self.complete_document(true);
        root.set(&["experiment", "title"], Node::text(other.title(), Span::default()));
        if let Some(accepted) = other.root.get(&["experiment", "accept"]) {
            root.set(&["experiment", "accept"], accepted.clone());
        } else if let Value::Table(table) = &mut root.value
            && let Some(Value::Table(experiment)) =
                table.entries.iter_mut().find(|entry| entry.key == "experiment").map(|entry| &mut entry.node.value)
        {
            experiment.remove("accept");
        }
        if let Value::Table(table) = &mut root.value {
            table.remove("chart");
            table.entries.extend(
                other
                    .root
                    .as_table()
                    .iter()
                    .flat_map(|table| &table.entries)
                    .filter(|entry| entry.key == "chart")
                    .cloned(),
            );
        }
        write::document(&root)
    }

    /// What is allowed but looks wrong, for a person; without what is accepted.
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// What is allowed but looks wrong.
    pub fn foreseen(&self) -> &[Warning] {
        &self.foreseen
    }

    /// The names of the warnings that are intended.
    pub fn accepted(&self) -> Vec<String> {
        let list = self.root.get(&["experiment", "accept"]).map(|node| &node.value);
        let Some(Value::List(items)) = list else { return Vec::new() };
        items.iter().filter_map(Node::as_text).map(str::to_owned).collect()
    }

    /// The swept values of a point in words: `clients.count = 100`.
    pub fn words_of_point(&self, point: usize) -> String {
        let values = self.swept.iter().zip(self.coordinates(point));
        let words = values.map(|(key, value)| match key.unit {
            Some(unit) if value.parse::<f64>().is_ok() => format!("{} = {value} {unit}", key.path),
            _ => format!("{} = {value}", key.path),
        });
        words.collect::<Vec<_>>().join(", ")
    }

    fn reader<'a>(&'a self, root: &'a Node) -> Reader<'a> {
        Reader { root, inputs: &self.inputs, last_start: self.last_start }
    }

    /// What a quick run has to wait for: the start of all clients at every point, so that all have the same window.
    fn latest_start(&self) -> Time {
        let is_meant = self.accepted().iter().any(|id| id == Kind::WarmupTooShort.id());
        if !self.quick() || is_meant {
            return Time::ZERO;
        }
        (0..self.points())
            .flat_map(|point| self.scenarios(point))
            .map(|scenario| scenario.last_start())
            .max()
            .unwrap_or_default()
    }

    /// The complete document of a point.
    fn point(&self, point: usize) -> Node {
        let mut root = self.template.clone();
        for (axis, node) in self.sweep.at(point) {
            path::assign(&mut root, &axis.path, node.clone());
        }
        fill::fill(&mut root, &self.title, fill::Open::default());
        root
    }

    /// Resolves every point, for what is wrong with it, and the first for what will be.
    fn check_points(&self, diagnostics: &mut Diagnostics, found: &mut Gathering) {
        if self.transports.is_empty() {
            return;
        }
        let mut left = if diagnostics.has_errors() { 1 } else { usize::MAX };
        let mut root = self.point(0);
        let mut idle = foreseen::Idle::default();
        let is_looked_at = |point: &usize| *point < foreseen::LOOKED_AT;
        for point in (0..self.points()).filter(|point| is_looked_at(point) || self.sweep.needs_check(*point)) {
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
                let point = foreseen::Point { number: point, reader, runs, scenarios: &scenarios };
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
            let problem = diagnostics::Problem::new(format!("{jobs} runs in all; {MOST_RUNS} are the most"));
            let help = "one run is one replication of one transport at one point: use fewer of them";
            diagnostics.error(problem.at(Span { source: 0, start: 0, end: 0 }, "in this file").help(help));
        }
    }

    /// The experiment with every default written out, as [`Experiment::resolved_toml`], but with the paths of input files
    /// as they are in the file.
    pub fn planned_toml(&self) -> String {
        write::document(&self.complete_document(false))
    }

    /// The first point of a document with every default; what a quick run cuts is cut.
    fn completed(&self, mut root: Node) -> Node {
        for (axis, node) in self.sweep.at(0) {
            path::assign(&mut root, &axis.path, node.clone());
        }
        fill::fill(&mut root, &self.title, self.sweep.leaves_open());
        let reader = self.reader(&root);
        if reader.flag("experiment.quick") {
            let (window, replications) = (reader.window(), reader.replications());
            let set = |root: &mut Node, name: &str, value| {
                root.set(&["experiment", name], Node { value, span: Span::default() });
            };
            if reader.time("experiment.warmup") != window.warmup {
                set(&mut root, "warmup", Value::Text(window.warmup.to_string()));
            }
            let reader = self.reader(&root);
            if reader.time("experiment.duration") != window.duration {
                set(&mut root, "duration", Value::Text(window.duration.to_string()));
            }
            set(&mut root, "replications", Value::Integer(replications.to_string()));
        }
        root
    }

    /// The first point with every default, and the sweep; input files where they are, or moved to `inputs/`.
    fn complete_document(&self, moves_inputs: bool) -> Node {
        let mut root = self.completed(self.root.clone());
        if moves_inputs {
            rename_files(&mut root, &|file| self.inputs.rewritten(file));
            self.sweep.axes.iter().for_each(|axis| rename_swept(&mut root, axis, &self.inputs));
        }
        root
    }
}

/// Reads the input files that the document or the sweep names.
fn gather(root: &Node, sweep: &Sweep, folder: &Path, diagnostics: &mut Diagnostics) -> Inputs {
    let mut inputs = Inputs::new(folder);
    inputs.gather(root, diagnostics);
    for axis in &sweep.axes {
        axis.values.iter().for_each(|node| inputs.gather_swept(&axis.path, node, diagnostics));
    }
    inputs
}
