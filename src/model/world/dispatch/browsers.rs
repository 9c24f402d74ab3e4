//! Requests that wait in the browser for a connection.

use crate::model::ids::{ClientIndex, RequestNumber};
use crate::model::message_store::MessageStore;
use crate::model::observer::Observer;
use crate::model::request::Stage;
use crate::model::transport::Transport;
use crate::model::world::{Slot, World};
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// Whether a request gets a connection of its browser. If not, it waits for one.
    #[inline]
    pub(super) fn takes_connection(&mut self, client: ClientIndex, number: RequestNumber, now: Time) -> bool {
        let Some(connections) = &mut self.client_side.connections else { return true };
        let has_connection = !self.population.needs_connection || connections.acquire(client, number);
        if has_connection {
            self.recorder.connected(now, now);
        }
        has_connection
    }

    /// A request of a client no longer uses its connection. The next request of the browser gets it.
    pub(super) fn free_connection(&mut self, client: ClientIndex, now: Time) {
        let Some(connections) = &mut self.client_side.connections else { return };
        if !self.population.needs_connection {
            return;
        }
        connections.release(client);
        while let Some((next, number)) =
            self.client_side.connections.as_mut().and_then(|connections| connections.next(client))
        {
            if let Some(slot) = self.slot_in(Stage::Blocked, next, number) {
                self.connect(next, slot, now);
                return;
            }
        }
    }

    /// A request that has waited gets a connection, and leaves.
    fn connect(&mut self, client: ClientIndex, slot: Slot, now: Time) {
        if let Some(connections) = &mut self.client_side.connections {
            connections.grant(client);
        }
        let before = self.activate(client);
        let messages = self.store.ask(&self.clients[client].messages);
        let request = self.request(client, slot);
        request.messages = messages;
        let asked = request.sent;
        self.recorder.connected(now, asked);
        self.send_request(client, slot, now);
        self.woken.push(client);
        // An arrival without delay happens at once, before events of other clients at this instant.
        if self.request(client, slot).due == now {
            self.arrive(client, slot, now);
        }
        self.activate_population(before);
    }

    /// The request with this low half of its number, if it is in this stage.
    pub(super) fn slot_in(&self, stage: Stage, client: ClientIndex, number: u32) -> Option<Slot> {
        if self.clients[client].requests as u32 == number.wrapping_add(1) && self.requests[client].stage == stage {
            return Some(Slot::Newest);
        }
        let mut older = self.older.of(client).iter();
        older.position(|older| older.number.low_half() == number && older.request.stage == stage).map(Slot::Older)
    }
}
