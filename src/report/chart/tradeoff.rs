//! One metric against another along the sweep.

use super::arrival::{self, Arrival};
use super::axis::PlotAxis;
use super::canvas::Drawing;
use super::curve::{
    AbsentPoint, Curve, Edge, Label, PlotPoint, Reach, Style, extent, left_out, room_for_crosses, unbroken,
};
use super::figure::{Figure, Panel, WIDTH, explain_marks, panel_height};
use super::job::{ChartError, ChartJob};
use super::legend::add;
use super::palette::{Look, Swatch};
use super::plot::PlotContent;
use super::run_table::{CurveRows, KeyColumn, MOST_CURVES, MetricColumns, RunTable, chosen, joined, look};
use super::scale::{Fit, Scale};
use crate::experiment::chart::AxisScale;

/// A connected curve per transport and fixed values, its ends labelled with the swept value.
pub fn draw(job: &ChartJob) -> Result<Drawing, ChartError> {
    let frame = RunTable::new(job, job.tables.summary)?;
    let x = frame.metric(job, job.x().unwrap_or_default())?;
    let along = frame.keys.first();
    let (mut groups, variants) = frame.groups(along);
    let kept = chosen(variants.len(), MOST_CURVES / frame.transports.len().max(1));
    groups.retain(|group| kept.contains(&group.variant));
    let mut remarks = Vec::new();
    if kept.len() < variants.len() {
        remarks.push(format!(
            "Drawn: the first, the middle and the last of {} combinations of the other swept values.",
            variants.len()
        ));
    }
    let mut legend = Vec::new();
    let (mut panels, mut hidden) = (Vec::new(), 0);
    for name in job.y() {
        let y = frame.metric(job, name)?;
        let tradeoff = Tradeoff { job, frame: &frame, along, x: &x, y: &y };
        let mut curves = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            let form = kept.iter().position(|&kept| kept == group.variant).unwrap_or(0);
            let look = look(group.transport, frame.transports.len(), form, kept.len());
            let transport = if frame.transports.len() > 1 || kept.len() == 1 {
                frame.transports[group.transport].as_str()
            } else {
                ""
            };
            add(&mut legend, &joined(&[transport, &variants[group.variant]]), Swatch::Curve(look));
            let Drawn { runs, labels, absent, hidden: out } = tradeoff.drawn(group, look);
            hidden += out;
            curves.push(Curve { look, style: Style::Whiskers, runs, theory: Vec::new(), labels, absent, index });
        }
        let values = extent(&curves, job.chart.y_axis == AxisScale::Log);
        let values = values.into_iter().chain(beyond(&curves, Edge::Right));
        let room = room_for_crosses(&curves, Edge::Top, panel_height(job.chart.y.len()));
        let scale = Scale::fit(job.chart.y_axis, values, Fit::NearZero).with_room_above(room);
        panels.push(Panel { y: PlotAxis { label: y.quantity.label(), scale }, content: PlotContent::Curves(curves) });
    }
    let error = |mark: &PlotPoint| [mark.x_error, mark.y_error].into_iter().flatten().any(Reach::is_wide);
    let erring = |panel: &Panel| match &panel.content {
        PlotContent::Curves(curves) => curves.iter().flat_map(|curve| curve.runs.iter().flatten()).any(error),
        PlotContent::Bars(_) => false,
    };
    if panels.iter().any(erring) {
        add(&mut legend, "95 % confidence interval", Swatch::Whisker);
    }
    explain_marks(&mut legend, &panels);
    let scale = x_scale(&panels, job.chart.x_axis);
    if let Some(key) = along
        && panels.iter().any(|panel| !panel.content.is_empty())
    {
        remarks.insert(0, format!("Numbers beside the ends of a curve: {}.", key.quantity.name));
    }
    remarks.extend(left_out(hidden));
    let x = PlotAxis { label: x.quantity.label(), scale };
    Figure { title: job.title().to_owned(), notes: job.notes(), remarks, x, panels, legend }.draw()
}

/// The drawn points of the rows of a curve.
#[derive(Default)]
struct Drawn {
    runs: Vec<Vec<PlotPoint>>,
    labels: Vec<Label>,
    absent: Vec<AbsentPoint>,
    /// How many points the axes cannot show.
    hidden: usize,
}

/// Two metrics along a swept key.
struct Tradeoff<'a> {
    job: &'a ChartJob<'a>,
    frame: &'a RunTable<'a>,
    along: Option<&'a KeyColumn>,
    x: &'a MetricColumns,
    y: &'a MetricColumns,
}

