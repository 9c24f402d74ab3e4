//! Connections of a browser, for which requests wait in the browser.

use super::{Slot, World};
use crate::model::ids::{ClientIndex, ClientNumber, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::request::{Request, Stage};
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Whether the request that a client makes now has to wait in the browser.
    pub(super) fn waits_for_connection(&mut self, client: ClientIndex, client_number: ClientNumber, now: Time) -> bool {
        let requests = self.clients[client].requests;
        self.population.pauses.departed(client, client_number, RequestNumber::of_poll(requests + 1), now);
        if self.takes_connection(client, RequestNumber::of_poll(requests), now) {
            return false;
        }
        self.clients[client].requests += 1;
        self.requests[client] =
            Request { sent: now, since: now, stage: Stage::Blocked, ..Request::departing(Time::NEVER) };
        true
    }

    /// Whether a request that a client makes gets a connection of its browser. If not, it waits for one.
    pub(super) fn takes_connection(&mut self, client: ClientIndex, number: RequestNumber, now: Time) -> bool {
        let Some(connections) = &mut self.connections else { return true };
        let takes = !self.population.needs_connection || connections.take(client);
        if takes {
            self.recorder.connected(now, now);
        } else {
            connections.wait(client, number);
        }
        takes
    }

    /// A client does not use a connection any more. The next request of its browser gets it.
    pub(super) fn free_connection(&mut self, client: ClientIndex, now: Time) {
        if !self.population.needs_connection {
            return;
        }
        if let Some(connections) = &mut self.connections {
            connections.give_back(client);
        }
        while let Some((other, number)) = self.connections.as_mut().and_then(|shares| shares.next_waiting(client)) {
            let Some(slot) = self.slot_in(Stage::Blocked, other, number) else { continue };
            if let Some(connections) = &mut self.connections {
                connections.take(other);
            }
            let before = self.activate(other);
            self.send(other, slot, now);
            self.activate_population(before);
            return;
        }
    }

    /// The browser sends a request that has waited for a connection.
    fn send(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        let number = self.request_number(client, slot);
        let up = Time(self.population.path.up.of(self.number_of(client), number.name()));
        let messages = self.store.ask(&self.clients[client].messages);
        let request = self.request(client, slot);
        let asked = request.sent;
        request.stage = Stage::Up;
        request.since = now;
        request.due = now.plus(up);
        request.messages = messages;
        self.recorder.connected(now, asked);
        self.recorder.event(now);
        self.send_request(client, slot, now);
        self.woken.push(client);
        // What takes no time is handled at once, before what others do at this instant.
        if self.request(client, slot).due == now {
            self.arrive(client, slot, now);
        }
    }

    /// The request of this number, of which this is the low half, where it is in this stage.
    pub(super) fn slot_in(&self, stage: Stage, client: ClientIndex, number: u32) -> Option<Slot> {
        if self.clients[client].requests as u32 == number.wrapping_add(1) && self.requests[client].stage == stage {
            return Some(Slot::Newest);
        }
        let mut older = self.older.of(client).iter();
        older.position(|older| older.number.low_half() == number && older.request.stage == stage).map(Slot::Older)
    }
}
