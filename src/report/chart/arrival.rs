//! Whether a value is that of all messages. A latency, and traffic, may look better the fewer messages arrive, so they
//! are marked: hollow or hatched, with the share beside them.

use super::canvas::Canvas;
use super::error::ChartError;
use super::palette::Look;
use crate::model::Metric;
use crate::report::survivors::{Rest, Survivors};
use crate::report::table::CsvTable;

/// With more marks than this along a curve, only the first, the least and the last have their share beside them.
const MOST_LABELS: usize = 6;

/// The meaning of a hollow marker.
pub const HOLLOW: &str = "hollow: only the given share of the messages arrives";
/// The meaning of a hollow marker with a dot.
pub const DOTTED: &str = "hollow with a dot: the given share of the messages arrived by the end; the backlog grows";
/// The meaning of a cross.
pub const ABSENT: &str = "none of the messages arrived";

/// The share of the messages that arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Arrival {
    /// All to a reader, or it is not known, or there were none.
    #[default]
    Enough,
    /// This share, above 0 and below 0.99.
    Partial(f64, Rest),
    /// Messages were created, and none arrived.
    Nothing(Rest),
}

impl Arrival {
    /// Whether it needs a mark.
    pub fn is_marked(self) -> bool {
        self != Arrival::Enough
    }

    /// Whether none arrived.
    pub fn is_nothing(self) -> bool {
        matches!(self, Arrival::Nothing(_))
    }

    /// What becomes of the others.
    pub fn rest(self) -> Option<Rest> {
        match self {
            Arrival::Enough => None,
            Arrival::Partial(_, rest) | Arrival::Nothing(rest) => Some(rest),
        }
    }

    /// The share to draw a distribution with.
    pub fn share(self) -> f64 {
        match self {
            Arrival::Enough => 1.0,
            Arrival::Partial(share, _) => share,
            Arrival::Nothing(_) => 0.0,
        }
    }

    /// `60 % arrive`, or `60 % by the end` if the others may still arrive; empty without a mark.
    pub fn label(self) -> Option<String> {
        let words = |rest, arrive: &str| if rest == Rest::Lost { arrive.to_owned() } else { "by the end".to_owned() };
        match self {
            Arrival::Enough => None,
            Arrival::Partial(share, rest) => Some(format!("{} {}", percent(share), words(rest, "arrive"))),
            Arrival::Nothing(rest) => Some(format!("none {}", words(rest, "arrives"))),
        }
    }

    /// `60 %` or `none`.
    pub fn short_label(self) -> Option<String> {
        match self {
            Arrival::Enough => None,
            Arrival::Partial(share, _) => Some(percent(share)),
            Arrival::Nothing(_) => Some("none".to_owned()),
        }
    }
}

/// Draws the marker of a point that covers these messages.
pub fn mark(
    canvas: &mut Canvas,
    (look, arrival): (Look, Arrival),
    at: (f64, f64),
    radius: f64,
) -> Result<(), ChartError> {
    match arrival.rest() {
        None => look.mark(canvas, at, radius),
        Some(Rest::Lost) => look.mark_hollow(canvas, at, radius),
        Some(Rest::Waiting) => look.mark_dotted(canvas, at, radius),
    }
}

/// The meaning of a hatched bar or field, if one of these needs a hatch.
pub fn hatched(arrivals: impl Iterator<Item = Arrival>) -> Option<&'static str> {
    let rests: Vec<Rest> = arrivals.filter_map(Arrival::rest).collect();
    match [Rest::Lost, Rest::Waiting].map(|rest| rests.contains(&rest)) {
        [false, false] => None,
        [true, false] => Some("hatched: only the given share of the messages arrives"),
        [false, true] => Some("hatched: the given share of the messages arrived by the end; the backlog grows"),
        [true, true] => Some("hatched: only the given share of the messages arrives, or arrived by the end"),
    }
}

/// With a decimal where it matters, near 99 % and 0 %, and never rounded up to enough.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.1 {
        return "under 0.1 %".to_owned();
    }
    if !(0.95..94.5).contains(&percent) {
        return format!("{:.1} %", percent.min(98.9));
    }
    format!("{percent:.0} %")
}

