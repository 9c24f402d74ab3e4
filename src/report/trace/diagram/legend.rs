//! What the signs of a diagram mean, as far as it has them.

use super::drawn::{DiagramLabel, DiagramSign, SignEntry};
use super::look::{LETTERS, ROW};
use super::sheet::DrawnColumn;
use crate::report::chart::canvas::HPos;
use crate::report::chart::font::width;
use crate::report::chart::palette::INK;
use crate::report::trace::scene::{ArrowKind, SceneBarKind};

/// The width of a sample, and the spaces around it.
const SAMPLE: f64 = 22.0;
const GAP: f64 = 6.0;
const APART: f64 = 18.0;

impl DiagramSign {
    fn words(self) -> &'static str {
        match self {
            DiagramSign::Arrow(ArrowKind::Data) => "reply or push with messages",
            DiagramSign::Arrow(ArrowKind::Empty) => "poll without data",
            DiagramSign::Arrow(ArrowKind::Error) => "error",
            DiagramSign::Arrow(ArrowKind::Request) => "request",
            DiagramSign::Arrow(ArrowKind::Control) => "without messages",
            DiagramSign::Arrow(ArrowKind::Creation) => "new message",
            DiagramSign::Bar(SceneBarKind::Hold) => "held",
            DiagramSign::Bar(SceneBarKind::Stream) => "open connection",
            DiagramSign::Bar(SceneBarKind::Queue | SceneBarKind::Wait) => "waits",
            DiagramSign::Bar(SceneBarKind::Service) => "served",
            DiagramSign::Bar(SceneBarKind::Connect) => "handshake",
            DiagramSign::Bar(SceneBarKind::Down) => "server is down",
            DiagramSign::Orphan => "orphan",
            DiagramSign::Check => "check",
            DiagramSign::Unheard => "nobody listens",
            DiagramSign::Wait => "from creation to delivery",
            DiagramSign::Lost => "lost packet",
            DiagramSign::Double => "request and reply",
        }
    }
}

/// All signs that can have a place in a legend.
const SIGNS: [DiagramSign; 18] = [
    DiagramSign::Arrow(ArrowKind::Request),
    DiagramSign::Arrow(ArrowKind::Data),
    DiagramSign::Arrow(ArrowKind::Empty),
    DiagramSign::Arrow(ArrowKind::Error),
    DiagramSign::Arrow(ArrowKind::Control),
    DiagramSign::Arrow(ArrowKind::Creation),
    DiagramSign::Double,
    DiagramSign::Bar(SceneBarKind::Hold),
    DiagramSign::Check,
    DiagramSign::Bar(SceneBarKind::Stream),
    DiagramSign::Bar(SceneBarKind::Queue),
    DiagramSign::Bar(SceneBarKind::Service),
    DiagramSign::Bar(SceneBarKind::Connect),
    DiagramSign::Bar(SceneBarKind::Down),
    DiagramSign::Orphan,
    DiagramSign::Unheard,
    DiagramSign::Lost,
    DiagramSign::Wait,
];

/// The legend between two edges, from `top` on. Returns where it ends.
pub fn legend(columns: &[&DrawnColumn], (left, right): (f64, f64), top: f64) -> (Vec<SignEntry>, f64) {
    let mut entries = Vec::new();
    let (mut x, mut y) = (left, top + ROW / 2.0);
    for sign in SIGNS.into_iter().filter(|sign| columns.iter().any(|column| has(column, *sign))) {
        let text = sign.words().to_owned();
        let long = SAMPLE + GAP + width(&text, LETTERS);
        if x > left && x + long > right {
            (x, y) = (left, y + ROW * 1.2);
        }
        let at = (x + SAMPLE + GAP, y);
        let label = DiagramLabel { text, at, align: HPos::Left, size: LETTERS, color: INK };
        entries.push(SignEntry { sign, at: (x + SAMPLE / 2.0, y), label });
        x += long + APART;
    }
    (entries, y + ROW / 2.0)
}

fn has(column: &DrawnColumn, sign: DiagramSign) -> bool {
    let mut bars = column.bars.iter();
    match sign {
        DiagramSign::Arrow(kind) => column.arrows.iter().any(|arrow| arrow.kind == kind),
        DiagramSign::Double => column.arrows.iter().any(|arrow| arrow.is_double),
        DiagramSign::Unheard => column.arrows.iter().any(|arrow| arrow.is_unheard),
        DiagramSign::Bar(SceneBarKind::Queue) => {
            bars.any(|bar| matches!(bar.kind, SceneBarKind::Queue | SceneBarKind::Wait))
        }
        DiagramSign::Bar(kind) => bars.any(|bar| bar.kind == kind),
        DiagramSign::Orphan => bars.any(|bar| bar.orphan_from.is_some()),
        DiagramSign::Check => bars.any(|bar| !bar.checks.is_empty()),
        DiagramSign::Wait => !column.waits.is_empty(),
        DiagramSign::Lost => !column.crosses.is_empty(),
    }
}
