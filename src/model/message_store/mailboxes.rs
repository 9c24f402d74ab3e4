//! A source and a mailbox for every client.

use super::in_request::{Hits, hits};
use super::mailbox::{Mailbox, Rules};
use super::{Contents, MessageStore};
use crate::model::ids::{ClientNumber, RequestNumber};
use crate::model::observer::{Happening, MessageId, Observer};
use crate::model::recorder::Recorder;
use crate::model::request::Request;
use crate::model::scenario::{Arrivals, Scenario};
use crate::model::source::{Cursor, Generator};
use crate::model::transport::View;
use crate::units::Time;

/// The source and the mailboxes.
#[derive(Debug)]
pub(crate) struct Mailboxes {
    source: Generator,
    rules: Rules,
    /// Scope `request`: a check of a request creates a message, which goes through the mailbox.
    hits: Option<Hits>,
    /// Scope `group`: the messages are the sends.
    comes_from_clients: bool,
}

/// One client's process and mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Messages {
    arrivals: Cursor,
    mailbox: Mailbox,
    /// The number of messages that the client has acknowledged: one more than the number of the newest it has.
    known: u64,
}

/// The messages that a request asks for and that its reply carries, by their numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MessageRange {
    /// The number of messages that the client had acknowledged when it asked.
    named: u64,
    first: u64,
    end: u64,
}

impl MessageRange {
    /// Whether the server has noticed that the client has left.
    #[inline]
    fn is_told(&self) -> bool {
        self.first > self.end
    }
}

impl Mailboxes {
    pub fn new(scenario: &Scenario, replication: u32) -> Mailboxes {
        Mailboxes {
            source: Generator::new(scenario, replication),
            rules: Rules { keep: scenario.source.keep, on_lost_reply: scenario.server.on_lost_reply },
            hits: hits(scenario, replication),
            comes_from_clients: matches!(scenario.source.arrivals, Arrivals::Group { .. }),
        }
    }

    #[inline]
    fn create(&self, messages: &mut Messages, now: Time, bytes: u32, recorder: &mut Recorder<impl Observer>) {
        let number = MessageId::Number(messages.mailbox.next());
        recorder.created(now, number, (now, bytes.into()));
        let freed = messages.mailbox.create(self.rules, now, bytes, |number, fate, created| {
            recorder.settled(now, MessageId::Number(number), fate, created);
        });
        if recorder.has_costs() {
            recorder.stored(now, bytes.into());
            recorder.taken(now, freed);
        }
    }

    /// The creation of the newest message in a reply. Sends may overtake each other.
    #[inline]
    fn newest(&self, client: &Messages, range: &MessageRange) -> Option<Time> {
        if self.comes_from_clients {
            return (range.first..range.end).filter_map(|number| client.mailbox.created(number)).max();
        }
        client.mailbox.created(range.end - 1)
    }
}

