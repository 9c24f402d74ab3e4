//! Reads values of a complete document.

use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::fill::literal;
use crate::experiment::inputs::Inputs;
use crate::experiment::keys;
use crate::experiment::node::{Node, Span, Value};
use crate::experiment::typed::Typed;
use crate::model::scenario::Window;
use crate::units::{BitRate, Bytes, Probability, Rate, Time};

/// The longest warm-up of a quick run, unless clients need longer to start.
pub(in crate::experiment) const QUICK_WARMUP: Time = Time::from_secs(30);
/// Its most replications, and its longest window.
const QUICK: (u32, Time) = (2, Time::from_secs(60));

/// The word for a warm-up that the program chooses.
pub(in crate::experiment) const AUTO: &str = "auto";

/// Reads a complete document, or the table of a transport or population in it, by the paths of the keys.
#[derive(Clone, Copy)]
pub(in crate::experiment) struct Reader<'a> {
    pub root: &'a Node,
    /// The prefix of all paths in the table of keys: `"transport."`, for instance, or nothing.
    pub prefix: &'static str,
    pub inputs: &'a Inputs,
    /// In a quick run: the shortest warm-up; with `warmup = "auto"`: the one that was chosen.
    pub warmup: Time,
}

/// A type as which a value of the file can be read.
pub(in crate::experiment) trait Readable: Sized {
    fn of(typed: &Typed) -> Option<Self>;
}

/// A type with a stand-in for a wrong value, which has been reported, so that other errors are found in the same run of
/// the program.
pub(in crate::experiment) trait StandIn: Readable {
    const STAND_IN: Self;
}

macro_rules! readable {
    ($($type:ty: $($typed:ident)|+ $(, $stand_in:expr)?;)*) => {
        $(
            impl Readable for $type {
                fn of(typed: &Typed) -> Option<$type> {
                    match typed {
                        $(Typed::$typed(value))|+ => Some(*value),
                        _ => None,
                    }
                }
            }
            $(impl StandIn for $type {
                const STAND_IN: $type = $stand_in;
            })?
        )*
    };
}

readable! {
    bool: Flag, false;
    u64: Count, 1;
    f64: Number | Share, 1.0;
    Time: Time, Time::from_secs(1);
    Bytes: Bytes, Bytes(0);
    Probability: Probability, Probability::ONE;
    Rate: Rate;
    BitRate: BitRate;
}

