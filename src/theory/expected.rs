//! The values that closed forms give.

use crate::model::metric::Metric;

/// The closed forms that hold under one scenario, in the order of the result columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    values: Vec<(Metric, f64)>,
}

impl Expected {
    /// The value of a metric, in the unit that its name states; `None` if no closed form holds.
    pub fn get(&self, metric: Metric) -> Option<f64> {
        let place = self.values.binary_search_by_key(&metric, |&(known, _)| known).ok()?;
        self.values.get(place).map(|&(_, value)| value)
    }

    /// All values, in the order of the result columns.
    pub fn iter(&self) -> impl Iterator<Item = (Metric, f64)> + '_ {
        self.values.iter().copied()
    }

    /// Whether no closed form holds at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Leaves out the metrics of which this holds.
    pub(super) fn leave_out(&mut self, has_none: impl Fn(Metric) -> bool) {
        self.values.retain(|(metric, _)| !has_none(*metric));
    }

    /// Sets metrics of what never happens.
    pub(super) fn put_zeros(&mut self, never: &[Metric]) {
        for metric in never {
            self.put(*metric, 0.0);
        }
    }

    /// Sets a value; one that is not finite ([`UNKNOWN`], or an infinite mean) is left out.
    pub(super) fn put(&mut self, metric: Metric, value: f64) {
        if !value.is_finite() {
            return;
        }
        match self.values.binary_search_by_key(&metric, |&(known, _)| known) {
            Ok(place) => self.values[place].1 = value,
            Err(place) => self.values.insert(place, (metric, value)),
        }
    }
}

/// A quantity without a closed form. It propagates through arithmetic, and [`Expected::put`] leaves it out.
pub(super) const UNKNOWN: f64 = f64::NAN;

/// What a run without failures has none of.
pub(super) const FAILURES: &[Metric] =
    &[Metric::Timeouts, Metric::ClientsStopped, Metric::OrphanRequests, Metric::GhostRequests];
