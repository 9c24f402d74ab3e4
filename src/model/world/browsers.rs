//! Connections of a browser, for which requests wait in the browser.

use super::{Slot, World};
use crate::model::client::{Request, Stage};
use crate::model::mail::Mail;
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Whether the request that a client makes now has to wait in the browser.
    pub(super) fn waits_for_connection(&mut self, place: usize, client: u32, now: Time) -> bool {
        let number = self.clients[place].requests;
        self.kind.pauses.departed(place, client, number + 1, now);
        if self.takes_connection(place, number, now) {
            return false;
        }
        self.clients[place].requests += 1;
        self.requests[place] =
            Request { sent: now, since: now, stage: Stage::Blocked, ..Request::departing(Time::NEVER) };
        true
    }

    /// Whether a request that a client makes gets a connection of its browser. If not, it waits for one.
    pub(super) fn takes_connection(&mut self, place: usize, number: u64, now: Time) -> bool {
        let Some(connections) = &mut self.connections else { return true };
        let takes = !self.kind.needs_connection || connections.take(place);
        if takes {
            self.account.connected(now, now);
        } else {
            connections.wait(place, number);
        }
        takes
    }

    /// A client does not use a connection any more. The next request of its browser gets it.
    pub(super) fn free_connection(&mut self, place: usize, now: Time) {
        if !self.kind.needs_connection {
            return;
        }
        if let Some(connections) = &mut self.connections {
            connections.give_back(place);
        }
        while let Some((other, number)) = self.connections.as_mut().and_then(|shares| shares.next_waiting(place)) {
            let Some(slot) = self.slot_in(Stage::Blocked, other, number) else { continue };
            if let Some(connections) = &mut self.connections {
                connections.take(other);
            }
            let before = self.turn_to(other);
            self.send(other, slot, now);
            self.turn_back(before);
            return;
        }
    }

    /// The browser sends a request that has waited for a connection.
    fn send(&mut self, place: usize, slot: Slot, now: Time) {
        let (client, number) = (self.first_client + place as u32, self.request_number(place, slot));
        let up = Time(self.kind.up.of(client, number));
        let mail = self.mail.ask(&self.clients[place].mail);
        let request = self.request(place, slot);
        let asked = request.sent;
        request.stage = Stage::Up;
        request.since = now;
        request.due = now.plus(up);
        request.mail = mail;
        self.account.connected(now, asked);
        self.account.event(now);
        self.count_request(place, slot, now);
        self.woken.push(place as u32);
        // What takes no time is handled at once, before what others do at this instant.
        if self.request(place, slot).due == now {
            self.arrive(place, slot, now);
        }
    }

    /// The request of this number, of which this is the low half, where it is in this stage.
    pub(super) fn slot_in(&self, stage: Stage, place: usize, number: u32) -> Option<Slot> {
        if self.clients[place].requests as u32 == number.wrapping_add(1) && self.requests[place].stage == stage {
            return Some(Slot::Newest);
        }
        let mut older = self.older.of(place).iter();
        older.position(|older| older.number as u32 == number && older.request.stage == stage).map(Slot::Older)
    }
}