/// What the latencies in each row are of; not known in older tables.
pub fn of_rows(table: &CsvTable) -> Vec<Arrival> {
    let columns = Survivors::METRICS.map(|metric| (metric, table.column(metric.name())));
    let column = |wanted: Metric| columns.iter().find(|(metric, _)| *metric == wanted)?.1;
    let replications = table.column("replications");
    let row = |row: usize| {
        let replications = replications.and_then(|column| table.number(row, column)).unwrap_or(1.0);
        let survivors = Survivors::of(replications, |metric| table.number(row, column(metric)?));
        match survivors {
            None => Arrival::Enough,
            Some(Survivors { share, rest }) if share > 0.0 => Arrival::Partial(share, rest),
            Some(Survivors { rest, .. }) => Arrival::Nothing(rest),
        }
    };
    (0..table.rows.len()).map(row).collect()
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
    let mut said = None;
    let label = |(place, text): (usize, Option<String>)| match arrivals[place] {
        _ if !wanted.contains(&place) => None,
        Arrival::Partial(_, rest) if said.replace(rest) == Some(rest) => arrivals[place].short_label(),
        _ => text,
    };
    texts.into_iter().enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: fn(f64) -> Arrival = |share| Arrival::Partial(share, Rest::Lost);

    fn arrival(cells: &str) -> Arrival {
        let names = Survivors::METRICS.map(Metric::name).join(",");
        of_rows(&CsvTable::parse(&format!("{names}\n{cells}\n")).unwrap())[0]
    }

    #[test]
    fn marked_below_99_percent_of_what_was_created() {
        assert_eq!(arrival("0.99,0,10,0,0"), Arrival::Enough);
        assert_eq!(arrival("0.9,0,10,0,0"), LOST(0.9));
        assert_eq!(arrival("0.9,0.1,100,0,10"), Arrival::Partial(0.9, Rest::Waiting));
        assert_eq!(arrival("0.9,0.1,100,10,10"), Arrival::Enough);
        assert_eq!(arrival("0,0,10,0,0"), Arrival::Nothing(Rest::Lost));
        assert_eq!(arrival("0,1,100,0,100"), Arrival::Nothing(Rest::Waiting));
        assert_eq!(arrival("0,0,0,0,0"), Arrival::Enough);
        assert_eq!(arrival(",,10,,"), Arrival::Enough);
        let old = CsvTable::parse("latency_mean_s\n1\n").unwrap();
        assert_eq!(of_rows(&old), [Arrival::Enough]);
    }

    #[test]
    fn a_share_is_never_rounded_up_to_enough_nor_down_to_nothing() {
        let label = |share| LOST(share).label().unwrap();
        assert_eq!(label(0.6), "60 % arrive");
        assert_eq!(label(0.98999), "98.9 % arrive");
        assert_eq!(label(0.0042), "0.4 % arrive");
        assert_eq!(label(0.00001), "under 0.1 % arrive");
        assert_eq!(Arrival::Nothing(Rest::Lost).label().unwrap(), "none arrives");
        assert_eq!(Arrival::Nothing(Rest::Waiting).label().unwrap(), "none by the end");
        assert_eq!(Arrival::Partial(0.6, Rest::Waiting).label().unwrap(), "60 % by the end");
        assert_eq!(Arrival::Enough.label(), None);
    }

    #[test]
    fn equal_neighbours_and_long_curves_have_few_labels() {
        let places = |arrivals: &[Arrival]| {
            let labels = labels(arrivals);
            labels.iter().enumerate().filter(|(_, label)| label.is_some()).map(|(place, _)| place).collect::<Vec<_>>()
        };
        let nothing = Arrival::Nothing(Rest::Lost);
        let same = [Arrival::Enough, nothing, nothing, nothing, LOST(0.5)];
        assert_eq!(places(&same), [1, 3, 4]);
        let falling: Vec<_> = (1..=20).map(|step| LOST(0.9 - 0.04 * f64::from((step - 15_i32).abs()))).collect();
        assert_eq!(places(&falling), [0, 19]);
        let dip: Vec<_> = (1..=20).map(|step| LOST(0.2 + 0.04 * f64::from((step - 15_i32).abs()))).collect();
        assert_eq!(places(&dip), [0, 14, 19]);
        let waiting = |share| Arrival::Partial(share, Rest::Waiting);
        let several = [nothing, LOST(0.5), LOST(0.75), waiting(0.8), waiting(0.9)];
        let texts: Vec<_> = labels(&several).into_iter().flatten().collect();
        assert_eq!(texts, ["none arrives", "50 % arrive", "75 %", "80 % by the end", "90 %"]);
    }
}
