//! Clients that come in the course of the run, and clients that leave.

use super::outstanding::Outstanding;
use super::{Slot, World};
use crate::model::comers::Comers;
use crate::model::delay::DelayLaw;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::prefetched_draws::Sampler;
use crate::model::recorder::Recorder;
use crate::model::request::{Awaited, Origin, Request, Stage};
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
    leaves: PerClient<Time>,
    /// Whether it has.
    gone: PerClient<bool>,
    /// Where the requests of a client that leaves are, with their numbers.
    left: Vec<(Stage, RequestNumber)>,
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
            leaves: PerClient::new(),
            gone: PerClient::new(),
            left: Vec::new(),
        })
    }

    pub fn clear(&mut self, clients: usize) {
        self.leaves.clear(clients);
        self.gone.clear(clients);
    }

    /// When a client first asks, and from when on there are messages for it. Clients that are there from the start ask at
    /// `departure`; for those of a crowd the same `bits` say when they come.
    pub fn begin(
        &mut self,
        client_number: ClientNumber,
        departure: Time,
        bits: u64,
        recorder: &mut Recorder,
    ) -> (Time, Time) {
        let further = client_number.0.checked_sub(self.count);
        let crowd = self.crowd.map_or(0, |crowd| crowd.count);
        let comes = further.map(|number| match (number.checked_sub(crowd), &mut self.comers, self.crowd) {
            (None, _, Some(crowd)) => crowd.at.plus(Time(below(bits, crowd.within.0))),
            (Some(index), Some(comers), _) => comers.at(u64::from(index)),
            _ => Time::NEVER,
        });
        let (begin, messages_from) = comes.map_or((departure, Time::ZERO), |comes| (comes, comes));
        let stay =
            self.session.as_ref().map(|(law, family)| law.value(family.stream(u64::from(client_number.0)).at(0)));
        let end = stay.map_or(Time::NEVER, |stay| begin.plus(Time(stay)));
        recorder.visit(begin, end);
        self.leaves.push(end);
        self.gone.push(false);
        (begin, messages_from)
    }

    /// Whether a client comes in the course of the run.
    fn comes_later(&self, client_number: ClientNumber) -> bool {
        client_number.0 >= self.count
    }

    /// When the client leaves.
    #[inline]
    pub fn end(&self, client: ClientIndex) -> Time {
        self.leaves[client]
    }

    /// Whether the client has left.
    #[inline]
    pub fn has_left(&self, client: ClientIndex) -> bool {
        self.gone[client]
    }
}

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// The server writes to a client that has left: from now on it finds something for all that it still has of it. Once is
    /// enough.
    pub(super) fn tell_server(&mut self, client: ClientIndex) {
        for older in self.older.of_mut(client) {
            if older.request.stage.is_before_answer() {
                self.store.tell(&mut older.request.messages);
            }
        }
        let number = self.number_of(client);
        self.store.leave(&mut self.clients[client].messages, number, false);
    }

    /// Whether the client has left.
    pub(super) fn has_left(&self, client: ClientIndex) -> bool {
        self.visits.as_ref().is_some_and(|visits| visits.has_left(client))
    }

    /// Whether the client has come.
    pub(super) fn has_come(&self, client: ClientIndex, now: Time) -> bool {
        let client_number = self.number_of(client);
        let comes_later = self.visits.as_ref().is_some_and(|visits| visits.comes_later(client_number));
        !comes_later || self.clients[client].requests > 0 || self.requests[client].due <= now
    }

    /// The client gives up a request.
    pub(super) fn give_up(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.recorder.event(now);
        self.recorder.timeout(now);
        let (sent, stage) = (self.request(client, slot).sent, self.request(client, slot).stage);
        let (number, origin) = (self.request_number(client, slot), self.origin(client, slot));
        self.abandon(client, slot, now);
        if LIMITED && stage != Stage::Blocked {
            self.send_reset(client, number, now);
        }
        match self.population.on_timeout {
            _ if origin == Origin::Send => self.recorder.send_failed(now),
            OnTimeout::Retry if slot == Slot::Newest => {
                let state = self.population.states.of(client);
                let departure = self.population.transport.departure_after_timeout(state, sent, now);
                self.requests[client] = Request::departing(self.population.pauses.or_at_random(client, departure));
            }
            OnTimeout::Retry => {}
            OnTimeout::Backoff(backoff) => {
                let departure = self.departure_after_failure(client, number, sent, now, backoff);
                if slot == Slot::Newest {
                    self.requests[client] = Request::departing(departure);
                }
            }
            OnTimeout::Stop => self.stop(client, slot, now),
        }
        if LIMITED {
            self.end_at_server(client, stage, now);
            self.end_in_browser(client, stage, now);
        }
    }

    /// The client does not wait for a request any more, which ceases to be its newest one. The server, where it notices
    /// that, drops the request; what it occupied there is not free yet.
    fn abandon(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let stage = self.request(client, slot).stage;
        let is_dropped = stage == Stage::Blocked || (stage.is_at_server() && self.notices_disconnect);
        if is_dropped && stage.is_held() {
            self.end_hold(client, slot, now);
        } else if is_dropped {
            let request = *self.request(client, slot);
            self.leave_server(&request, now);
        } else if matches!(stage, Stage::Locked | Stage::Service) || stage.is_held() {
            self.recorder.orphan(now);
        }
        if !is_dropped {
            self.remain_at_server(stage, now);
        }
        if stage != Stage::Blocked {
            let exchange = self.exchange(client, slot);
            self.transit(now).close(exchange);
        }
        if self.population.streams.is_some() {
            self.abandon_pushes(client, self.request_number(client, slot));
        }
        self.request(client, slot).awaited = Awaited::Nothing;
        match (slot, is_dropped) {
            (Slot::Newest, false) => self.set_newest_aside(client),
            (Slot::Older(index), true) => {
                self.older.remove(client, index);
            }
            (Slot::Newest, true) | (Slot::Older(_), false) => {}
        }
    }

    /// What an abandoned request that was in this stage occupied at a server that notices it is free.
    fn end_at_server(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        if self.notices_disconnect {
            self.drop_work(client, stage, now);
        }
    }

    /// The connection of an abandoned request that was in this stage is free.
    fn end_in_browser(&mut self, client: ClientIndex, stage: Stage, now: Time) {
        if stage != Stage::Blocked {
            self.free_connection(client, now);
        }
    }

    /// The client asks no more. What is open goes on.
    pub(super) fn stop(&mut self, client: ClientIndex, given_up: Slot, now: Time) {
        let request = &self.requests[client];
        if request.stage == Stage::Idle && request.due == Time::NEVER {
            return;
        }
        if given_up != Slot::Newest && request.stage != Stage::Idle {
            self.set_newest_aside(client);
        }
        self.requests[client] = Request::departing(Time::NEVER);
        self.drop_waiting_frames(client, now);
        self.recorder.stopped(now);
    }

    /// The client leaves for good, with all its requests.
    pub(super) fn leave(&mut self, client: ClientIndex, now: Time) {
        let Some(visits) = &mut self.visits else { return };
        visits.leaves[client] = Time::NEVER;
        visits.gone[client] = true;
        let mut left = std::mem::take(&mut visits.left);
        self.recorder.event(now);
        self.recorder.left(now);
        self.recorder.age_ends(now, self.clients[client].newest);
        for index in (0..self.older.of(client).len()).rev() {
            let Outstanding { number, origin, request, .. } = self.older.of(client)[index];
            if request.is_awaited() && origin.is_request() {
                if origin == Origin::Send {
                    self.recorder.send_failed(now);
                }
                left.push((request.stage, number));
                self.abandon(client, Slot::Older(index), now);
            }
        }
        let newest = self.requests[client].stage;
        if newest != Stage::Idle {
            left.push((newest, self.request_number(client, Slot::Newest)));
            self.abandon(client, Slot::Newest, now);
        }
        left.sort_unstable_by_key(|(_, number)| *number);
        for &(stage, number) in &left {
            if stage != Stage::Blocked {
                self.send_reset(client, number, now);
            }
        }
        self.drop_waiting_frames(client, now);
        self.requests[client] = Request::departing(Time::NEVER);
        let is_open = self.older.has_any(client);
        let number = self.number_of(client);
        self.store.leave(&mut self.clients[client].messages, number, is_open);
        self.forget(client);
        for (stage, _) in &left {
            self.end_at_server(client, *stage, now);
        }
        for (stage, _) in left.drain(..) {
            self.end_in_browser(client, stage, now);
        }
        if let Some(visits) = &mut self.visits {
            visits.left = left;
        }
    }
}
