//! Time bins of a run.

use crate::experiment::chart::AxisScale;

use super::axis::PlotAxis;
use super::axis_title::AxisTitle;
use super::curve::{Curve, PlotPoint, Reach, Style, unbroken};
use super::curve_names::Naming;
use super::error::ChartError;
use super::figure::Figure;
use super::job::ChartJob;
use super::names::{column, distinct};
use super::palette::Look;
use super::plot::Panel;
use super::point_curves::PointCurves;
use super::run_table::RunTable;
use super::scale::{Fit, Scale, can_show};
use super::text_block::Heading;
use super::units::{axis_unit, in_words, time_unit};
use crate::report::digits::significant;
use crate::report::display_unit::DisplayUnit;
use crate::report::table::CsvTable;

/// More lines than this in one plot tangle: each gets a plot of its own.
const MOST_TANGLED: usize = 4;
/// More plots than this are not drawn: lines then share one.
const MOST_PLOTS: usize = 9;

/// A plot per column, a line per transport and point; or a plot per line.
pub fn figure(job: &ChartJob) -> Result<Option<Figure>, ChartError> {
    let table = &job.tables.timeline;
    let PointCurves { mut curves, remark } = PointCurves::new(job, &RunTable::new(job, table)?)?;
    for curve in &mut curves {
        // Dashes of a line that jumps from bin to bin cannot be read.
        curve.look = Look { dash: &[], ..curve.look };
    }
    let bins: Vec<TimeBins> = curves.iter().map(|curve| TimeBins::new(job, &curve.rows)).collect::<Result<_, _>>()?;
    let x = time_axis(job, &bins);
    let (x_axis, y_axis) = (job.chart.x_axis, job.chart.y_axis);
    let columns = job.y();
    // In plots by a swept key each has its lines together: they are compared.
    let is_split =
        job.chart.view.panels.is_none() && curves.len() > MOST_TANGLED && curves.len() * columns.len() <= MOST_PLOTS;
    let head = Heading::of(job);
    // Bands of many lines hide each other, and those of few replications are mostly chance in every bin.
    let has_bands = head.of_few.is_empty() && (is_split || curves.len() <= MOST_TANGLED);
    let (mut panels, mut hidden) = (Vec::new(), Vec::new());
    for name in &columns {
        let (means, halves) = (job.column(table, name)?, if has_bands { table.column(&half_of(name)) } else { None });
        let mut quantity = column(name);
        let all = job.whole.timeline.numbers(name);
        let unit = axis_unit(&quantity.unit, quantity.is_share, y_axis, all.into_iter());
        if let Some(unit) = unit {
            unit.name.clone_into(&mut quantity.unit);
        }
        let cells = Cells { means, halves, unit };
        let mut drawn = Vec::new();
        for (curve, bins) in curves.iter().zip(&bins) {
            let half = bins.width / 2.0 / x.per;
            let point =
                |(&row, &start): (&usize, &f64)| Some(PlotPoint { x: start / x.per + half, ..cells.mean(table, row)? });
            let points: Vec<Option<PlotPoint>> = curve.rows.iter().zip(&bins.starts).map(point).collect();
            let is_shown = |point: &&PlotPoint| can_show(x_axis, point.x) && can_show(y_axis, point.y);
            let beyond = points.iter().flatten().filter(|point| !is_shown(point));
            hidden.extend(beyond.map(|point| point.x));
            // From zero alone no line comes up.
            let runs = if points.iter().flatten().any(|point| is_shown(&point)) { points } else { Vec::new() };
            let runs = unbroken(runs.into_iter());
            drawn.push(Curve::plain(curve.label.clone(), curve.look, Style::Trace { half }, runs));
        }
        let axis = (quantity.title(), unit.map_or(0, |unit| unit.shift));
        let all = Panel::of_curves(job, axis, drawn, if is_split { curves.len() } else { columns.len() });
        if is_split { panels.extend(all.split()) } else { panels.push(all) }
    }
    let typical = if has_bands { None } else { typical_half(job, &head.of_few) };
    Ok(Some(Figure {
        remarks: [widths(job, &bins), typical].into_iter().flatten().chain(remark).collect(),
        head,
        hidden,
        x,
        panels,
        naming: if is_split { Naming::Captions } else { Naming::Ends },
        spans: job.context.spans.to_vec(),
        ends: None,
        places: Vec::new(),
    }))
}

/// The column with the half-widths of another.
fn half_of(name: &str) -> String {
    format!("{name}_ci95")
}

