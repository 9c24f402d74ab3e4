//! The instants at which a diagram shows something, and what stands there.

use std::collections::BTreeSet;

use crate::report::trace::scene::{Arrow, ArrowKind, Scene};
use crate::report::trace::story::Actor;
use crate::units::Time;

/// Requests of which each is named.
const NAMED: usize = 14;

/// What needs room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A line between client and server.
    Line,
    /// The same with a label above it.
    LabelledLine,
    /// A note beside a lifeline: of the client 0, of the server or the source 1.
    Note(usize),
    /// Nothing that needs room.
    Point,
}

/// An instant at which something stands.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub at: Time,
    pub column: usize,
    pub zone: Zone,
}

/// Which labels a scene shows.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The labels of replies and pushes with messages, and when they leave.
    told: BTreeSet<(Time, String)>,
    /// Whether requests and replies without data are named.
    names_requests: bool,
}

impl Wanted {
    pub fn of(scene: &Scene) -> Wanted {
        let data = scene.arrows.iter().filter(|arrow| arrow.kind == ArrowKind::Data);
        let told = data.map(|arrow| (arrow.sent, arrow.label.clone())).collect();
        Wanted { told, names_requests: scene.requests.len() <= NAMED }
    }

    /// Whether an arrow has its label.
    pub fn shows(&self, arrow: &Arrow) -> bool {
        match arrow.kind {
            ArrowKind::Data | ArrowKind::Error => true,
            // A message that leaves at once is named once.
            ArrowKind::Creation => !self.told.contains(&(arrow.sent, arrow.label.clone())),
            ArrowKind::Request | ArrowKind::Empty | ArrowKind::Control => self.names_requests,
        }
    }
}

/// The moments of the scenes of all columns, in order.
pub fn moments(scenes: &[Scene]) -> Vec<Moment> {
    let mut moments = Vec::new();
    for (column, scene) in scenes.iter().enumerate() {
        let wanted = Wanted::of(scene);
        for arrow in &scene.arrows {
            let zone = match (arrow.kind, wanted.shows(arrow)) {
                (ArrowKind::Creation, true) => Zone::Note(1),
                (ArrowKind::Creation, false) => Zone::Point,
                (_, true) => Zone::LabelledLine,
                (_, false) => Zone::Line,
            };
            moments.push(Moment { at: arrow.sent, column, zone });
            if arrow.kind != ArrowKind::Creation {
                moments.extend(arrow.arrives.map(|at| Moment { at, column, zone: Zone::Line }));
            }
        }
        for note in &scene.notes {
            let zone = match note.actor {
                Actor::Client => Zone::Note(0),
                Actor::Network => Zone::LabelledLine,
                Actor::Server | Actor::Source => Zone::Note(1),
            };
            moments.push(Moment { at: note.at, column, zone });
        }
        for bar in &scene.bars {
            let ends = std::iter::once(bar.from).chain(bar.to).chain(bar.orphan_from);
            moments.extend(ends.map(|at| Moment { at, column, zone: Zone::Point }));
        }
        for delivery in &scene.deliveries {
            moments.push(Moment { at: delivery.delivered, column, zone: Zone::Note(0) });
        }
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}
