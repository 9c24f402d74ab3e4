//! What is open at the end of a run.

use super::World;
use crate::model::mail::Mail;
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Settles what is open at the horizon.
    pub fn settle(&mut self, horizon: Time) {
        for place in 0..self.clients.len() {
            self.turn_to(place);
            self.settle_wire(place, horizon);
            let client = &self.clients[place];
            let older = self.older.of(place).iter().map(|older| &older.request);
            for request in older.chain([&self.requests[place]]) {
                if LIMITED && request.stage.is_at_server() {
                    self.account.stays();
                }
                if request.stage.is_held() {
                    if !LIMITED {
                        self.account.open_at_end(request.since);
                    }
                    if self.counts_checks_at_end {
                        let (first, every, count) = self.kind.transport.checks(request, horizon);
                        self.account.checks(first, every, count);
                        if LIMITED {
                            self.account.work_on_checks(first, every, count);
                        }
                    }
                }
                self.mail.close_reply(request, &mut self.account);
            }
            self.mail.close(&client.mail, &mut self.account);
        }
    }
}
