//! The server answers a request, with messages or without.

use crate::model::ids::ClientIndex;
use crate::model::message_store::{Contents, MessageStore};
use crate::model::observer::{Happening, Observer, ReplySize};
use crate::model::request::{Ending, Origin, Stage};
use crate::model::transport::Transport;
use crate::model::world::{Slot, World};
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// The server replies, with the messages in the mailbox if it `takes` them.
    #[inline]
    pub(super) fn answer(&mut self, client: ClientIndex, slot: Slot, now: Time, takes: bool) {
        let is_unheard = LIMITED && self.is_unheard(client, slot);
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        let request = match slot {
            Slot::Newest => &mut self.requests[client],
            Slot::Older(index) => &mut self.older.of_mut(client)[index].request,
        };
        let contents = if takes {
            self.store.take(&mut self.clients[client].messages, request, now, self.recorder.about(name, number))
        } else {
            Contents { messages: 0, payload: 0 }
        };
        if is_unheard {
            self.discard_answer(client, slot, now);
            return;
        }
        let (http, is_empty) = (&self.population.http, contents.messages == 0);
        let messages = contents.payload + contents.messages * http.message_framing.0;
        let body = if is_empty { http.empty_body.0 } else { messages };
        let size = ReplySize { header: http.response_header.0, body, payload: contents.payload };
        if LIMITED {
            self.answer_over_network(client, slot, now, (size, is_empty));
        } else {
            let delay = Time(self.population.path.down.of(name, number.name()));
            (request.stage, request.since, request.due) = (Stage::Down, now, now.plus(delay));
            self.observe_request(client, number, now, Happening::Answered { size, is_empty });
        }
    }

    /// A reply of this size over HTTP/1.1, perhaps without a message, leaves a server with limits.
    #[inline]
    fn answer_over_network(&mut self, client: ClientIndex, slot: Slot, now: Time, reply: (ReplySize, bool)) {
        let (plain, is_empty) = reply;
        let (header, body) = self.reply_size(client, now, plain.body);
        let is_to_send = self.origin(client, slot) == Origin::Send;
        let size = ReplySize { header, body, ..plain };
        self.observe(client, slot, now, Happening::Answered { size, is_empty: is_empty && !is_to_send });
        self.recorder.work_on_bytes(now, header + body);
        if is_to_send {
            self.recorder.other_reply(now);
        }
        self.send_reply(client, slot, now, header + body);
        self.server.release(client, Stage::HELD);
    }

    /// Whether no reply to a request is sent: the proxy has given it up, or knows that its client has, or the server
    /// has received its reset.
    pub(super) fn is_unheard(&self, client: ClientIndex, slot: Slot) -> bool {
        let Slot::Older(index) = slot else { return false };
        let request = &self.older.of(client)[index].request;
        let has_closed =
            self.server.gateway.is_present && self.population.path.http2.is_none() && !request.is_awaited();
        request.ending == Ending::Nowhere || has_closed
    }

    /// No reply is sent to this request. The messages in it are lost.
    fn discard_answer(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        self.observe(client, slot, now, Happening::Dropped);
        let (name, number) = (self.number_of(client), self.request_number(client, slot));
        let request = self.request(client, slot);
        request.since = now;
        let request = *request;
        let recorder = self.recorder.about(name, number);
        // The client gets nothing newer.
        _ = self.store.arrive(&mut self.clients[client].messages, &request, now, recorder);
        if let Slot::Older(index) = slot {
            self.older.remove(client, index);
        }
        self.forget(client);
        self.server.release(client, Stage::HELD);
    }
}
