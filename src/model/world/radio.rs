//! The radios of phones.

use super::World;
use crate::model::mail::Mail;
use crate::model::transport::Transport;
use crate::units::Time;

impl<T: Transport, M: Mail, const LIMITED: bool> World<'_, T, M, LIMITED> {
    /// Something leaves a client, or comes to it by itself: what does so at one instant turns on the radio once.
    pub(super) fn wake(&mut self, place: usize, now: Time) {
        if let Some(last) = self.radios.get_mut(place).filter(|last| **last != now) {
            *last = now;
            self.account.woke(now);
        }
    }
}
