//! What a diagram shows of a life: arrows, bars, notes and latencies.

mod building;
mod shapes;

use building::Building;
pub use shapes::{Arrow, ArrowKind, Delivery, Scene, SceneBar, SceneBarKind, SceneNote};

use super::TracedLife;
use super::story::Actor;
use crate::model::RequestId;
use crate::units::Time;

impl Scene {
    /// The shapes of a life.
    pub fn of(traced: &TracedLife) -> Scene {
        let mut building = Building::new(traced.is_push());
        for event in &traced.life.events {
            building.add(event);
        }
        let mut scene = building.scene;
        if let Some(restart) = traced.restart {
            let (from, to) = (restart.at, Some(restart.at.plus(restart.down)));
            let kind = SceneBarKind::Down;
            let request = RequestId::Nothing;
            scene.bars.push(SceneBar { request, kind, from, to, orphan_from: None });
            let (actor, label) = (Actor::Server, "restart".to_owned());
            scene.notes.push(SceneNote { at: restart.at, actor, request, label, is_failure: true });
        }
        scene
    }

    /// The same with the shapes alone that touch a part of the run.
    #[must_use]
    pub fn within(mut self, from: Time, to: Time) -> Scene {
        let is_seen = |begin: Time, end: Option<Time>| begin < to && end.unwrap_or(begin).max(begin) >= from;
        self.arrows.retain(|arrow| is_seen(arrow.sent, arrow.arrives));
        self.bars.retain(|bar| is_seen(bar.from, Some(bar.to.unwrap_or(Time::NEVER))));
        self.notes.retain(|note| is_seen(note.at, None));
        self.checks.retain(|checks| is_seen(checks.first, Some(checks.last())));
        self.deliveries.retain(|delivery| delivery.delivered < to && delivery.delivered >= from);
        self.requests.retain(|request| is_seen(request.sent, Some(request.end.unwrap_or(Time::NEVER))));
        self
    }
}