impl<'a> Reader<'a> {
    /// A reader of the table `root`, whose paths begin with `prefix` in the table of keys.
    pub fn inside(self, root: &'a Node, prefix: &'static str) -> Reader<'a> {
        Reader { root, prefix, ..self }
    }

    /// The path of a key as messages and the table of keys name it.
    pub fn name(self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    pub fn node(self, path: &str) -> Option<&'a Node> {
        path.split('.').try_fold(self.root, |node, key| node.as_table()?.get(key))
    }

    pub fn has_table(self, path: &str) -> bool {
        self.node(path).is_some_and(Node::is_table)
    }

    pub fn span(self, path: &str) -> Span {
        self.node(path).map_or_else(Span::default, |node| node.span)
    }

    /// The place of the first of these keys that is written and not a default.
    pub fn written(self, paths: &[&str]) -> Span {
        let mut spans = paths.iter().map(|path| self.span(path));
        spans.find(|span| *span != Span::default()).unwrap_or_default()
    }

    pub fn word(self, path: &str) -> &'a str {
        self.node(path).and_then(Node::as_text).unwrap_or_default()
    }

    /// The value of a key; `None` if it is absent or wrong.
    pub fn right<T: Readable>(self, path: &str) -> Option<T> {
        T::of(self.node(path)?.typed.as_ref()?)
    }

    /// The value of a key; `None` if it is absent.
    pub fn get<T: StandIn>(self, path: &str) -> Option<T> {
        self.node(path)?;
        Some(self.right(path).unwrap_or(T::STAND_IN))
    }

    /// The value of a key that has one: that of the document, or its default.
    pub fn read<T: StandIn>(self, path: &str) -> T {
        self.get(path).or_else(|| self.default(path)).unwrap_or(T::STAND_IN)
    }

    fn default<T: Readable>(self, path: &str) -> Option<T> {
        let key = keys::find(&self.name(path))?;
        T::of(&literal(key, key.default()?).typed?)
    }

    pub fn flag(self, path: &str) -> bool {
        self.read(path)
    }

    pub fn count(self, path: &str) -> u64 {
        self.read(path)
    }

    pub fn number(self, path: &str) -> f64 {
        self.read(path)
    }

    pub fn time(self, path: &str) -> Time {
        self.read(path)
    }

    /// Whether the key has a time; if not, that has been reported.
    pub fn has_time(self, path: &str) -> bool {
        self.right::<Time>(path).is_some()
    }

    /// Whether the table at `path` lacks one of `parts`, which is reported with `help`. What seems to be missing may be
    /// misspelled: then that has been reported.
    pub fn lacks(self, path: &str, parts: &[&str], help: &str, diagnostics: &mut Diagnostics) -> bool {
        let (Some(node), name) = (self.node(path), self.name(path)) else { return true };
        let Some(table) = node.as_table() else { return false };
        let Some(part) = parts.iter().find(|part| table.get(part).is_none()) else { return false };
        if !keys::has_unknown(&name, table) {
            let problem = Problem::new(format!("`{name}.{part}` is missing")).at(node.span, "incomplete");
            diagnostics.error(problem.help(help));
        }
        true
    }

    /// Reports an instant that `what` happens at, such as `the crowd comes`, if the run has ended by then.
    pub fn check_instant(self, path: &str, what: &str, diagnostics: &mut Diagnostics) {
        let (at, horizon) = (self.time(path), self.window().horizon());
        if self.has_time(path) && at >= horizon && !self.flag("experiment.quick") {
            let problem = Problem::new(format!("{what} at {at}, after the run has ended at {horizon}"));
            let problem = problem.at(self.span(path), "would never happen");
            diagnostics.error(problem.help("times count from the start of the run, the warm-up included"));
        }
    }

    /// Whether a quick run shortens this key of `[experiment]`.
    pub fn shortens(self, key: &str) -> bool {
        let Some(Value::List(kept)) = self.node("experiment.quick_keeps").map(|node| &node.value) else {
            return self.flag("experiment.quick");
        };
        self.flag("experiment.quick") && !kept.iter().any(|kept| kept.as_text() == Some(key))
    }

    /// Whether the program chooses the warm-up.
    pub fn chooses_warmup(self) -> bool {
        self.word("experiment.warmup") == AUTO
    }

    /// Whether there is a warm-up; if not, that has been reported.
    pub fn has_warmup(self) -> bool {
        self.chooses_warmup() || self.has_time("experiment.warmup")
    }

    /// The warm-up as written, or as chosen.
    pub fn warmup(self) -> Time {
        if self.chooses_warmup() { self.warmup } else { self.time("experiment.warmup") }
    }

    /// Replications of this point.
    pub fn replications(self) -> u32 {
        let written = self.count("experiment.replications") as u32;
        if self.shortens("replications") { written.min(QUICK.0) } else { written }
    }

    /// The window with the longest warm-up that may be chosen for it: half of the run with the shortest one.
    pub fn longest_window(self) -> Window {
        let window = self.window();
        let half = Time(window.horizon().0 / 2).rounded_up();
        let is_open = self.chooses_warmup() && !self.shortens("warmup");
        Window { warmup: if is_open { window.warmup.max(half) } else { window.warmup }, ..window }
    }

    /// The measured window of this point.
    pub fn window(self) -> Window {
        let (mut warmup, mut duration) = (self.warmup(), self.time("experiment.duration"));
        if self.shortens("warmup") && !self.chooses_warmup() {
            warmup = warmup.min(QUICK_WARMUP).max(self.warmup);
        }
        if self.shortens("duration") {
            duration = duration.min(QUICK.1);
        }
        Window { warmup, duration, bin: self.time("experiment.bin") }
    }
}
