//! Clients that come in the course of the run, and clients that leave.

use super::{Slot, World};
use crate::model::account::Account;
use crate::model::ahead::Sampler;
use crate::model::client::{Request, Stage, is_send};
use crate::model::comers::Comers;
use crate::model::delay::DelayLaw;
use crate::model::mail::Mail;
use crate::model::scenario::{Crowd, OnTimeout, Scenario};
use crate::model::transport::Transport;
use crate::random::{Family, below};
use crate::units::Time;

/// When clients come and go.
#[derive(Debug)]
pub(super) struct Visits {
    /// Clients that are there from the start.
    count: u32,
    crowd: Option<Crowd>,
    comers: Option<Comers>,
    session: Option<(DelayLaw, Family)>,
    /// When each client leaves.
    leaves: Vec<Time>,
    /// Whether it has.
    gone: Vec<bool>,
    /// Where the requests of a client that leaves are, with their numbers.
    left: Vec<(Stage, u64)>,
}

impl Visits {
    /// `None` where all clients are there from the start and stay.
    pub fn new(scenario: &Scenario, replication: u32, sessions: Family) -> Option<Visits> {
        let clients = &scenario.clients;
        clients.come_and_go().then(|| Visits {
            count: clients.count,
            crowd: clients.crowd,
            comers: Comers::new(scenario, replication),
            session: clients.session.as_ref().map(|law| (DelayLaw::new(law), sessions)),
            leaves: Vec::new(),
            gone: Vec::new(),
            left: Vec::new(),
        })
    }

    pub fn clear(&mut self) {
        self.leaves.clear();
        self.gone.clear();
    }

    /// When a client first asks, and from when on there are messages for it. Clients that are there from the start ask at
    /// `departure`; for those of a crowd the same `bits` say when they come.
    pub fn begin(&mut self, client: u32, departure: Time, bits: u64, account: &mut Account) -> (Time, Time) {
        let further = client.checked_sub(self.count);
        let crowd = self.crowd.map_or(0, |crowd| crowd.count);
        let comes = further.map(|number| match (number.checked_sub(crowd), &mut self.comers, self.crowd) {
            (None, _, Some(crowd)) => crowd.at.plus(Time(below(bits, crowd.within.0))),
            (Some(index), Some(comers), _) => comers.at(u64::from(index)),
            _ => Time::NEVER,
        });
        let (begin, messages_from) = comes.map_or((departure, Time::ZERO), |comes| (comes, comes));
        let stay = self.session.as_ref().map(|(law, family)| law.value(family.stream(u64::from(client)).at(0)));
        let end = stay.map_or(Time::NEVER, |stay| begin.plus(Time(stay)));
        account.visit(begin, end);
        self.leaves.push(end);
        self.gone.push(false);
        (begin, messages_from)
    }

    /// Whether a client comes in the course of the run.
    fn comes_later(&self, client: u32) -> bool {
        client >= self.count
    }

    /// When the client at `place` leaves.
    #[inline]
    pub fn end(&self, place: usize) -> Time {
        self.leaves[place]
    }

