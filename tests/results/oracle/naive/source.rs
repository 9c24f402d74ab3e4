//! Where messages come from, and the mailboxes they wait in.

use cometsim::model::scenario::{Arrivals, Check, Phase, Process as Kinds, Trace, TransportConfig};

use super::person::{Fate, Message};
use super::world::{Class, Kind, World};

/// The state of one arrival process.
pub struct Process {
    /// The only recipient; `None`: everybody.
    pub recipient: Option<u32>,
    /// Gaps drawn so far.
    drawn: u64,
    /// Trials up to and including the next hit.
    countdown: u64,
}

impl World<'_> {
    pub fn start_sources(&mut self) {
        let recipients: Vec<Option<u32>> = match self.scenario.source.arrivals {
            Arrivals::InRequest { .. } | Arrivals::Group { .. } => Vec::new(),
            Arrivals::PerClient(_) => self.clients.clone().map(Some).collect(),
            Arrivals::Broadcast(_) => vec![None],
        };
        for recipient in recipients {
            self.processes.push(Process { recipient, drawn: 0, countdown: 0 });
            self.start_process(self.processes.len() - 1);
        }
    }

    fn kind_of_process(&self) -> &Kinds {
        match &self.scenario.source.arrivals {
            Arrivals::PerClient(kind) | Arrivals::Broadcast(kind) => kind,
            Arrivals::InRequest { .. } | Arrivals::Group { .. } => unreachable!("there is no process"),
        }
    }

    /// Plans the first event of a process; its index stands in the event in place of a client.
    fn start_process(&mut self, index: usize) {
        let payload = self.scenario.source.payload.0;
        match self.kind_of_process().clone() {
            Kinds::Tick { every, phase, .. } => {
                let first = self.first_instant(index, every.0, phase);
                self.processes[index].countdown = self.next_gap(index);
                self.push(first, Class::Source, index as u32, 0, Kind::Trial);
            }
            Kinds::Poisson { .. } => {
                let first = self.next_gap(index);
                self.push(first, Class::Source, index as u32, 0, Kind::Create { bytes: payload });
            }
            Kinds::Periodic { every, phase } => {
                let first = self.first_instant(index, every.0, phase);
                self.push(first, Class::Source, index as u32, 0, Kind::Create { bytes: payload });
            }
            Kinds::Trace(trace) => self.plan_trace(index, &trace),
            Kinds::OnOff { on, off, rate } => {
                let times = self.burst_times(self.processes[index].recipient, on, off, rate);
                self.plan(index, &times);
            }
            Kinds::Day(profile) => {
                let times = self.day_times(self.processes[index].recipient, &profile);
                self.plan(index, &times);
            }
        }
    }

    fn first_instant(&self, index: usize, every: u64, phase: Phase) -> u64 {
        match phase {
            Phase::At(time) => time.0,
            Phase::Random => self.draws.source_phase(self.processes[index].recipient, every),
        }
    }

    /// The next gap of a process: trials for a tick process, nanoseconds for a Poisson process.
    fn next_gap(&mut self, index: usize) -> u64 {
        let (recipient, drawn) = (self.processes[index].recipient, self.processes[index].drawn);
        self.processes[index].drawn += 1;
        match *self.kind_of_process() {
            Kinds::Tick { hit, .. } => self.draws.trials(recipient, drawn, hit),
            Kinds::Poisson { rate } => self.draws.exponential_gap(recipient, drawn, self.mean_gap(recipient, rate)),
            _ => unreachable!("these processes draw no gaps one by one"),
        }
    }

    /// A message at each of these times, numbered in order.
    fn plan(&mut self, index: usize, times: &[u64]) {
        let bytes = self.scenario.source.payload.0;
        for (&time, number) in times.iter().zip(0..) {
            self.push(time, Class::Source, index as u32, number, Kind::Create { bytes });
        }
    }

    /// All messages of the trace before the horizon, numbered in order.
    fn plan_trace(&mut self, index: usize, trace: &Trace) {
        let Some(last) = trace.messages.last().map(|message| message.time.0) else { return };
        let mut number = 0;
        for round in 0.. {
            for message in trace.messages.iter() {
                let time = round * last + message.time.0;
                let recipient = self.processes[index].recipient;
                let wanted = recipient.is_none() || message.client.is_none() || message.client == recipient;
                if wanted && time < self.horizon {
                    let bytes = message.bytes.map_or(self.scenario.source.payload.0, u64::from);
                    self.push(time, Class::Source, index as u32, number, Kind::Create { bytes });
                    number += 1;
                }
            }
            if !trace.repeat || (round + 1) * last >= self.horizon {
                break;
            }
        }
    }

    /// One trial of a tick process.
    pub fn trial(&mut self, index: u32) {
        let Kinds::Tick { every, .. } = *self.kind_of_process() else { unreachable!("only ticks try") };
        if self.is_there(index as usize) {
            self.log.trials.push(self.now);
        }
        self.push(self.now.saturating_add(every.0), Class::Source, index, 0, Kind::Trial);
        let index = index as usize;
        self.processes[index].countdown -= 1;
        if self.processes[index].countdown == 0 {
            self.processes[index].countdown = self.next_gap(index);
            self.spread(index, self.scenario.source.payload.0);
        }
    }

    /// A message of a process without trials.
    pub fn create_from_process(&mut self, index: u32, bytes: u64) {
        self.spread(index as usize, bytes);
        let gap = match *self.kind_of_process() {
            Kinds::Poisson { .. } => self.next_gap(index as usize),
            Kinds::Periodic { every, .. } => every.0,
            Kinds::Tick { .. } | Kinds::Trace(_) | Kinds::OnOff { .. } | Kinds::Day(_) => return,
        };
        self.push(self.now.saturating_add(gap), Class::Source, index, 0, Kind::Create { bytes });
    }

    /// Puts a new message into the mailboxes of its recipients.
    fn spread(&mut self, index: usize, bytes: u64) {
        if !self.is_there(index) {
            return;
        }
        self.log.creations.push(self.now);
        let recipients: Vec<u32> = match self.processes[index].recipient {
            Some(client) => vec![client],
            None => self.clients.clone().collect(),
        };
        for client in recipients {
            if self.is_client_there(client) {
                self.supersede_older(client);
                self.create(client, bytes);
                self.wake_all(client);
            } else if self.person(client).gone.is_some() {
                self.person(client).told = true;
                self.wake_all(client);
            }
        }
    }

    /// Whether there are messages for a client now.
    fn is_client_there(&mut self, client: u32) -> bool {
        let now = self.now;
        let person = self.person(client);
        person.from <= now && person.gone.is_none()
    }

    /// Whether a process counts: that of one client does as long as the client is there.
    fn is_there(&mut self, index: usize) -> bool {
        self.processes[index].recipient.is_none_or(|client| self.is_client_there(client))
    }

    /// A new message of one client; its index in the client's list.
    pub fn create(&mut self, client: u32, bytes: u64) -> usize {
        let created = self.now;
        let messages = &mut self.person(client).messages;
        messages.push(Message {
            created,
            bytes,
            fate: Fate::Waiting,
            copies: 0,
            put: created,
            taken: None,
            overwritten: false,
        });
        messages.len() - 1
    }

    pub fn supersede_older(&mut self, client: u32) {
        if !self.keeps_latest() {
            return;
        }
        let now = self.now;
        for message in &mut self.person(client).messages {
            message.overwritten = true;
            if message.fate == Fate::Waiting && message.copies == 0 {
                message.fate = Fate::Superseded(now);
            }
        }
    }

    /// With `notify`, every open request of the client looks at this instant, in order of number.
    pub fn wake_all(&mut self, client: u32) {
        if self.view(client).transport.stream().is_some() {
            self.wake_connections(client);
        }
        let TransportConfig::LongPoll(poll) = &self.view(client).transport else { return };
        if !matches!(poll.check, Check::Notify { .. }) {
            return;
        }
        for number in 0..self.person(client).requests.len() as u64 {
            let request = self.request(client, number);
            if request.arrived.is_some() && request.ended.is_none() {
                self.push(self.now, Class::Server, client, number, Kind::Wake);
            }
        }
    }

    /// The server goes on with every open connection of the client at this instant.
    fn wake_connections(&mut self, client: u32) {
        let now = self.now;
        for number in 0..self.person(client).requests.len() as u64 {
            let request = self.request(client, number);
            if request.arrived.is_some() && request.ended.is_none() {
                request.step_due = now;
                self.push(now, Class::Server, client, number, Kind::Step);
            }
        }
    }

    /// The messages that a reply to this request would take now.
    pub fn available(&mut self, client: u32, number: u64) -> Vec<usize> {
        let (redelivers, latest) = (self.redelivers(), self.keeps_latest());
        let named = self.request(client, number).named;
        let messages = &self.person(client).messages;
        let all = 0..messages.len();
        if !redelivers {
            return all.filter(|&i| messages[i].fate == Fate::Waiting).collect();
        }
        // Message `i` bears the number `i + 1`.
        all.filter(|&i| i + 1 > named && (!latest || i + 1 == messages.len())).collect()
    }
}
