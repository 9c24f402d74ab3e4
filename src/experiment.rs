//! The experiment file: from a TOML text to validated scenarios.
//!
//! The text becomes a tree in which every value has its place in the text. The tree is checked against one table of
//! keys ([`keys`]). At each point the swept values and the defaults complete it, and it resolves into scenarios. All
//! errors are collected and shown at once.

mod asked;
mod baseline;
pub mod chart;
mod check;
pub mod claim;
mod diagnostics;
pub mod file_name;
mod fill;
mod foreseen;
mod identity;
mod input_paths;
mod inputs;
pub mod keys;
mod likeness;
mod names;
pub mod near;
mod node;
mod normalize;
mod overrides;
mod parse;
mod path;
mod plan;
mod planned;
mod precision;
mod read;
mod regular_file;
mod resolve;
mod search;
mod suggest;
mod sweep;
mod typed;
mod values;
pub mod warning;
mod write;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chart::{Chart, SweptKey};
use claim::Claim;
use inputs::Inputs;
use node::{Node, Span, Value};
use resolve::Reader;
use sweep::{Sweep, SweepAxis};
use typed::Typed;
use warning::Warning;

pub use diagnostics::{Diagnostics, Location, Severity, Told};
pub use identity::{ChosenKey, Identity};
pub use inputs::{InputFile, InputPlaces};
pub use plan::{Goal, HalfWidth, Plan, PlannedRun, Precision, RunKey};
pub use search::{KeySearch, Target};

use crate::model::Scenario;
use crate::model::scenario::{Arrivals, Process};
use crate::units::Time;

/// A validated experiment file.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The file's text.
    text: String,
    /// The document with overrides applied, without defaults.
    root: Node,
    /// The same without sweep and charts: the start of every point.
    template: Node,
    title: String,
    /// The names of the runs of a point.
    transports: Vec<String>,
    sweep: Sweep,
    search: Option<KeySearch>,
    swept: Vec<SweptKey>,
    charts: Vec<Chart>,
    baseline: Option<String>,
    claims: Vec<Claim>,
    inputs: Inputs,
    resolved: String,
    warnings: Diagnostics,
    foreseen: Vec<Warning>,
    /// In a quick run, and with `warmup = "auto"`: the shortest warm-up without a trace of the start, over all points.
    shortest_warmup: Time,
    /// The warm-up that was chosen.
    chosen_warmup: OnceLock<Time>,
    /// What is simulated, once it is known.
    runs: Arc<OnceLock<Vec<PlannedRun>>>,
}

impl Experiment {
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

    /// What the source is, in words, where the file and its sweep leave it to the defaults.
    pub fn usual_source(&self) -> Option<String> {
        let is_written =
            self.root.get(&["source"]).is_some() || self.swept.iter().any(|key| key.path.starts_with("source"));
        if is_written {
            return None;
        }
        match &self.scenarios(0).first()?.source.arrivals {
            Arrivals::PerClient(Process::Tick { every, hit, .. }) => Some(format!(
                "each client gets a message with probability {hit} every {every}, one in {:.0} s on average",
                every.as_secs_f64() / hit.as_f64()
            )),
            _ => None,
        }
    }

    /// Whether there are populations.
    pub fn is_mix(&self) -> bool {
        !self.root.list("population").is_empty()
    }

    /// The swept keys, in the order of the file.
    pub fn swept(&self) -> &[SweptKey] {
        &self.swept
    }

    /// The number of points of the sweep; 1 without a sweep.
    pub fn points(&self) -> usize {
        self.sweep.points()
    }

    /// The points that may differ from all earlier ones in these keys.
    pub fn points_by(&self, keys: &[&str]) -> impl Iterator<Item = usize> {
        let is_meant = |axis: &SweepAxis| keys.iter().any(|key| axis.path.overlaps(key));
        (0..self.points()).filter(move |point| self.sweep.is_first(*point, is_meant))
    }

