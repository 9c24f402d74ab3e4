//! The tutorial's source: each server check is a trial, and a hit creates one message that its reply carries.
//!
//! So a message exists from the reply's departure to its arrival. [`Request::hits`] says that it exists, and
//! [`Request::since`] of the reply when it was created. This requires that a lost message is gone (`on_lost_reply =
//! "drop"`); otherwise it would wait in a mailbox.

use super::{Contents, MessageStore};
use crate::model::ids::{ClientNumber, RequestNumber};
use crate::model::observer::{Fate, MessageId, Observer};
use crate::model::prefetched_draws::PrefetchedDraws;
use crate::model::recorder::Recorder;
use crate::model::request::{Request, Stage};
use crate::model::scenario::{Arrivals, OnLostReply, Scenario};
use crate::model::transport::View;
use crate::random::{Family, Geometric, Purpose};
use crate::units::Time;

/// The source that draws messages inside requests.
#[derive(Debug)]
pub(crate) struct InRequestSource {
    hits: Hits,
    payload: u64,
}

/// The number of the check that hits, from 1, per request.
pub(crate) type Hits = PrefetchedDraws<Geometric>;

/// The checks that hit; `None` if messages exist outside requests.
pub(super) fn hits(scenario: &Scenario, replication: u32) -> Option<Hits> {
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return None };
    let family = Family::new(scenario.seed, replication, Purpose::Hit);
    Some(Hits::new(Geometric::new(hit.as_f64()), family, scenario.runs_on_queue()))
}

impl InRequestSource {
    /// Whether the scenario needs no mailboxes.
    pub fn serves(scenario: &Scenario) -> bool {
        matches!(scenario.source.arrivals, Arrivals::InRequest { .. })
            && scenario.server.on_lost_reply == OnLostReply::Drop
    }

    /// `None` if the scenario needs mailboxes.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<InRequestSource> {
        let hits = hits(scenario, replication)?;
        let payload = scenario.source.payload.0;
        if InRequestSource::serves(scenario) { Some(InRequestSource { hits, payload }) } else { None }
    }
}

impl MessageStore for InRequestSource {
    type Client = ();
    type Request = ();

    fn client(&self, _number: ClientNumber, _from: Time) {}

    fn leave(&self, (): &mut (), _number: ClientNumber, _is_open: bool) {}

    fn tell(&self, (): &mut ()) {}

    #[inline]
    fn next_creation(&self, (): &()) -> Time {
        Time::NEVER
    }

    #[inline]
    fn preload(&self, (): &()) {}

    fn run_source(
        &self,
        (): &mut (),
        _number: ClientNumber,
        _now: Time,
        _until: Time,
        _is_there: bool,
        _recorder: &mut Recorder<impl Observer>,
    ) -> bool {
        false
    }

    /// No message exists outside a request.
    fn post(&self, (): &mut (), _now: Time, _created: Time, _bytes: u32, _recorder: &mut Recorder<impl Observer>) {}

    #[inline]
    fn ask(&self, (): &()) {}

    #[inline]
    fn view(&mut self, (): &(), (): &(), number: ClientNumber, request_number: RequestNumber) -> View {
        View { hit: Some(self.hits.of(number, request_number.name())), has_news: false, next_creation: Time::NEVER }
    }

    #[inline]
    fn has_news(&self, (): &(), (): &()) -> bool {
        false
    }

    #[inline]
    fn take(
        &self,
        (): &mut (),
        request: &mut Request<()>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Contents {
        if !request.hits {
            return Contents { messages: 0, payload: 0 };
        }
        recorder.created(now, MessageId::OfRequest, (now, self.payload));
        Contents { messages: 1, payload: self.payload }
    }

    #[inline]
    fn arrive(
        &self,
        (): &mut (),
        request: &Request<()>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Option<Time> {
        if !request.hits {
            return None;
        }
        let (fate, newest) =
            if request.is_awaited() { (Fate::Delivered, Some(request.since)) } else { (Fate::Lost, None) };
        recorder.settled(now, MessageId::OfRequest, fate, request.since);
        newest
    }

    fn known(&self, (): &()) -> u64 {
        0
    }

    fn carried(&self, request: &Request<()>) -> u64 {
        u64::from(request.hits)
    }

    /// There are no pushes: messages are in replies only.
    fn messages(&self, (): &(), _request: &Request<()>, _each: impl FnMut(u64, u64)) {}

    fn advance(&self, (): &mut (), (): &()) {}

    #[inline]
    fn has_records(&self, (): &()) -> bool {
        false
    }

    fn forget<'a>(&self, (): &mut (), _open: impl Iterator<Item = &'a ()>) {}

    fn bytes(&self, (): &()) -> usize {
        0
    }

    fn limit_search(&mut self, _most: u64) {}

    fn is_search_over(&self) -> bool {
        false
    }

    fn close(&self, (): &(), _recorder: &mut Recorder<impl Observer>) {}

    fn close_reply(&self, request: &Request<()>, recorder: &mut Recorder<impl Observer>) {
        if request.hits && request.stage == Stage::Down {
            recorder.pending_at_end(request.since);
        }
    }
}