/// The note on the intervals where no bands are drawn: the median of their half-widths, as parts of the means.
fn typical_half(job: &ChartJob, of_few: &str) -> Option<String> {
    let table = &job.whole.timeline;
    let columns = job.y().into_iter().filter_map(|name| Some((table.column(name)?, table.column(&half_of(name))?)));
    let parts = columns.flat_map(|(mean, half)| {
        (0..table.rows.len()).filter_map(move |row| Some(table.number(row, half)? / table.number(row, mean)?))
    });
    let mut parts: Vec<f64> = parts.filter(|part| part.is_finite() && *part > 0.0).collect();
    parts.sort_by(f64::total_cmp);
    let median = parts.get(parts.len() / 2).copied()?;
    let percent = significant(median * 100.0, 2);
    Some(format!("95 % confidence intervals{of_few}: half-widths of {percent} % in a typical bin."))
}

/// The columns of a quantity, and the unit that it is drawn in.
struct Cells {
    means: usize,
    halves: Option<usize>,
    unit: Option<DisplayUnit>,
}

impl Cells {
    /// The mean in this row, with its interval.
    fn mean(&self, table: &CsvTable, row: usize) -> Option<PlotPoint> {
        let in_unit = |value: f64| self.unit.map_or(value, |unit| unit.to(value));
        let y = table.number(row, self.means)?;
        // That of nothing has no width to be seen, nor to be missed.
        let of_nothing = if y > 0.0 { None } else { Some(0.0) };
        let half = self.halves.and_then(|halves| table.number(row, halves).or(of_nothing)).map(in_unit);
        let y_error = half.map(|half| Reach { below: half, above: half });
        Some(PlotPoint { y: in_unit(y), y_error, ..PlotPoint::default() })
    }
}

/// The time bins of a curve, in seconds.
struct TimeBins {
    starts: Vec<f64>,
    /// 0 of a single bin, whose end is not known.
    width: f64,
}

impl TimeBins {
    /// Those in these rows of the time line.
    fn new(job: &ChartJob, rows: &[usize]) -> Result<TimeBins, ChartError> {
        let table: &CsvTable = &job.tables.timeline;
        let column = job.column(table, "time_s")?;
        let starts: Vec<f64> = rows.iter().map(|&row| table.number(row, column).unwrap_or(f64::NAN)).collect();
        let width = if let [first, second, ..] = starts[..] { second - first } else { 0.0 };
        Ok(TimeBins { starts, width })
    }
}

/// The axis from the start of the first bin to the end of the last one.
fn time_axis(job: &ChartJob, bins: &[TimeBins]) -> PlotAxis {
    let (kind, fit) = match job.chart.x_axis {
        // It cannot show 0, where the first bin starts.
        AxisScale::Log => (AxisScale::Log, Fit::Room),
        AxisScale::Linear => (AxisScale::Linear, Fit::Exact),
    };
    let ends = bins.iter().flat_map(|bins| {
        let places = if kind == AxisScale::Log { vec![0.5] } else { vec![0.0, 1.0] };
        bins.starts.iter().flat_map(move |start| places.clone().into_iter().map(move |part| start + part * bins.width))
    });
    let seconds = Scale::fit(kind, ends, fit);
    let [low, high] = job.chart.view.x_range.unwrap_or([seconds.low, seconds.high]);
    let (unit, per) = time_unit(high - low);
    // Only what is shown is thinned.
    let shown = if let Some(ends) = job.chart.view.x_range { seconds.between(ends) } else { seconds };
    let scale = Scale { low: shown.low / per, high: shown.high / per, ..shown };
    PlotAxis { per, ..PlotAxis::new(AxisTitle { name: "time".to_owned(), unit: unit.to_owned() }, scale, 0) }
}

/// The note on what a value is.
fn widths(job: &ChartJob, bins: &[TimeBins]) -> Option<String> {
    let widths: Vec<String> =
        bins.iter().filter(|bins| bins.width > 0.0).map(|bins| in_words(bins.width, "s", false)).collect();
    let widths = distinct(widths.iter().map(String::as_str)).join(", ");
    let mut replications = job.whole_summary().numbers("replications");
    replications.dedup();
    let of = match replications.as_slice() {
        [] | [1.0] => String::new(),
        [count] => format!(" of {count} replications"),
        _ => " of the replications".to_owned(),
    };
    if widths.is_empty() { None } else { Some(format!("Means{of} over time bins of {widths}.")) }
}