    /// Whether the client at `place` has left.
    #[inline]
    pub fn has_left(&self, place: usize) -> bool {
        self.gone[place]
    }
}

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The server writes to a client that has left: from now on it finds something for all that it still has of it. Once is
    /// enough.
    pub(super) fn tell_server(&mut self, place: usize) {
        for older in self.older.of_mut(place) {
            if older.request.stage.is_ahead_of_answer() {
                self.mail.tell(&mut older.request.mail);
            }
        }
        self.mail.leave(&mut self.clients[place].mail, self.first_client + place as u32, false);
    }

    /// Whether the client at `place` has left.
    pub(super) fn has_left(&self, place: usize) -> bool {
        self.visits.as_ref().is_some_and(|visits| visits.has_left(place))
    }

    /// Whether the client at `place` has come.
    pub(super) fn has_come(&self, place: usize, now: Time) -> bool {
        let client = self.first_client + place as u32;
        let comes_later = self.visits.as_ref().is_some_and(|visits| visits.comes_later(client));
        !comes_later || self.clients[place].requests > 0 || self.requests[place].due <= now
    }

    /// The client gives up a request.
    pub(super) fn give_up(&mut self, place: usize, slot: Slot, now: Time) {
        self.account.event(now);
        self.account.timeout(now);
        let (sent, stage) = (self.request(place, slot).sent, self.request(place, slot).stage);
        let number = self.request_number(place, slot);
        self.abandon(place, slot, now);
        if LIMITED && stage != Stage::Blocked {
            self.reset_multiplexed(place, number, now);
        }
        match self.kind.on_timeout {
            _ if is_send(number) => self.account.send_failed(now),
            OnTimeout::Retry if slot == Slot::Newest => {
                let departure = self.kind.transport.departure_after_timeout(sent, now);
                self.requests[place] = Request::departing(self.kind.pauses.after_timeout(place, departure));
            }
            OnTimeout::Retry => {}
            OnTimeout::Backoff(backoff) => {
                let departure = self.departure_after_failure(place, number, sent, now, backoff);
                if slot == Slot::Newest {
                    self.requests[place] = Request::departing(departure);
                }
            }
            OnTimeout::Stop => self.stop(place, slot, now),
        }
        if LIMITED {
            self.end_at_server(place, stage, now);
            self.end_in_browser(place, stage, now);
        }
    }

    /// The client does not wait for a request any more, which ceases to be its newest one. The server, where it notices
    /// that, drops the request; what it occupied there is not free yet.
    fn abandon(&mut self, place: usize, slot: Slot, now: Time) {
        let stage = self.request(place, slot).stage;
        let is_dropped = stage == Stage::Blocked || (stage.is_at_server() && self.notices_disconnect);
        if is_dropped && stage.is_held() {
            self.end_hold(place, slot, now);
        } else if is_dropped {
            let awaited = self.request(place, slot).awaited;
            self.leave_server(stage, awaited, now);
        } else if matches!(stage, Stage::Locked | Stage::Service) || stage.is_held() {
            self.account.orphan(now);
        }
        if !is_dropped {
            self.remain_at_server(stage, now);
        }
        if stage != Stage::Blocked && self.kind.http2.is_none() {
            self.close_on_wire(place, self.request_number(place, slot), now);
        }
        if self.kind.streams.is_some() {
            self.abandon_pushes(place, self.request_number(place, slot));
        }
        self.request(place, slot).awaited = false;
        match (slot, is_dropped) {
            (Slot::Newest, false) => self.set_newest_aside(place),
            (Slot::Older(index), true) => {
                self.older.remove(place, index);
            }
            (Slot::Newest, true) | (Slot::Older(_), false) => {}
        }
    }

    /// What an abandoned request that was in this stage occupied at a server that notices it is free.
    fn end_at_server(&mut self, place: usize, stage: Stage, now: Time) {
        if self.notices_disconnect {
            self.drop_work(place, stage, now);
        }
    }

    /// The connection of an abandoned request that was in this stage is free.
    fn end_in_browser(&mut self, place: usize, stage: Stage, now: Time) {
        if stage != Stage::Blocked {
            self.free_connection(place, now);
        }
    }

    /// The client asks no more. What is open goes on.
    pub(super) fn stop(&mut self, place: usize, given_up: Slot, now: Time) {
        let request = &self.requests[place];
        if request.stage == Stage::Idle && request.due == Time::NEVER {
            return;
        }
        if given_up != Slot::Newest && request.stage != Stage::Idle {
            self.set_newest_aside(place);
        }
        self.requests[place] = Request::departing(Time::NEVER);
        self.drop_waiting_frames(place, now);
        self.account.stopped(now);
    }

    /// The client leaves for good, with all its requests.
    pub(super) fn leave(&mut self, place: usize, now: Time) {
        let Some(visits) = &mut self.visits else { return };
        visits.leaves[place] = Time::NEVER;
        visits.gone[place] = true;
        let mut left = std::mem::take(&mut visits.left);
        self.account.event(now);
        self.account.left(now);
        self.account.age_ends(now, self.clients[place].newest);
        for index in (0..self.older.of(place).len()).rev() {
            let request = self.older.of(place)[index].request;
            if request.awaited && !request.ending.is_push() {
                if is_send(self.older.of(place)[index].number) {
                    self.account.send_failed(now);
                }
                left.push((request.stage, self.older.of(place)[index].number));
                self.abandon(place, Slot::Older(index), now);
            }
        }
        let newest = self.requests[place].stage;
        if newest != Stage::Idle {
            left.push((newest, self.request_number(place, Slot::Newest)));
            self.abandon(place, Slot::Newest, now);
        }
        left.sort_unstable_by_key(|(_, number)| *number);
        for &(stage, number) in &left {
            if stage != Stage::Blocked {
                self.reset_multiplexed(place, number, now);
            }
        }
        self.drop_waiting_frames(place, now);
        self.requests[place] = Request::departing(Time::NEVER);
        let is_open = self.older.has_any(place);
        self.mail.leave(&mut self.clients[place].mail, self.first_client + place as u32, is_open);
        self.forget(place);
        for (stage, _) in &left {
            self.end_at_server(place, *stage, now);
        }
        for (stage, _) in left.drain(..) {
            self.end_in_browser(place, stage, now);
        }
        if let Some(visits) = &mut self.visits {
            visits.left = left;
        }
    }
}
