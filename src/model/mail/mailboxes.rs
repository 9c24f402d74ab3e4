//! A source and a mailbox for every client.

use super::mailbox::{Mailbox, Rules};
use super::script::{Hits, hits};
use super::{Contents, Mail};
use crate::model::account::Account;
use crate::model::client::Request;
use crate::model::scenario::{Arrivals, Scenario};
use crate::model::source::{Cursor, Generator};
use crate::model::transport::View;
use crate::units::Time;

/// The source and the mailboxes.
#[derive(Debug)]
pub(crate) struct Mailboxes {
    source: Generator,
    rules: Rules,
    /// Scope `request`: the look of a request creates a message, which goes through the mailbox.
    hits: Option<Hits>,
    /// Scope `group`: messages are what clients send.
    comes_from_clients: bool,
}

/// One client's process and mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Messages {
    arrivals: Cursor,
    mailbox: Mailbox,
    /// How many messages the client knows of: one more than the number of the newest it has.
    known: u64,
}

/// What a request asks for, and what its reply carries: messages by their numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parcel {
    /// How many messages the client knew of when it asked.
    named: u64,
    first: u64,
    end: u64,
}

impl Parcel {
    /// Whether the server has been told that the client has left.
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

    fn create(&self, messages: &mut Messages, now: Time, bytes: u32, account: &mut Account) {
        account.created(now);
        let freed =
            messages.mailbox.create(self.rules, now, bytes, |fate, created| account.settled(now, fate, created));
        if account.has_costs() {
            account.stored(now, bytes.into());
            account.taken(now, freed);
        }
    }

    /// When the newest of the messages that a reply brings was created. Those that clients send may overtake each other.
    fn newest(&self, client: &Messages, parcel: &Parcel) -> Option<Time> {
        if self.comes_from_clients {
            return (parcel.first..parcel.end).filter_map(|number| client.mailbox.created(number)).max();
        }
        client.mailbox.created(parcel.end - 1)
    }
}

impl Mailboxes {
    /// Puts all that there is for a request into its reply, a message that its own look finds too.
    #[inline(never)]
    fn collect(
        &self,
        client: &mut Messages,
        request: &mut Request<Parcel>,
        now: Time,
        account: &mut Account,
    ) -> Contents {
        if request.hits {
            self.create(client, now, self.source.payload(), account);
        }
        if account.has_costs() {
            account.taken(now, client.mailbox.waiting_bytes());
        }
        let parcel = &mut request.mail;
        let taken = client.mailbox.take(self.rules, parcel.named);
        (parcel.first, parcel.end) = (taken.start, taken.end);
        Contents { messages: taken.end - taken.start, payload: client.mailbox.bytes(&taken) }
    }

    /// A reply with messages has reached its client. Returns when the newest of them was created, if it is new to a client
    /// that listens.
    #[inline(never)]
    fn deliver(
        &self,
        client: &mut Messages,
        request: &Request<Parcel>,
        now: Time,
        account: &mut Account,
    ) -> Option<Time> {
        let parcel = request.mail;
        let duplicates =
            client.mailbox.arrive(self.rules, parcel.first..parcel.end, request.awaited, |fate, created| {
                account.settled(now, fate, created);
            });
        account.duplicated(now, duplicates);
        if !request.awaited || (parcel.end <= client.known && !self.comes_from_clients) {
            return None;
        }
        client.known = client.known.max(parcel.end);
        Some(self.newest(client, &parcel).unwrap_or(now))
    }
}

impl Mail for Mailboxes {
    type Client = Messages;
    type Request = Parcel;

    fn client(&self, number: u32, from: Time) -> Messages {
        Messages { arrivals: self.source.start(number, from), mailbox: Mailbox::default(), known: 0 }
    }

    fn leave(&self, client: &mut Messages, number: u32, is_open: bool) {
        // The events of a shared process are counted with client 0.
        if !self.source.is_shared() || !(is_open || number == 0) {
            client.arrivals.next = Time::NEVER;
        }
    }

    fn tell(&self, request: &mut Parcel) {
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
        number: u32,
        now: Time,
        until: Time,
        is_there: bool,
        account: &mut Account,
    ) -> bool {
        let counts = self.source.counts_events_of(number);
        let created = self.source.advance_due(&mut client.arrivals, number, until, |trial| {
            if counts {
                account.event(trial);
            }
        });
        if counts && created.is_some() && self.source.is_shared() {
            account.shared(now);
        }
        if let (Some(bytes), true) = (created, is_there) {
            self.create(client, now, bytes, account);
        }
        created.is_some()
    }

    fn post(&self, client: &mut Messages, now: Time, created: Time, bytes: u32, account: &mut Account) {
        account.created(created);
        let freed =
            client.mailbox.create(self.rules, created, bytes, |fate, before| account.settled(now, fate, before));
        account.stored(now, bytes.into());
        account.taken(now, freed);
    }

    #[inline]
    fn ask(&self, client: &Messages) -> Parcel {
        Parcel { named: client.known, first: 0, end: 0 }
    }

    fn view(&mut self, client: &Messages, request: &Parcel, number: u32, request_number: u64) -> View {
        View {
            hit: self.hits.as_mut().map(|hits| hits.of(number, request_number)),
            has_news: self.has_news(client, request),
            next_creation: client.arrivals.next,
        }
    }

    #[inline]
    fn has_news(&self, client: &Messages, request: &Parcel) -> bool {
        self.hits.is_none() && (request.is_told() || client.mailbox.has_news(self.rules, request.named))
    }

    #[inline]
    fn take(&self, client: &mut Messages, request: &mut Request<Parcel>, now: Time, account: &mut Account) -> Contents {
        if !request.hits && client.mailbox.is_empty() {
            (request.mail.first, request.mail.end) = (0, 0);
            return Contents { messages: 0, payload: 0 };
        }
        self.collect(client, request, now, account)
    }

    #[inline]
    fn arrive(
        &self,
        client: &mut Messages,
        request: &Request<Parcel>,
        now: Time,
        account: &mut Account,
    ) -> Option<Time> {
        if request.mail.first >= request.mail.end {
            return None;
        }
        self.deliver(client, request, now, account)
    }

    fn known(&self, client: &Messages) -> u64 {
        client.known
    }

    fn carried(&self, request: &Request<Parcel>) -> u64 {
        request.mail.end.saturating_sub(request.mail.first)
    }

    fn messages(&self, client: &Messages, request: &Request<Parcel>, mut each: impl FnMut(u64, u64)) {
        for number in request.mail.first..request.mail.end {
            each(number + 1, client.mailbox.bytes(&(number..number + 1)));
        }
    }

    fn advance(&self, stream: &mut Parcel, push: &Parcel) {
        stream.named = stream.named.max(push.end);
    }

    #[inline]
    fn has_records(&self, client: &Messages) -> bool {
        !client.mailbox.is_empty()
    }

    fn forget<'a>(&self, client: &mut Messages, open: impl Iterator<Item = &'a Parcel>) {
        let least_named = open.map(|parcel| parcel.named).fold(client.known, u64::min);
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

    fn close(&self, client: &Messages, account: &mut Account) {
        client.mailbox.open().for_each(|created| account.pending_at_end(created));
    }

    fn close_reply(&self, _request: &Request<Parcel>, _account: &mut Account) {}
}
