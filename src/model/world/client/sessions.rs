//! Sessions: when clients come and when they leave for good.

use crate::model::comers::Comers;
use crate::model::delay::DelayLaw;
use crate::model::ids::{ClientIndex, ClientNumber, PerClient};
use crate::model::observer::Observer;
use crate::model::prefetched_draws::Sampler;
use crate::model::recorder::Recorder;
use crate::model::scenario::{Crowd, Scenario};
use crate::random::{Family, Purpose, below};
use crate::units::Time;

/// When clients come and leave.
#[derive(Debug)]
pub(in crate::model::world) struct Sessions {
    /// Clients that are online from the start.
    initial: u32,
    crowd: Option<Crowd>,
    comers: Option<Comers>,
    /// `None`: clients stay to the end.
    length: Option<(DelayLaw, Family)>,
    /// When each client leaves; `NEVER` after that.
    ends: PerClient<Time>,
    has_left: PerClient<bool>,
}

impl Sessions {
    /// `None` if all clients are online from start to end.
    pub fn new(scenario: &Scenario, replication: u32) -> Option<Sessions> {
        let clients = &scenario.clients;
        if !clients.come_and_go() {
            return None;
        }
        let draws = Family::new(scenario.seed, replication, Purpose::Session);
        Some(Sessions {
            initial: clients.count,
            crowd: clients.crowd,
            comers: Comers::new(scenario, replication),
            length: clients.session.as_ref().map(|law| (DelayLaw::new(law), draws)),
            ends: PerClient::new(),
            has_left: PerClient::new(),
        })
    }

    /// Forgets all clients, and makes room for this number.
    pub fn clear(&mut self, clients: usize) {
        self.ends.clear(clients);
        self.has_left.clear(clients);
    }

    /// Begins the session of the next client. Returns when it first asks, and from when there are messages for it.
    /// Clients that are online from the start ask at `departure`; the same `bits` decide when clients of a crowd come.
    pub fn begin(
        &mut self,
        client: ClientNumber,
        departure: Time,
        bits: u64,
        recorder: &mut Recorder<impl Observer>,
    ) -> (Time, Time) {
        let crowd = self.crowd.map_or(0, |crowd| crowd.count);
        let comes = client.0.checked_sub(self.initial).map(|later| {
            match (later.checked_sub(crowd), &mut self.comers, self.crowd) {
                (None, _, Some(crowd)) => crowd.at.plus(Time(below(bits, crowd.within.0))),
                (Some(index), Some(comers), _) => comers.at(u64::from(index)),
                _ => Time::NEVER,
            }
        });
        let (begin, messages_from) = comes.map_or((departure, Time::ZERO), |comes| (comes, comes));
        let end = match &self.length {
            Some((law, draws)) => begin.plus(Time(law.value(draws.stream(u64::from(client.0)).at(0)))),
            None => Time::NEVER,
        };
        recorder.visit(begin, end);
        self.ends.push(end);
        self.has_left.push(false);
        (begin, messages_from)
    }

    /// The client leaves.
    pub fn end(&mut self, client: ClientIndex) {
        self.ends[client] = Time::NEVER;
        self.has_left[client] = true;
    }

    /// Whether a client comes during the run.
    pub fn comes_later(&self, client: ClientNumber) -> bool {
        client.0 >= self.initial
    }

    /// When a client leaves.
    #[inline]
    pub fn end_of(&self, client: ClientIndex) -> Time {
        self.ends[client]
    }

    /// Whether a client has left.
    #[inline]
    pub fn has_left(&self, client: ClientIndex) -> bool {
        self.has_left[client]
    }
}
