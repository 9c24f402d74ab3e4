//! The radios of phones.

use super::World;
use crate::model::ids::ClientIndex;
use crate::model::message_store::MessageStore;
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: MessageStore, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Something leaves a client, or comes to it by itself: what does so at one instant turns on the radio once.
    pub(super) fn wake(&mut self, client: ClientIndex, now: Time) {
        if let Some(last) = self.radios.get_mut(client).filter(|last| **last != now) {
            *last = now;
            self.recorder.woke(now);
        }
    }
}
