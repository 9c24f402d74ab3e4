//! When to stop: replications until an estimate is precise, confirmed by further ones.

/// Replications that confirm a precise estimate, up to [`MANY`] replications.
const AHEAD: u32 = 5;
/// With more replications than this, more confirm it: `AHEAD` of every so many.
const MANY: u32 = 100;
/// Fewest replications before an estimate counts as precise.
const FEWEST: u32 = 3;

/// The sequential rule of Hoad, Robinson and Davies, "Automated selection of the number of replications for a
/// discrete-event simulation" (J. Oper. Res. Soc. 61, 2010): stop once the estimate of n replications is precise, and
/// stays so for the next f(n), which are 5 up to n = 100 and ⌊5 n / 100⌋ beyond. An estimate may be precise by chance;
/// the further ones find out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LookAhead {
    replications: u32,
    /// The number of replications from which on the estimate has been precise.
    since: Option<u32>,
}

impl LookAhead {
    /// Takes notice of one more replication, with which the estimate is precise or not. Returns whether to stop.
    pub fn add(&mut self, is_precise: bool) -> bool {
        self.replications += 1;
        self.since = match (is_precise, self.since) {
            (false, _) => None,
            (true, None) if self.replications >= FEWEST => Some(self.replications),
            (true, since) => since,
        };
        self.since.is_some_and(|since| self.replications >= since + ahead(since))
    }

    /// The number of replications after which it may be time to stop, at the earliest.
    pub fn earliest(&self) -> u32 {
        let since = self.since.unwrap_or((self.replications + 1).max(FEWEST));
        since + ahead(since)
    }
}

impl LookAhead {
    /// The number of replications that confirm an estimate that is precise with so many.
    pub fn confirmed(replications: u32) -> u32 {
        replications + ahead(replications)
    }
}

/// How many replications confirm a precise estimate of n.
fn ahead(replications: u32) -> u32 {
    if replications <= MANY { AHEAD } else { AHEAD * replications / MANY }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of replications at which the rule stops, if the estimate is precise where `is_precise` says so.
    fn stop(is_precise: impl Fn(u32) -> bool) -> u32 {
        let mut rule = LookAhead::default();
        let stop = (1..1_000).find(|number| rule.add(is_precise(*number)));
        stop.expect("it stops")
    }

    #[test]
    fn a_precise_estimate_is_confirmed_by_five_more() {
        assert_eq!(stop(|_| true), 8);
        assert_eq!(stop(|number| number >= 40), 45);
        // It is not precise at 12, so it begins anew.
        assert_eq!(stop(|number| number >= 10 && number != 12), 18);
    }

    #[test]
    fn many_replications_are_confirmed_by_more() {
        assert_eq!(stop(|number| number >= 100), 105);
        assert_eq!(stop(|number| number >= 101), 106);
        assert_eq!(stop(|number| number >= 200), 210);
    }

    #[test]
    fn the_earliest_stop_is_known() {
        let mut rule = LookAhead::default();
        assert_eq!(rule.earliest(), 8);
        for number in 1..=9 {
            rule.add(number >= 7);
        }
        assert_eq!(rule.earliest(), 12);
    }
}
