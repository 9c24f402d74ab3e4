//! The instants at which a diagram shows something, and what stands there.

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
    /// A note beside a lifeline: of the client 0, of the server 1; 2 is a creation.
    Note(usize),
}

/// An instant at which something stands.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub at: Time,
    pub column: usize,
    pub zone: Zone,
}

/// Which labels a scene shows.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Whether requests and replies without data are named.
    names_requests: bool,
}

impl Wanted {
    pub fn of(scene: &Scene) -> Wanted {
        Wanted { names_requests: scene.requests.len() <= NAMED }
    }

    /// Whether an arrow has its label.
    pub fn shows(self, arrow: &Arrow) -> bool {
        match arrow.kind {
            ArrowKind::Data | ArrowKind::Error | ArrowKind::Creation => true,
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
                (ArrowKind::Creation, _) => Zone::Note(2),
                (_, true) => Zone::LabelledLine,
                (_, false) => Zone::Line,
            };
            moments.push(Moment { at: arrow.sent, column, zone });
            if zone != Zone::Note(2) {
                moments.extend(arrow.arrives.map(|at| Moment { at, column, zone: Zone::Line }));
            }
        }
        for note in &scene.notes {
            let zone = match note.actor {
                Actor::Client => Zone::Note(0),
                Actor::Network => Zone::Line,
                Actor::Server | Actor::Source => Zone::Note(1),
            };
            moments.push(Moment { at: note.at, column, zone });
        }
        for bar in &scene.bars {
            let ends = std::iter::once(bar.from).chain(bar.to).chain(bar.orphan_from);
            moments.extend(ends.map(|at| Moment { at, column, zone: Zone::Line }));
        }
        for delivery in &scene.deliveries {
            moments.push(Moment { at: delivery.delivered, column, zone: Zone::Line });
        }
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}
