//! Warnings: what is allowed, but gives numbers that a reader will misunderstand.
//!
//! A [`Finding`] is about one transport at one point. A [`Gathering`] joins the findings of one cause into one
//! [`Warning`], which is printed, and kept in the manifest.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::Experiment;
use super::diagnostics::{Diagnostics, Problem};
use super::node::Span;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $id:literal,)*) => {
        /// The kinds of warnings, in the order in which they are shown.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum WarningKind { $($(#[$doc])* $variant,)* }

        impl WarningKind {
            /// All kinds.
            pub const ALL: &'static [WarningKind] = &[$(WarningKind::$variant,)*];
            /// The names of all kinds.
            pub const IDS: &'static [&'static str] = &[$($id,)*];

            /// The name, which never changes: `experiment.accept` and manifests use it.
            pub const fn id(self) -> &'static str {
                match self { $(WarningKind::$variant => $id,)* }
            }
        }
    };
}

kinds! {
    /// The window opens before all clients have started, or before the longest cycle has ended.
    WarmupTooShort = "warmup-too-short",
    /// The client's timeout ends before the server answers.
    ClientGivesUpFirst = "client-gives-up-first",
    /// The proxy's read timeout ends before the server answers.
    ProxyGivesUpFirst = "proxy-gives-up-first",
    /// The proxy cuts an idle connection before the next keep-alive of the server.
    KeepAliveTooLate = "keep-alive-too-late",
    /// A distribution of delays has no finite variance, or no finite mean.
    NoFiniteVariance = "no-finite-variance",
    /// One server checks for messages from time to time, the other pushes them at once.
    LooksDiffer = "looks-differ",
    /// The source will bring too few messages for quantiles.
    FewMessagesExpected = "few-messages-expected",
    /// A quick run cuts what the sweep varies.
    QuickCutsSweep = "quick-cuts-sweep",
    /// A key is written without effect.
    KeyWithoutEffect = "key-without-effect",
    /// No message was created in the window.
    NothingCreated = "nothing-created",
    /// More than 1 % of the messages were lost.
    MessagesLost = "messages-lost",
    /// More than 1 % of the messages had not arrived at the end.
    MessagesPending = "messages-pending",
    /// The backlog of messages grows.
    BacklogGrows = "backlog-grows",
    /// The second half of the window differs from the first.
    NotSteady = "not-steady",
    /// Too few messages arrived for quantiles.
    TooFewMessages = "too-few-messages",
    /// A 95 % interval is wide.
    Imprecise = "imprecise",
}

impl WarningKind {
    /// Whether it is about results, not about the experiment.
    pub fn is_of_results(self) -> bool {
        self >= WarningKind::NothingCreated
    }

    /// The kind with this name.
    pub fn from_id(id: &str) -> Option<WarningKind> {
        WarningKind::ALL.iter().copied().find(|kind| kind.id() == id)
    }
}

/// A warning as the manifest keeps it: one cause, with all points and transports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Name of its [`WarningKind`]; a later version may know others.
    pub id: String,
    /// The transports that it is about; empty for one about the whole file.
    pub transports: Vec<String>,
    /// The populations of a mix that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub populations: Vec<String>,
    /// The points of the sweep at which it shows.
    pub points: Vec<usize>,
    /// What is wrong, at the worst point.
    pub message: String,
    /// The reasons and places.
    pub details: Vec<String>,
    /// What to write instead.
    pub help: String,
    /// Whether the experiment accepts it (`experiment.accept`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accepted: bool,
}

impl Warning {
    /// Whether it is about results, not about the experiment.
    pub fn is_of_results(&self) -> bool {
        WarningKind::from_id(&self.id).is_none_or(WarningKind::is_of_results)
    }

    fn problem(&self) -> Problem {
        let problem = Problem::new(self.message.clone()).coded(&self.id, &self.details);
        problem.help(self.help.clone())
    }
}

/// Warnings for a person, without the accepted ones.
pub fn printable<'a>(warnings: impl IntoIterator<Item = &'a Warning>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for warning in warnings.into_iter().filter(|warning| !warning.accepted) {
        diagnostics.warning(warning.problem());
    }
    diagnostics
}

/// The clients that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The transport, or the run of a mix.
    pub transport: String,
    /// The population of a mix.
    pub population: Option<String>,
    /// Whether the mix has one run only, so that the population alone is named.
    pub is_only_run: bool,
}

impl Subject {
    /// The subject as a text names it.
    pub fn name(&self) -> String {
        match &self.population {
            None => format!("`{}`", self.transport),
            Some(population) if self.is_only_run => format!("`{population}`"),
            Some(population) => format!("`{population}` with `{}`", self.transport),
        }
    }
}

/// One cause for a warning, for one transport at one point.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is about.
    pub kind: WarningKind,
    /// Findings of one kind and cause are one warning.
    pub cause: String,
    /// The clients that it is about; `None`: the whole file.
    pub subject: Option<Subject>,
    /// Its point.
    pub point: usize,
    /// How bad it is: a warning describes the worst of its findings.
    pub weight: f64,
    /// What is wrong, without the subject.
    pub message: String,
    /// Why.
    pub details: Vec<String>,
    /// What to write instead.
    pub help: String,
}

