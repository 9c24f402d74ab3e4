//! A comparison as a forest plot.

use std::collections::{BTreeMap, BTreeSet};

use super::chart::{
    ChartError, Drawing, Forest, ForestMark, ForestPlot, Looks, RowGroup, column_quantity, key_quantity, plain_number,
};
use super::digits::with_half;
use super::draw::QUICK_NOTE;
use super::inference::{PairRow, charted_metrics};
use crate::experiment::Experiment;
use crate::model::Metric;

/// More rows than this are not all drawn.
const MOST_ROWS: usize = 120;
/// Fewest points of a group that are drawn, if it has as many.
const FEWEST_POINTS: usize = 3;

/// The rows of a comparison in one plot per metric.
pub struct ComparisonChart<'a> {
    /// The experiment of the points and transports.
    pub experiment: &'a Experiment,
    /// The comparison.
    pub rows: &'a [PairRow],
    /// The metrics to draw; none: those of the charts, or else all that were compared.
    pub metrics: Option<&'a [Metric]>,
    /// What all rows are compared with: a transport, or another experiment.
    pub baseline: &'a str,
}

/// A transport at these points.
struct ComparedPair<'a> {
    transport: &'a str,
    points: Vec<usize>,
    /// Whether its only row is of all points.
    is_everywhere: bool,
}

impl ComparisonChart<'_> {
    /// Draws it.
    ///
    /// # Errors
    /// If the drawing library fails.
    pub fn draw(&self) -> Result<Drawing, ChartError> {
        let experiment = self.experiment;
        let looks = Looks::of(experiment);
        let (pairs, left_out) = self.pairs();
        let keys: Vec<String> = experiment.swept().iter().map(|key| key_quantity(key).title().to_string()).collect();
        let tests = self.rows.iter().filter(|row| row.p_value.is_some()).count();
        let correction = match tests {
            0 => None,
            1 => Some("Significant: p < 0.05, in one test.".to_owned()),
            _ => Some(format!(
                "Significant: p < 0.05 after Holm's correction for {tests} tests. Intervals are not corrected, and hidden \
                 where narrower than their mark."
            )),
        };
        let rows = |pair: &ComparedPair| pair.points.iter().map(|point| self.place(*point)).collect();
        let named = |pair: &ComparedPair| RowGroup {
            name: pair.transport.to_owned(),
            color: looks.get(pair.transport).color,
            rows: if pair.is_everywhere { Vec::new() } else { rows(pair) },
        };
        Forest {
            title: experiment.title().to_owned(),
            note: if experiment.quick() { Some(QUICK_NOTE.to_owned()) } else { None },
            baseline: self.baseline.to_owned(),
            keys: keys.join("; "),
            groups: pairs.iter().map(named).collect(),
            plots: self.metrics().into_iter().map(|metric| self.plot(metric, &pairs)).collect(),
            remarks: correction.into_iter().chain(left_out).collect(),
        }
        .draw()
    }

    /// The metrics that are drawn, of those that have rows.
    fn metrics(&self) -> Vec<Metric> {
        let all: BTreeSet<Metric> = self.rows.iter().map(|row| row.metric).collect();
        let asked = self.metrics.map_or_else(|| charted_metrics(self.experiment), <[Metric]>::to_vec);
        let mut seen = BTreeSet::new();
        let drawn = asked.into_iter().filter(|metric| all.contains(metric) && seen.insert(*metric));
        let drawn: Vec<Metric> = drawn.collect();
        if drawn.is_empty() { all.into_iter().collect() } else { drawn }
    }

    /// The pairs in the order of the transports, and a remark on the points that are left out.
    fn pairs(&self) -> (Vec<ComparedPair<'_>>, Option<String>) {
        let mut points = BTreeMap::<(usize, &str), BTreeSet<usize>>::new();
        for row in self.rows {
            let place = self.experiment.transports().iter().position(|name| *name == row.transport);
            points.entry((place.unwrap_or(usize::MAX), &row.transport)).or_default().insert(row.point);
        }
        let all: usize = points.values().map(BTreeSet::len).sum();
        let most = if all > MOST_ROWS { (MOST_ROWS / points.len()).max(FEWEST_POINTS) } else { usize::MAX };
        let is_everywhere = |transport: &str| {
            let mut rows = self.rows.iter().filter(|row| row.transport == transport);
            rows.all(|row| row.points == self.experiment.points())
        };
        let pair = |((_, transport), points)| ComparedPair {
            transport,
            points: spread(points, most),
            is_everywhere: is_everywhere(transport),
        };
        let pairs: Vec<ComparedPair> = points.into_iter().map(pair).collect();
        let drawn: usize = pairs.iter().map(|pair| pair.points.len()).sum();
        let remark = format!("Drawn: {drawn} of {all} rows, spread over the points.");
        (pairs, if drawn < all { Some(remark) } else { None })
    }

    /// The swept values of a point.
    fn place(&self, point: usize) -> String {
        let cells = self.experiment.coordinates(point).into_iter();
        let cells = cells.map(|cell| cell.parse().map_or(cell, plain_number));
        // Large numbers have commas.
        cells.collect::<Vec<_>>().join("; ")
    }

    fn plot(&self, metric: Metric, pairs: &[ComparedPair]) -> ForestPlot {
        let of_metric = || self.rows.iter().filter(|row| row.metric == metric);
        let is_ratio = of_metric().any(|row| row.contrast.ratio.is_some());
        let places = pairs.iter().flat_map(|pair| pair.points.iter().map(|point| (pair.transport, *point)));
        let marks = places.map(|(name, point)| {
            let row = of_metric().find(|row| row.transport == name && row.point == point)?;
            Some(mark(row, is_ratio))
        });
        let quantity = column_quantity(metric.name());
        ForestPlot { title: quantity.name, unit: quantity.unit, is_ratio, marks: marks.collect() }
    }
}

/// The mark of a row.
fn mark(row: &PairRow, is_ratio: bool) -> ForestMark {
    let contrast = &row.contrast;
    let (value, interval) = match is_ratio {
        true => (contrast.ratio, contrast.ratio_interval),
        false => (Some(contrast.difference), contrast.difference_interval),
    };
    let is_significant = if row.is_equal { Some(false) } else { row.is_significant() };
    let half = interval.map(|interval| interval.half_width);
    ForestMark {
        value,
        interval: interval
            .filter(|interval| interval.low < interval.high)
            .map(|interval| (interval.low, interval.high)),
        is_significant,
        text: match (row.is_equal, value.map(|value| with_half(value, half))) {
            (true, _) => "equal".to_owned(),
            (false, Some((value, Some(half)))) => format!("{value} ± {half}"),
            (false, Some((value, None))) => value,
            (false, None) => String::new(),
        },
    }
}

/// At most so many points, evenly spread from the first to the last.
fn spread(points: BTreeSet<usize>, most: usize) -> Vec<usize> {
    let points: Vec<usize> = points.into_iter().collect();
    if points.len() <= most {
        return points;
    }
    (0..most).map(|place| points[place * (points.len() - 1) / (most - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_of_many_points_are_spread_from_the_first_to_the_last() {
        assert_eq!(spread((0..4).collect(), 4), [0, 1, 2, 3]);
        assert_eq!(spread((0..101).collect(), 3), [0, 50, 100]);
        assert_eq!(spread((10..20).collect(), 4), [10, 13, 16, 19]);
    }
}
