//! Parts of a time axis.

/// A part of the horizontal axis, such as the warm-up, or an instant if both ends are one.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// Its beginning.
    pub from: f64,
    /// Its end.
    pub to: f64,
    /// Its name.
    pub name: String,
}

impl Period {
    /// Whether it is an instant.
    pub fn is_instant(&self) -> bool {
        self.to <= self.from
    }

    /// Its part between these ends of an axis; `None` if it is not there.
    #[must_use]
    pub fn within(&self, low: f64, high: f64) -> Option<Period> {
        let (from, to) = (self.from.max(low), self.to.min(high));
        let is_there = if self.is_instant() { from <= to } else { from < to };
        if is_there { Some(Period { from, to, name: self.name.clone() }) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_shows_a_period_as_far_as_it_reaches() {
        let ends = |from: f64, to: f64| {
            let period = Period { from, to, name: "warm-up".to_owned() };
            period.within(58.0, 80.0).map(|part| (part.from, part.to))
        };
        assert_eq!(ends(0.0, 50.0), None);
        assert_eq!(ends(0.0, 58.0), None);
        assert_eq!(ends(0.0, 60.0), Some((58.0, 60.0)));
        assert_eq!(ends(60.0, 65.0), Some((60.0, 65.0)));
        assert_eq!(ends(70.0, 90.0), Some((70.0, 80.0)));
        assert_eq!(ends(80.0, 90.0), None);
        assert_eq!((ends(60.0, 60.0), ends(57.0, 57.0)), (Some((60.0, 60.0)), None));
    }
}
