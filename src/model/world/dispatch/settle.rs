//! Messages and requests that are open at the end of a run.

use crate::model::ids::RequestNumber;
use crate::model::message_store::MessageStore;
use crate::model::observer::Observer;
use crate::model::transport::Transport;
use crate::model::world::World;
use crate::units::Time;

impl<T: Transport, M: MessageStore, O: Observer, const LIMITED: bool> World<'_, T, M, O, LIMITED> {
    /// Settles the messages and requests that are open at the horizon.
    pub fn settle(&mut self, horizon: Time) {
        for client in self.clients.indices() {
            self.activate(client);
            self.network.settle(client, horizon, &mut self.recorder);
            // A client that has sent none has no newest request.
            let newest = RequestNumber::of_poll(self.clients[client].requests.wrapping_sub(1));
            let name = self.number_of(client);
            let state = &self.clients[client];
            let older = self.older.of(client).iter().map(|older| (older.number, &older.request));
            for (number, request) in older.chain([(newest, &self.requests[client])]) {
                self.recorder.about(name, number);
                if LIMITED && request.stage.is_at_server() {
                    self.recorder.stays();
                }
                if request.stage.is_held() {
                    if !LIMITED {
                        self.recorder.open_at_end(request.since);
                    }
                    if self.server.counts_checks_at_end {
                        let (first, every, count) = self.population.transport.checks(request, horizon);
                        self.recorder.checks(first, every, count);
                        if LIMITED {
                            self.recorder.work_on_checks(first, every, count);
                        }
                    }
                }
                self.store.close_reply(request, &mut self.recorder);
            }
            self.store.close(&state.messages, &mut self.recorder);
        }
    }
}
