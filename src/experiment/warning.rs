//! Warnings: valid settings and results whose numbers are easy to misread.
//!
//! A [`Finding`] is about one transport at one point. A [`Gathering`] joins the findings of one cause into one
//! [`Warning`], which is printed, and kept in the manifest.

mod gathering;

use serde::{Deserialize, Serialize};

use super::diagnostics::{Diagnostics, Problem};
use super::node::Span;
pub use gathering::Gathering;

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
    /// A metric settles only after the warm-up.
    WarmupShorterThanNeeded = "warmup-shorter-than-needed",
    /// No warm-up of at most half the run is enough.
    WarmupNotFound = "warmup-not-found",
    /// The second half of the window differs from the first.
    NotSteady = "not-steady",
    /// Too few messages arrived for quantiles.
    TooFewMessages = "too-few-messages",
    /// A 95 % interval is wide.
    Imprecise = "imprecise",
    /// A goal of `precision` was not met with the most replications.
    PrecisionNotReached = "precision-not-reached",
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
    /// The message for the worst point.
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
    /// What is found.
    pub what: Diagnosis,
    /// The clients that it is about; `None`: the whole file.
    pub subject: Option<Subject>,
    /// Its point.
    pub point: usize,
}

/// A finding without its clients and its point.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The kind of its warning.
    pub kind: WarningKind,
    /// Findings of one kind and cause are one warning.
    pub cause: String,
    /// Its severity: a warning describes the worst of its findings.
    pub weight: f64,
    /// The message without the subject.
    pub message: String,
    /// Why.
    pub details: Vec<String>,
    /// What to write instead.
    pub help: String,
}

/// The place of a finding in the text, and the words under the caret.
pub(super) type Marker = (Span, String);

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