impl Mailboxes {
    /// Puts all messages for a request into its reply, including one that its own check finds.
    #[inline(never)]
    fn collect(
        &self,
        client: &mut Messages,
        request: &mut Request<MessageRange>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Contents {
        if request.hits {
            self.create(client, now, self.source.payload(), recorder);
        }
        if recorder.has_costs() {
            recorder.taken(now, client.mailbox.waiting_bytes());
        }
        let range = &mut request.messages;
        let taken = client.mailbox.take(self.rules, range.named);
        (range.first, range.end) = (taken.start, taken.end);
        recorder.tell(now, Happening::Carried { first: taken.start, end: taken.end });
        Contents { messages: taken.end - taken.start, payload: client.mailbox.bytes(&taken) }
    }

    /// A reply with messages has reached its client. Returns the creation of the newest of them, if it is new to a
    /// client that still waits.
    #[inline(never)]
    fn deliver(
        &self,
        client: &mut Messages,
        request: &Request<MessageRange>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Option<Time> {
        let range = request.messages;
        let duplicates =
            client.mailbox.arrive(self.rules, range.first..range.end, request.is_awaited(), |number, fate, created| {
                recorder.settled(now, MessageId::Number(number), fate, created);
            });
        recorder.duplicated(now, duplicates);
        if !request.is_awaited() || (range.end <= client.known && !self.comes_from_clients) {
            return None;
        }
        client.known = client.known.max(range.end);
        Some(self.newest(client, &range).unwrap_or(now))
    }
}

impl MessageStore for Mailboxes {
    type Client = Messages;
    type Request = MessageRange;

    fn client(&self, number: ClientNumber, from: Time) -> Messages {
        Messages { arrivals: self.source.start(number.0, from), mailbox: Mailbox::default(), known: 0 }
    }

    fn leave(&self, client: &mut Messages, number: ClientNumber, is_open: bool) {
        // The events of a shared process count with client 0.
        if !self.source.is_shared() || !(is_open || number == ClientNumber(0)) {
            client.arrivals.next = Time::NEVER;
        }
    }

    fn tell(&self, request: &mut MessageRange) {
        (request.first, request.end) = (u64::MAX, 0);
    }

    #[inline]
    fn next_creation(&self, client: &Messages) -> Time {
        client.arrivals.next
    }

    #[inline]
    fn preload(&self, client: &Messages) {
        std::hint::black_box((client.arrivals.next, client.known, client.mailbox.is_empty()));
    }

    #[inline]
    fn run_source(
        &self,
        client: &mut Messages,
        number: ClientNumber,
        now: Time,
        until: Time,
        is_there: bool,
        recorder: &mut Recorder<impl Observer>,
    ) -> bool {
        let counts = self.source.counts_events_of(number.0);
        let created = self.source.advance_due(&mut client.arrivals, number.0, until, |trial| {
            if counts {
                recorder.event(trial);
            }
        });
        if counts && created.is_some() && self.source.is_shared() {
            recorder.shared(now);
        }
        if let (Some(bytes), true) = (created, is_there) {
            self.create(client, now, bytes, recorder);
        }
        created.is_some()
    }

    fn post(
        &self,
        client: &mut Messages,
        now: Time,
        created: Time,
        bytes: u32,
        recorder: &mut Recorder<impl Observer>,
    ) {
        recorder.created(now, MessageId::Number(client.mailbox.next()), (created, bytes.into()));
        let freed = client.mailbox.create(self.rules, created, bytes, |number, fate, before| {
            recorder.settled(now, MessageId::Number(number), fate, before);
        });
        recorder.stored(now, bytes.into());
        recorder.taken(now, freed);
    }

    #[inline]
    fn ask(&self, client: &Messages) -> MessageRange {
        MessageRange { named: client.known, first: 0, end: 0 }
    }

    #[inline]
    fn view(
        &mut self,
        client: &Messages,
        request: &MessageRange,
        number: ClientNumber,
        request_number: RequestNumber,
    ) -> View {
        View {
            hit: self.hits.as_mut().map(|hits| hits.of(number, request_number.name())),
            has_news: self.has_news(client, request),
            next_creation: client.arrivals.next,
        }
    }

    #[inline]
    fn has_news(&self, client: &Messages, request: &MessageRange) -> bool {
        self.hits.is_none() && (request.is_told() || client.mailbox.has_news(self.rules, request.named))
    }

    #[inline]
    fn take(
        &self,
        client: &mut Messages,
        request: &mut Request<MessageRange>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Contents {
        if !request.hits && client.mailbox.is_empty() {
            (request.messages.first, request.messages.end) = (0, 0);
            return Contents { messages: 0, payload: 0 };
        }
        self.collect(client, request, now, recorder)
    }

    #[inline]
    fn arrive(
        &self,
        client: &mut Messages,
        request: &Request<MessageRange>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Option<Time> {
        if request.messages.first >= request.messages.end {
            return None;
        }
        self.deliver(client, request, now, recorder)
    }

    fn known(&self, client: &Messages) -> u64 {
        client.known
    }

    #[inline]
    fn carried(&self, request: &Request<MessageRange>) -> u64 {
        request.messages.end.saturating_sub(request.messages.first)
    }

    fn messages(&self, client: &Messages, request: &Request<MessageRange>, mut each: impl FnMut(u64, u64)) {
        for number in request.messages.first..request.messages.end {
            each(number + 1, client.mailbox.bytes(&(number..number + 1)));
        }
    }

    fn advance(&self, stream: &mut MessageRange, push: &MessageRange) {
        stream.named = stream.named.max(push.end);
    }

    #[inline]
    fn has_records(&self, client: &Messages) -> bool {
        !client.mailbox.is_empty()
    }

    fn forget<'a>(&self, client: &mut Messages, open: impl Iterator<Item = &'a MessageRange>) {
        let least_named = open.map(|range| range.named).fold(client.known, u64::min);
        client.mailbox.forget(self.rules, least_named);
    }

    fn bytes(&self, client: &Messages) -> usize {
        client.mailbox.bytes_in_use()
    }

    fn limit_search(&mut self, most: u64) {
        self.source.limit_search(most);
    }

    fn is_search_over(&self) -> bool {
        self.source.is_search_over()
    }

    fn close(&self, client: &Messages, recorder: &mut Recorder<impl Observer>) {
        client.mailbox.open().for_each(|created| recorder.pending_at_end(created));
    }

    fn close_reply(&self, _request: &Request<MessageRange>, _recorder: &mut Recorder<impl Observer>) {}
}