    /// The swept values of a point as cells of a table: numbers in base units, or words. A file has its name under
    /// `inputs/`.
    pub fn coordinates(&self, point: usize) -> Vec<String> {
        let cell = |(axis, node): (&SweepAxis, &Node)| {
            let node = input_paths::renamed(axis, node, &|file| self.inputs.name(file));
            values::cell(&node)
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

    /// The transport with which all others are to be compared.
    pub fn baseline(&self) -> Option<&str> {
        self.baseline.as_deref()
    }

    /// The claims to judge.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The files that the experiment reads.
    pub fn inputs(&self) -> &[InputFile] {
        &self.inputs.files
    }

    /// The names of the input files in [`Experiment::inputs`], by their paths as written.
    pub fn input_names(&self) -> BTreeMap<String, String> {
        self.inputs.names()
    }

    /// The experiment as TOML with every default written out, overrides applied and input files under `inputs/`.
    /// Reading it gives the same scenarios, and the same text again.
    pub fn resolved_toml(&self) -> String {
        self.resolved.clone()
    }

    /// The warnings as text, without the accepted ones.
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// The warnings.
    pub fn foreseen(&self) -> &[Warning] {
        &self.foreseen
    }

    /// The names of the accepted warnings.
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
        let warmup = self.chosen_warmup.get().copied().unwrap_or(self.shortest_warmup);
        Reader { root, prefix: "", inputs: &self.inputs, warmup }
    }

    /// Whether a warm-up has yet to be chosen for the run (`warmup = "auto"`); until then the plan has the shortest one,
    /// which a quick run keeps.
    pub fn awaits_warmup(&self) -> bool {
        let root = self.point(0);
        let reader = self.reader(&root);
        reader.chooses_warmup() && !reader.shortens("warmup") && self.chosen_warmup.get().is_none()
    }

    /// Gives all points this warm-up, if one has yet to be chosen.
    pub fn choose_warmup(&self, warmup: Time) {
        if self.awaits_warmup() {
            self.chosen_warmup.get_or_init(|| warmup);
        }
    }

    /// The warm-up that was chosen.
    pub fn chosen_warmup(&self) -> Option<Time> {
        self.chosen_warmup.get().copied()
    }

    /// The experiment to be run: points and scenarios.
    pub fn plan(&self) -> Plan<'_> {
        let plan = Plan::new(&self.transports, self.replications_of_points(), |point| self.scenarios(point));
        let plan = plan.with_inputs(self.inputs.memory()).with_precision(self.precision());
        // Before the warm-up is chosen the scenarios are not those of the run.
        let plan = if self.awaits_warmup() { plan } else { plan.with_runs(&self.runs) };
        if self.baseline.is_some() || !self.claims.is_empty() { plan.keeping_pairs() } else { plan }
    }

    /// The complete document of a point.
    fn point(&self, point: usize) -> Node {
        let mut root = self.template.clone();
        self.sweep.assign(&mut root, point);
        fill::fill(&mut root, &self.title, fill::Open::default());
        root
    }

    /// [`Experiment::resolved_toml`] with the parts of another experiment that decide no number: title, accepted warnings,
    /// baseline, charts and claims.
    pub fn resolved_toml_with_charts_of(&self, other: &Experiment) -> String {
        let mut root = self.complete_document(true);
        root.set(&["experiment", "title"], Node::text(other.title(), Span::default()));
        for path in [&["experiment", "accept"][..], &["experiment", "baseline"], &["chart"], &["claim"]] {
            root.remove(path);
            if let Some(node) = other.root.get(path) {
                root.set(path, node.clone());
            }
        }
        write::document(&root)
    }

    /// The first point of a document with every default, shortened for a quick run.
    fn completed(&self, mut root: Node) -> Node {
        self.sweep.assign(&mut root, 0);
        fill::fill(&mut root, &self.title, self.sweep.leaves_open());
        let reader = self.reader(&root);
        if !reader.flag("experiment.quick") {
            root.remove(&["experiment", "quick_keeps"]);
            return root;
        }
        let (window, replications) = (reader.window(), reader.replications());
        for (name, time) in [("warmup", window.warmup), ("duration", window.duration)] {
            let reader = self.reader(&root);
            if reader.shortens(name) && reader.right(&format!("experiment.{name}")) != Some(time) {
                let node = Node::text(time.to_string(), Span::default());
                root.set(&["experiment", name], Node { typed: Some(Typed::Time(time)), ..node });
            }
        }
        let node = Node::new(Value::Integer(replications.to_string()), Span::default());
        let typed = Some(Typed::Count(u64::from(replications)));
        root.set(&["experiment", "replications"], Node { typed, ..node });
        root
    }

    /// The first point with every default, and the sweep; input files at their paths, or moved to `inputs/`.
    fn complete_document(&self, moves_inputs: bool) -> Node {
        let mut root = self.completed(self.root.clone());
        if moves_inputs {
            let new_path = |file: &str| Some(format!("inputs/{}", self.inputs.name(file)?));
            input_paths::each(&mut root, &mut |path, _| input_paths::rename(path, &new_path));
            let is_listed = |axis: &&SweepAxis| !axis.is_range && self.search.is_none();
            for axis in self.sweep.axes.iter().filter(is_listed) {
                let values = axis.values.iter().map(|node| input_paths::renamed(axis, node, &new_path)).collect();
                root.set(&["sweep", &axis.column], Node::new(Value::List(values), Span::default()));
            }
        }
        root
    }
}
