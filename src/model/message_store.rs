//! Creation of messages, and their way into the replies.
//!
//! [`Mailboxes`] is the general implementation. [`InRequestSource`] is the tutorial's source: no message exists outside
//! a request, so no client needs a mailbox, and a client's state fits into 48 bytes.

mod in_request;
mod mailbox;
mod mailboxes;

pub(crate) use in_request::InRequestSource;
pub(crate) use mailboxes::Mailboxes;

use crate::model::ids::{ClientNumber, RequestNumber};
use crate::model::observer::Observer;
use crate::model::recorder::Recorder;
use crate::model::request::Request;
use crate::model::transport::View;
use crate::units::Time;

/// The largest state of a request.
pub(crate) type LargestRequest = <Mailboxes as MessageStore>::Request;

/// The contents of a reply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contents {
    pub messages: u64,
    /// Bytes of the messages.
    pub payload: u64,
}

/// The source and the mailboxes of all clients. Methods take the number of the client in the whole population.
pub(crate) trait MessageStore: Sized {
    /// The state of a client.
    type Client: Clone;
    /// The state of a request.
    type Request: Copy + Default;

    /// The state of a client before it comes; there are messages for it from `from` on.
    fn client(&self, number: ClientNumber, from: Time) -> Self::Client;
    /// The client has left: there are no more messages for it. Its mailbox stays. `is_open`: the next broadcast message
    /// makes the server notice.
    fn leave(&self, client: &mut Self::Client, number: ClientNumber, is_open: bool);
    /// From now on a request of a client that has left finds a message, whatever is in the mailbox.
    fn tell(&self, request: &mut Self::Request);
    /// The next trial or creation of the source for the client; `NEVER` if there are none outside requests.
    fn next_creation(&self, client: &Self::Client) -> Time;
    /// Prefetches the state of a client, which will be needed soon.
    fn preload(&self, client: &Self::Client);
    /// Runs the step of the source that is due `now`. Returns whether there is a message, which is created for the
    /// client if it `is_there`. Empty trials before `until` may follow at once.
    fn run_source(
        &self,
        client: &mut Self::Client,
        number: ClientNumber,
        now: Time,
        until: Time,
        is_there: bool,
        recorder: &mut Recorder<impl Observer>,
    ) -> bool;
    /// A message that another client sent at `created` arrives for the client.
    fn post(
        &self,
        client: &mut Self::Client,
        now: Time,
        created: Time,
        bytes: u32,
        recorder: &mut Recorder<impl Observer>,
    );
    /// The client asks.
    fn ask(&self, client: &Self::Client) -> Self::Request;
    /// The view of the server when request `request_number` of client `number` arrives.
    fn view(
        &mut self,
        client: &Self::Client,
        request: &Self::Request,
        number: ClientNumber,
        request_number: RequestNumber,
    ) -> View;
    /// Whether there is a message for the request, apart from one that its own check may find.
    fn has_news(&self, client: &Self::Client, request: &Self::Request) -> bool;
    /// The server puts the messages into the reply to `request`.
    fn take(
        &self,
        client: &mut Self::Client,
        request: &mut Request<Self::Request>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Contents;
    /// A reply has reached the client. Returns the creation of the newest message in it that is new to the client.
    fn arrive(
        &self,
        client: &mut Self::Client,
        request: &Request<Self::Request>,
        now: Time,
        recorder: &mut Recorder<impl Observer>,
    ) -> Option<Time>;
    /// The number of messages that the client has acknowledged.
    fn known(&self, client: &Self::Client) -> u64;
    /// The number of messages in a reply.
    fn carried(&self, request: &Request<Self::Request>) -> u64;
    /// Calls `each` with the number, from 1, and the size of every message that a reply carries.
    fn messages(&self, client: &Self::Client, request: &Request<Self::Request>, each: impl FnMut(u64, u64));
    /// The server has sent the messages in `push` on the connection of `stream`.
    fn advance(&self, stream: &mut Self::Request, push: &Self::Request);
    /// Whether messages of the client are on record, so that there may be some to forget.
    fn has_records(&self, client: &Self::Client) -> bool;
    /// Forgets messages that no request can ask for any more; `open` are the open requests of the client.
    fn forget<'a>(&self, client: &mut Self::Client, open: impl Iterator<Item = &'a Self::Request>)
    where
        Self::Request: 'a;
    /// Memory of the messages on record for the client, in bytes.
    fn bytes(&self, client: &Self::Client) -> usize;
    /// Limits the steps that the source searches for messages, in all.
    fn limit_search(&mut self, most: u64);
    /// Whether it gave up the search.
    fn is_search_over(&self) -> bool;
    /// Counts the messages whose fate is open at the horizon.
    fn close(&self, client: &Self::Client, recorder: &mut Recorder<impl Observer>);
    /// The same for a reply in transit.
    fn close_reply(&self, request: &Request<Self::Request>, recorder: &mut Recorder<impl Observer>);
}