impl Tradeoff<'_> {
    /// The points of a curve, with the swept value at its ends and the share that arrived if it must be shown.
    fn drawn(&self, group: &CurveRows, look: Look) -> Drawn {
        let Tradeoff { job, frame, along, x, y } = *self;
        let table = frame.table;
        let shows = |scale: AxisScale, value: f64| scale == AxisScale::Linear || value > 0.0;
        let visible = |mark: &PlotPoint| shows(job.chart.x_axis, mark.x) && shows(job.chart.y_axis, mark.y);
        let arrival = |row: usize| match y.arrival(table, row) {
            Arrival::Enough => x.arrival(table, row),
            marked => marked,
        };
        let read = |row: usize| {
            let (x_error, y_error) = (x.ci(table, row), y.ci(table, row));
            let mark =
                PlotPoint { x: x.value(table, row)?, y: y.value(table, row)?, x_error, y_error, arrival: arrival(row) };
            Some((mark, row))
        };
        let marks: Vec<Option<(PlotPoint, usize)>> = group.rows.iter().map(|&row| read(row)).collect();
        let hidden = marks.iter().flatten().filter(|(mark, _)| !visible(mark)).count();
        let runs = unbroken(marks.iter().map(|mark| mark.filter(|(mark, _)| visible(mark))));
        let ends = ends(&runs);
        let value = |row: usize| along.map(|key| frame.value_name(row, key));
        let arrivals: Vec<Arrival> = group.rows.iter().map(|&row| arrival(row)).collect();
        let (mut labels, mut absent) = (Vec::new(), Vec::new());
        for ((mark, &row), share) in marks.iter().zip(&group.rows).zip(arrival::labels(&arrivals)) {
            let Some((mark, _)) = mark.filter(|(mark, _)| visible(mark)) else {
                absent.extend(self.cross(row, share).filter(|absent| {
                    shows(if absent.edge == Edge::Top { job.chart.x_axis } else { job.chart.y_axis }, absent.at)
                }));
                continue;
            };
            let value = if ends.contains(&row) { value(row) } else { None };
            labels.extend(match (value, share) {
                (Some(value), Some(share)) => Some(Label::share(&mark, format!("{value}: {share}"), look)),
                (None, Some(share)) => Some(Label::share(&mark, share, look)),
                (Some(value), None) => Some(Label::value(&mark, value)),
                (None, None) => None,
            });
        }
        let runs = runs.into_iter().map(|run| run.into_iter().map(|(mark, _)| mark).collect()).collect();
        Drawn { runs, labels, absent, hidden }
    }

    /// The cross of a row whose latency has no value because no message arrived.
    fn cross(&self, row: usize, label: Option<String>) -> Option<AbsentPoint> {
        let (x, y, table) = (self.x, self.y, self.frame.table);
        match (x.value(table, row), y.value(table, row)) {
            (Some(at), None) if y.arrival(table, row) == Arrival::Nothing => {
                Some(AbsentPoint { edge: Edge::Top, at, label })
            }
            (None, Some(at)) if x.arrival(table, row) == Arrival::Nothing => {
                Some(AbsentPoint { edge: Edge::Right, at, label })
            }
            _ => None,
        }
    }
}

/// The rows at the ends of a curve.
fn ends(runs: &[Vec<(PlotPoint, usize)>]) -> Vec<usize> {
    match (runs.first().and_then(|run| run.first()), runs.last().and_then(|run| run.last())) {
        (Some(first), Some(last)) if first.1 == last.1 => vec![first.1],
        // The swept key does not touch this transport: its values would name one and the same point.
        (Some(first), Some(last)) if (first.0.x, first.0.y) == (last.0.x, last.0.y) => Vec::new(),
        (Some(first), Some(last)) => vec![first.1, last.1],
        _ => Vec::new(),
    }
}

/// The values of crosses along this edge.
fn beyond(curves: &[Curve], edge: Edge) -> impl Iterator<Item = f64> {
    let absent = curves.iter().flat_map(|curve| &curve.absent).filter(move |absent| absent.edge == edge);
    absent.map(|absent| absent.at)
}

/// The horizontal axis of all panels.
fn x_scale(panels: &[Panel], axis: AxisScale) -> Scale {
    let (mut values, mut room) = (Vec::new(), 0.0_f64);
    for panel in panels {
        let PlotContent::Curves(curves) = &panel.content else { continue };
        values.extend(x_extent(curves, axis == AxisScale::Log));
        values.extend(beyond(curves, Edge::Top));
        room = room.max(room_for_crosses(curves, Edge::Right, WIDTH * 0.8));
    }
    Scale::fit(axis, values, Fit::NearZero).with_room_above(room)
}

/// As [`extent`], of the horizontal axis.
fn x_extent(curves: &[Curve], log: bool) -> Vec<f64> {
    let turned: Vec<Curve> = curves
        .iter()
        .map(|curve| {
            let turn = |mark: &PlotPoint| PlotPoint {
                x: mark.y,
                y: mark.x,
                x_error: mark.y_error,
                y_error: mark.x_error,
                ..*mark
            };
            Curve { runs: curve.runs.iter().map(|run| run.iter().map(turn).collect()).collect(), ..curve.clone() }
        })
        .collect();
    extent(&turned, log)
}
