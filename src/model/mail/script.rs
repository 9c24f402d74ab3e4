//! The tutorial's script: each server check is itself the trial, and a hit creates one message that its reply carries.
//!
//! So a message lives from the answer to the arrival of the reply. That it is there at all is [`Request::hits`], and
//! when it was created is [`Request::since`] of the reply. Holds only where a lost message is gone
//! (`on_lost_reply = "drop"`): else it waits in a mailbox.

use super::{Contents, Mail};
use crate::model::account::{Account, Fate};
use crate::model::ahead::Ahead;
use crate::model::client::{Request, Stage};
use crate::model::scenario::{Arrivals, OnLostReply, Scenario};
use crate::model::transport::View;
use crate::random::{Family, Geometric, Purpose};
use crate::units::Time;

/// The script that draws messages inside requests.
#[derive(Debug)]
pub(crate) struct Script {
    hits: Hits,
    payload: u64,
}

/// The number of the check that hits, from 1, per request.
pub(crate) type Hits = Ahead<Geometric>;

/// The checks that hit; `None` where messages exist outside requests.
pub(super) fn hits(scenario: &Scenario, replication: u32) -> Option<Hits> {
    let Arrivals::InRequest { hit } = scenario.source.arrivals else { return None };
    let family = Family::new(scenario.seed, replication, Purpose::Hit);
    Some(Hits::new(Geometric::new(hit.as_f64()), family, scenario.runs_on_queue()))
}

impl Script {
    /// Whether the scenario needs no mailboxes.
    pub fn serves(scenario: &Scenario) -> bool {
        matches!(scenario.source.arrivals, Arrivals::InRequest { .. })
            && scenario.server.on_lost_reply == OnLostReply::Drop
    }

    /// `None` where the scenario needs mailboxes.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Script> {
        let hits = hits(scenario, replication)?;
        Script::serves(scenario).then_some(Script { hits, payload: scenario.source.payload.0 })
    }
}

impl Mail for Script {
    type Client = ();
    type Request = ();

    fn client(&self, _number: u32, _from: Time) {}

    fn leave(&self, (): &mut (), _number: u32, _is_open: bool) {}

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
        _number: u32,
        _now: Time,
        _until: Time,
        _is_there: bool,
        _account: &mut Account,
    ) -> bool {
        false
    }

    /// Nothing exists outside a request.
    fn post(&self, (): &mut (), _now: Time, _created: Time, _bytes: u32, _account: &mut Account) {}

    #[inline]
    fn ask(&self, (): &()) {}

    #[inline]
    fn view(&mut self, (): &(), (): &(), number: u32, request_number: u64) -> View {
        View { hit: Some(self.hits.of(number, request_number)), has_news: false, next_creation: Time::NEVER }
    }

    #[inline]
    fn has_news(&self, (): &(), (): &()) -> bool {
        false
    }

    #[inline]
    fn take(&self, (): &mut (), request: &mut Request<()>, now: Time, account: &mut Account) -> Contents {
        if !request.hits {
            return Contents { messages: 0, payload: 0 };
        }
        account.created(now);
        Contents { messages: 1, payload: self.payload }
    }

    #[inline]
    fn arrive(&self, (): &mut (), request: &Request<()>, now: Time, account: &mut Account) -> Option<Time> {
        if !request.hits {
            return None;
        }
        let fate = if request.awaited { Fate::Delivered } else { Fate::Lost };
        account.settled(now, fate, request.since);
        request.awaited.then_some(request.since)
    }

    fn known(&self, (): &()) -> u64 {
        0
    }

    fn carried(&self, request: &Request<()>) -> u64 {
        u64::from(request.hits)
    }

    /// Nothing is pushed: messages are in replies alone.
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

    fn close(&self, (): &(), _account: &mut Account) {}

    fn close_reply(&self, request: &Request<()>, account: &mut Account) {
        if request.hits && request.stage == Stage::Down {
            account.pending_at_end(request.since);
        }
    }
}
