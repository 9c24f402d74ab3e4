//! Whether a latency covers all messages. A latency of the arrived messages alone may look better the fewer arrive, so
//! it is marked: hollow or hatched, with the share beside it.

use crate::report::table::CsvTable;

/// From this share on a latency is drawn without a mark.
const ENOUGH: f64 = 0.99;
/// With more marks than this along a curve, only the first, the least and the last have their share beside them.
const MOST_LABELS: usize = 6;

/// The meaning of a hollow marker.
pub const HOLLOW: &str = "hollow: less than 99 % of the messages arrived";
/// The meaning of a hatched bar or field.
pub const HATCHED: &str = "hatched: less than 99 % of the messages arrived";
/// The meaning of a cross.
pub const ABSENT: &str = "none of the messages arrived";

/// The share of the messages that arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Arrival {
    /// At least 99 %, or it is not known, or there were none.
    #[default]
    Enough,
    /// This share, above 0 and below 0.99.
    Partial(f64),
    /// Messages were created, and none arrived.
    Nothing,
}

impl Arrival {
    /// Whether it needs a mark.
    pub fn is_marked(self) -> bool {
        self != Arrival::Enough
    }

    /// The share to draw a distribution with.
    pub fn share(self) -> f64 {
        match self {
            Arrival::Enough => 1.0,
            Arrival::Partial(share) => share,
            Arrival::Nothing => 0.0,
        }
    }

    /// `60 % arrive`; empty without a mark.
    pub fn label(self) -> Option<String> {
        match self {
            Arrival::Enough => None,
            Arrival::Partial(share) => Some(format!("{} arrive", percent(share))),
            Arrival::Nothing => Some("none arrives".to_owned()),
        }
    }
}

/// With a decimal where it matters, near 99 % and 0 %, and never rounded up to enough.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.1 {
        return "under 0.1 %".to_owned();
    }
    if !(1.0..95.0).contains(&percent) {
        return format!("{:.1} %", percent.min(98.9));
    }
    format!("{percent:.0} %")
}

/// The share of the messages created in the window that arrived by its end, in each row; not known in older tables.
pub fn of_rows(table: &CsvTable) -> Vec<Arrival> {
    let [fraction, created] = ["arrived_fraction", "messages_created"].map(|name| table.column(name));
    let number = |row: usize, column: Option<usize>| table.number(row, column?);
    let arrival = |row: usize| match number(row, fraction) {
        Some(share) if share < ENOUGH && number(row, created) != Some(0.0) => {
            if share > 0.0 {
                Arrival::Partial(share)
            } else {
                Arrival::Nothing
            }
        }
        _ => Arrival::Enough,
    };
    (0..table.rows.len()).map(arrival).collect()
}

/// The text beside each point of a curve, few enough to be readable: of equal neighbours the first and the last. The
/// first share says what it is a share of.
pub fn labels(arrivals: &[Arrival]) -> Vec<Option<String>> {
    let texts: Vec<Option<String>> = arrivals.iter().map(|arrival| arrival.label()).collect();
    let differs = |place: usize, other: Option<usize>| other.and_then(|other| texts.get(other)) != Some(&texts[place]);
    let mut wanted: Vec<usize> = (0..texts.len())
        .filter(|&place| {
            texts[place].is_some() && (differs(place, place.checked_sub(1)) || differs(place, Some(place + 1)))
        })
        .collect();
    if wanted.len() > MOST_LABELS {
        let share = |place: &usize| arrivals[*place].share();
        let least = wanted.iter().min_by(|one, other| share(one).total_cmp(&share(other)));
        wanted = [wanted.first(), least, wanted.last()].into_iter().flatten().copied().collect();
    }
    let mut is_said = false;
    let label = |(place, text): (usize, Option<String>)| match arrivals[place] {
        _ if !wanted.contains(&place) => None,
        Arrival::Partial(share) if std::mem::replace(&mut is_said, true) => Some(percent(share)),
        _ => text,
    };
    texts.into_iter().enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(cells: &str) -> Arrival {
        of_rows(&CsvTable::parse(&format!("arrived_fraction,messages_created\n{cells}\n")).unwrap())[0]
    }

    #[test]
    fn marked_below_99_percent_of_what_was_created() {
        assert_eq!(arrival("0.99,10"), Arrival::Enough);
        assert_eq!(arrival("0.9899,10"), Arrival::Partial(0.9899));
        assert_eq!(arrival("0,10"), Arrival::Nothing);
        assert_eq!(arrival("0,0"), Arrival::Enough);
        assert_eq!(arrival(",10"), Arrival::Enough);
        let old = CsvTable::parse("latency_mean_s\n1\n").unwrap();
        assert_eq!(of_rows(&old), [Arrival::Enough]);
    }

    #[test]
    fn a_share_is_never_rounded_up_to_enough_nor_down_to_nothing() {
        let label = |share| Arrival::Partial(share).label().unwrap();
        assert_eq!(label(0.6), "60 % arrive");
        assert_eq!(label(0.98999), "98.9 % arrive");
        assert_eq!(label(0.0042), "0.4 % arrive");
        assert_eq!(label(0.00001), "under 0.1 % arrive");
        assert_eq!(Arrival::Nothing.label().unwrap(), "none arrives");
        assert_eq!(Arrival::Enough.label(), None);
    }

    #[test]
    fn equal_neighbours_and_long_curves_have_few_labels() {
        let places = |arrivals: &[Arrival]| {
            let labels = labels(arrivals);
            labels.iter().enumerate().filter(|(_, label)| label.is_some()).map(|(place, _)| place).collect::<Vec<_>>()
        };
        let same = [Arrival::Enough, Arrival::Nothing, Arrival::Nothing, Arrival::Nothing, Arrival::Partial(0.5)];
        assert_eq!(places(&same), [1, 3, 4]);
        let falling: Vec<_> =
            (1..=20).map(|step| Arrival::Partial(0.9 - 0.04 * f64::from((step - 15_i32).abs()))).collect();
        assert_eq!(places(&falling), [0, 19]);
        let dip: Vec<_> =
            (1..=20).map(|step| Arrival::Partial(0.2 + 0.04 * f64::from((step - 15_i32).abs()))).collect();
        assert_eq!(places(&dip), [0, 14, 19]);
        let several = [Arrival::Nothing, Arrival::Partial(0.5), Arrival::Partial(0.75)];
        let texts: Vec<_> = labels(&several).into_iter().flatten().collect();
        assert_eq!(texts, ["none arrives", "50 % arrive", "75 %"]);
    }
}