/// The place of a finding in the text, and the words under the caret.
pub(super) type Marker = (Span, String);

/// Collects findings, and makes warnings of them.
#[derive(Debug, Default)]
pub struct Gathering {
    causes: BTreeMap<(WarningKind, String), Findings>,
}

#[derive(Debug)]
struct Findings {
    worst: Finding,
    place: Option<Marker>,
    /// Whether all findings are equally bad.
    is_even: bool,
    subjects: Vec<Subject>,
    points: Vec<usize>,
}

impl Gathering {
    /// Adds a finding; points come in rising order.
    pub fn add(&mut self, finding: Finding) {
        self.add_at(finding, None);
    }

    pub(super) fn add_at(&mut self, finding: Finding, place: Option<Marker>) {
        let key = (finding.kind, finding.cause.clone());
        let Some(cause) = self.causes.get_mut(&key) else {
            let subjects = finding.subject.iter().cloned().collect();
            let points = vec![finding.point];
            self.causes.insert(key, Findings { worst: finding, place, is_even: true, subjects, points });
            return;
        };
        if cause.points.last() != Some(&finding.point) {
            cause.points.push(finding.point);
        }
        if let Some(subject) = &finding.subject
            && !cause.subjects.contains(subject)
        {
            cause.subjects.push(subject.clone());
        }
        cause.is_even &= finding.weight.total_cmp(&cause.worst.weight).is_eq();
        if finding.weight > cause.worst.weight {
            (cause.worst, cause.place) = (finding, place);
        }
    }

    /// The warnings, in the order of their kinds; `looked_at` is the number of points that were examined.
    pub fn finish(self, experiment: &Experiment, looked_at: usize) -> Vec<Warning> {
        self.finish_with_places(experiment, looked_at).into_iter().map(|(warning, _)| warning).collect()
    }

    pub(super) fn finish_with_places(
        self,
        experiment: &Experiment,
        looked_at: usize,
    ) -> Vec<(Warning, Option<Marker>)> {
        let accepted = experiment.accepted();
        let warning = |cause: Findings| {
            let place = cause.place.clone();
            let mut details = cause.worst.details.clone();
            details.extend(cause.others());
            details.extend(cause.spread(experiment, looked_at));
            let mut populations = Vec::new();
            let mut transports: Vec<String> = Vec::new();
            for subject in cause.subjects {
                transports.extend(Some(subject.transport).filter(|name| !transports.contains(name)));
                populations.extend(subject.population.filter(|name| !populations.contains(name)));
            }
            let worst = cause.worst;
            let message = match &worst.subject {
                None => worst.message,
                Some(subject) => format!("{}: {}", subject.name(), worst.message),
            };
            let id = worst.kind.id().to_owned();
            let accepted = accepted.contains(&id);
            let warning = Warning {
                id,
                transports,
                populations,
                points: cause.points,
                message,
                details,
                help: worst.help,
                accepted,
            };
            (warning, place)
        };
        self.causes.into_values().map(warning).collect()
    }
}

/// Subjects that are named at most; the others are counted.
const NAMED: usize = 4;

impl Findings {
    /// The other subjects.
    fn others(&self) -> Option<String> {
        let others: Vec<String> = self
            .subjects
            .iter()
            .filter(|other| Some(*other) != self.worst.subject.as_ref())
            .map(Subject::name)
            .collect();
        if others.is_empty() {
            return None;
        }
        let more = others.len().saturating_sub(NAMED);
        let mut text = format!("also {}", others[..others.len() - more].join(", "));
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
        Some(text)
    }

    /// The points of the sweep at which it shows.
    fn spread(&self, experiment: &Experiment, looked_at: usize) -> Option<String> {
        if experiment.swept().is_empty() {
            return None;
        }
        let at = experiment.words_of_point(self.worst.point);
        if self.points.len() == 1 {
            return Some(format!("at {at}"));
        }
        let of = match (looked_at < experiment.points(), self.points.len() == looked_at) {
            (true, _) => format!("{} of the first {looked_at}", self.points.len()),
            (false, true) => format!("all {looked_at}"),
            (false, false) => format!("{} of {looked_at}", self.points.len()),
        };
        Some(format!("at {of} points, {} at {at}", if self.is_even { "first" } else { "worst" }))
    }
}

/// Adds warnings to `diagnostics`, with their places, without the accepted ones.
pub(super) fn show(warnings: &[(Warning, Option<Marker>)], diagnostics: &mut Diagnostics) {
    for (warning, place) in warnings.iter().filter(|(warning, _)| !warning.accepted) {
        let problem = warning.problem();
        diagnostics.warning(match place {
            Some((span, label)) => problem.at(*span, label.clone()),
            None => problem,
        });
    }
}
