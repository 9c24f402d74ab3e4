//! What the signs of a diagram mean, as far as it has them.

use super::drawn::Label;
use super::layout::ColumnLayout;
use super::look::{LETTERS, ROW};
use crate::report::chart::canvas::HPos;
use crate::report::chart::font::width;
use crate::report::chart::palette::INK;
use crate::report::trace::scene::{ArrowKind, SceneBarKind};

/// The width of a sample, and the spaces around it.
const SAMPLE: f64 = 22.0;
const GAP: f64 = 6.0;
const APART: f64 = 18.0;

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Arrow(ArrowKind),
    Bar(SceneBarKind),
    Orphan,
    Check,
    Unheard,
    Wait,
    Lost,
    Double,
}

/// A sign with its meaning.
#[derive(Clone)]
pub struct LegendEntry {
    pub sign: Sign,
    /// The middle of the sample.
    pub at: (f64, f64),
    pub label: Label,
}

impl Sign {
    fn words(self) -> &'static str {
        match self {
            Sign::Arrow(ArrowKind::Data) => "reply or push with messages",
            Sign::Arrow(ArrowKind::Empty) => "poll without data",
            Sign::Arrow(ArrowKind::Error) => "error",
            Sign::Arrow(ArrowKind::Request) => "request",
            Sign::Arrow(ArrowKind::Control) => "without messages",
            Sign::Arrow(ArrowKind::Creation) => "new message",
            Sign::Bar(SceneBarKind::Hold) => "held",
            Sign::Bar(SceneBarKind::Stream) => "open connection",
            Sign::Bar(SceneBarKind::Queue | SceneBarKind::Wait) => "waits",
            Sign::Bar(SceneBarKind::Service) => "served",
            Sign::Bar(SceneBarKind::Connect) => "handshake",
            Sign::Bar(SceneBarKind::Down) => "server is down",
            Sign::Orphan => "orphan",
            Sign::Check => "check",
            Sign::Unheard => "nobody listens",
            Sign::Wait => "from creation to delivery",
            Sign::Lost => "lost packet",
            Sign::Double => "request and reply",
        }
    }
}

/// All signs that can have a place in a legend.
const SIGNS: [Sign; 18] = [
    Sign::Arrow(ArrowKind::Request),
    Sign::Arrow(ArrowKind::Data),
    Sign::Arrow(ArrowKind::Empty),
    Sign::Arrow(ArrowKind::Error),
    Sign::Arrow(ArrowKind::Control),
    Sign::Arrow(ArrowKind::Creation),
    Sign::Double,
    Sign::Bar(SceneBarKind::Hold),
    Sign::Check,
    Sign::Bar(SceneBarKind::Stream),
    Sign::Bar(SceneBarKind::Queue),
    Sign::Bar(SceneBarKind::Service),
    Sign::Bar(SceneBarKind::Connect),
    Sign::Bar(SceneBarKind::Down),
    Sign::Orphan,
    Sign::Unheard,
    Sign::Lost,
    Sign::Wait,
];

/// The legend between two edges, from `top` on. Returns where it ends.
pub fn legend(columns: &[ColumnLayout], (left, right): (f64, f64), top: f64) -> (Vec<LegendEntry>, f64) {
    let mut entries = Vec::new();
    let (mut x, mut y) = (left, top + ROW / 2.0);
    for sign in SIGNS.into_iter().filter(|sign| columns.iter().any(|column| has(column, *sign))) {
        let text = sign.words().to_owned();
        let long = SAMPLE + GAP + width(&text, LETTERS);
        if x > left && x + long > right {
            (x, y) = (left, y + ROW * 1.2);
        }
        let at = (x + SAMPLE + GAP, y);
        let label = Label { text, at, align: HPos::Left, size: LETTERS, color: INK };
        entries.push(LegendEntry { sign, at: (x + SAMPLE / 2.0, y), label });
        x += long + APART;
    }
    (entries, y + ROW / 2.0)
}

fn has(column: &ColumnLayout, sign: Sign) -> bool {
    let mut bars = column.bars.iter();
    match sign {
        Sign::Arrow(kind) => column.arrows.iter().any(|arrow| arrow.kind == kind),
        Sign::Double => column.arrows.iter().any(|arrow| arrow.is_double),
        Sign::Unheard => column.arrows.iter().any(|arrow| arrow.is_unheard),
        Sign::Bar(SceneBarKind::Queue) => {
            bars.any(|bar| matches!(bar.kind, SceneBarKind::Queue | SceneBarKind::Wait))
        }
        Sign::Bar(kind) => bars.any(|bar| bar.kind == kind),
        Sign::Orphan => bars.any(|bar| bar.orphan_from.is_some()),
        Sign::Check => bars.any(|bar| !bar.checks.is_empty()),
        Sign::Wait => !column.waits.is_empty(),
        Sign::Lost => !column.crosses.is_empty(),
    }
}
