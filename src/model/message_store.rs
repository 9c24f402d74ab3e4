//! Where messages come from and how they reach the replies.
//!
//! [`Mailboxes`] is the whole of it. [`InRequestSource`] is the tutorial's source: nothing exists outside a request, so that no
//! client needs a mailbox, and a client's state fits into 48 bytes.

mod in_request;
mod mailbox;
mod mailboxes;

pub(crate) use in_request::InRequestSource;
pub(crate) use mailboxes::Mailboxes;

use crate::model::ids::{ClientNumber, RequestNumber};
use crate::model::recorder::Recorder;
use crate::model::request::Request;
use crate::model::transport::View;
use crate::units::Time;

/// The most that is kept for a request.
pub(crate) type LargestRequest = <Mailboxes as MessageStore>::Request;

/// What a reply carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contents {
    pub messages: u64,
    /// Bytes of the messages.
    pub payload: u64,
}

/// The source and the mailboxes of all clients. Methods are told the number of the client in the whole population.
pub(crate) trait MessageStore: Sized {
    /// What is kept for a client.
    type Client: Clone;
    /// What is kept for a request.
    type Request: Copy + Default;

    /// What is kept for a client before it comes; there are messages for it from `from` on.
    fn client(&self, number: ClientNumber, from: Time) -> Self::Client;
    /// The client has left: there are no more messages for it. What waits for it stays. `is_open`: the next message for all
    /// tells the server so.
    fn leave(&self, client: &mut Self::Client, number: ClientNumber, is_open: bool);
    /// The server finds something for a request of a client that has left, whatever waits for it.
    fn tell(&self, request: &mut Self::Request);
    /// The next trial or creation of the source for the client; `NEVER` where there is none outside a request.
    fn next_creation(&self, client: &Self::Client) -> Time;
    /// What is kept for a client will be needed soon.
    fn preload(&self, client: &Self::Client);
    /// The source runs what is due `now`. Returns whether there is a message, which is created for the client if it
    /// `is_there`. Trials in vain before `until` may follow at once.
    fn run_source(
        &self,
        client: &mut Self::Client,
        number: ClientNumber,
        now: Time,
        until: Time,
        is_there: bool,
        recorder: &mut Recorder,
    ) -> bool;
    /// A message that another client sent at `created` comes for the client.
    fn post(&self, client: &mut Self::Client, now: Time, created: Time, bytes: u32, recorder: &mut Recorder);
    /// The client asks.
    fn ask(&self, client: &Self::Client) -> Self::Request;
    /// What the server sees when request `request_number` of client `number` arrives.
    fn view(
        &mut self,
        client: &Self::Client,
        request: &Self::Request,
        number: ClientNumber,
        request_number: RequestNumber,
    ) -> View;
    /// Whether there is something for the request, apart from what its own look may find.
    fn has_news(&self, client: &Self::Client, request: &Self::Request) -> bool;
    /// The server puts what it has into the reply to `request`.
    fn take(
        &self,
        client: &mut Self::Client,
        request: &mut Request<Self::Request>,
        now: Time,
        recorder: &mut Recorder,
    ) -> Contents;
    /// A reply has reached the client. Returns when the newest message that it brings the client was created.
    fn arrive(
        &self,
        client: &mut Self::Client,
        request: &Request<Self::Request>,
        now: Time,
        recorder: &mut Recorder,
    ) -> Option<Time>;
    /// How many messages the client knows of.
    fn known(&self, client: &Self::Client) -> u64;
    /// How many messages a reply carries.
    fn carried(&self, request: &Request<Self::Request>) -> u64;
    /// Calls `each` with the number, from 1, and the size of every message that a reply carries.
    fn messages(&self, client: &Self::Client, request: &Request<Self::Request>, each: impl FnMut(u64, u64));
    /// The server has sent on the connection of `stream` all that is in `push`.
    fn advance(&self, stream: &mut Self::Request, push: &Self::Request);
    /// Whether messages of the client are on record, so that there may be something to forget.
    fn has_records(&self, client: &Self::Client) -> bool;
    /// Forgets what no request can ask for any more; `open` are the open requests of the client.
    fn forget<'a>(&self, client: &mut Self::Client, open: impl Iterator<Item = &'a Self::Request>)
    where
        Self::Request: 'a;
    /// Memory of the messages on record for the client, in bytes.
    fn bytes(&self, client: &Self::Client) -> usize;
    /// Lets the source look for messages that do not come only so often in all.
    fn limit_search(&mut self, most: u64);
    /// Whether it gave up looking.
    fn is_search_over(&self) -> bool;
    /// Counts the messages whose fate is open at the horizon.
    fn close(&self, client: &Self::Client, recorder: &mut Recorder);
    /// The same for a reply on its way.
    fn close_reply(&self, request: &Request<Self::Request>, recorder: &mut Recorder);
}
