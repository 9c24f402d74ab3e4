//! What a chart shows of its tables: chosen series, a plot for each value of a key, ends of axes, lines.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::curve::{Curve, PlotPoint, Style, unbroken};
use super::error::ChartError;
use super::figure::Figure;
use super::job::{ChartJob, Context, Tables};
use super::names::distinct;
use super::plot::Panel;
use super::reference::ReferenceLine;
use super::run_table::RunTable;
use super::scale::Scale;
use crate::experiment::chart::SweptKey;
use crate::report::digits::shifted;
use crate::report::table::CsvTable;

/// The tables with the chosen series only, in their order.
pub fn chosen<'a>(series: &[String], tables: &'a Tables) -> Cow<'a, Tables> {
    if series.is_empty() {
        return Cow::Borrowed(tables);
    }
    let of = |table: &CsvTable| {
        let Some(transport) = table.column("transport") else { return table.clone() };
        let place = |row: &[String]| {
            let name = row[transport].as_str();
            let population = name.split_once(": ").map_or(name, |(_, population)| population);
            series.iter().position(|chosen| chosen == name || chosen == population)
        };
        let mut rows: Vec<(usize, &Vec<String>)> =
            table.rows.iter().filter_map(|row| Some((place(row)?, row))).collect();
        rows.sort_by_key(|(place, _)| *place);
        CsvTable { header: table.header.clone(), rows: rows.into_iter().map(|(_, row)| row.clone()).collect() }
    };
    Cow::Owned(Tables {
        summary: of(&tables.summary),
        populations: of(&tables.populations),
        latency_cdf: of(&tables.latency_cdf),
        timeline: of(&tables.timeline),
    })
}

/// A plot for each value of the column `panels`, which `draw` draws; all on the same axes.
pub fn in_panels(
    job: &ChartJob,
    panels: &str,
    draw: impl Fn(&ChartJob) -> Result<Option<Figure>, ChartError>,
) -> Result<Option<Figure>, ChartError> {
    let frame = RunTable::new(job, job.summary())?;
    let key = frame.key(panels);
    let column = match key {
        Some(key) => key.column,
        None => job.column(frame.table, "transport")?,
    };
    let rest: Vec<SweptKey> = job.context.swept.iter().filter(|key| key.path != panels).cloned().collect();
    let mut whole: Option<Figure> = None;
    for value in distinct(frame.table.texts(column)) {
        let row = frame.table.texts(column).position(|text| text == value).unwrap_or(0);
        let caption = match key {
            Some(key) => format!("{} = {}", key.quantity.name, frame.value_name(row, key)),
            None => job.label(&value).to_owned(),
        };
        let tables = of_value(job, &value, column, key.is_some());
        let context = Context { swept: &rest, ..*job.context };
        let Some(figure) = draw(&ChartJob { chart: job.chart, tables: &tables, context: &context })? else {
            return Ok(None);
        };
        let captioned = |panel: Panel| Panel { caption: Some(caption.clone()), ..panel };
        let panels = figure.panels.into_iter().map(captioned);
        match &mut whole {
            None => whole = Some(Figure { panels: panels.collect(), ..figure }),
            Some(whole) => {
                whole.x.scale = whole.x.scale.clone().with(&figure.x.scale);
                whole.panels.extend(panels);
                let remarks = figure.remarks.into_iter().filter(|remark| !whole.remarks.contains(remark));
                let remarks: Vec<String> = remarks.collect();
                whole.remarks.extend(remarks);
                whole.ends = whole.ends.take().or(figure.ends);
            }
        }
    }
    if let Some(whole) = &mut whole {
        share_axes(&mut whole.panels);
    }
    Ok(whole)
}

/// The tables of one panel: of a value of a key, or of a transport.
fn of_value(job: &ChartJob, value: &str, column: usize, is_key: bool) -> Tables {
    let summary = job.summary();
    let kept: Vec<Vec<String>> = summary.rows.iter().filter(|row| row[column] == value).cloned().collect();
    let point = summary.column("point");
    let points: BTreeSet<&str> = kept.iter().filter_map(|row| row.get(point?).map(String::as_str)).collect();
    let of = |table: &CsvTable| {
        let place = table.column(if is_key { "point" } else { "transport" });
        let is_kept = |row: &&Vec<String>| match place {
            Some(place) if is_key => points.contains(row[place].as_str()),
            Some(place) => row[place] == value,
            None => true,
        };
        CsvTable { header: table.header.clone(), rows: table.rows.iter().filter(is_kept).cloned().collect() }
    };
    Tables {
        summary: of(&job.tables.summary),
        populations: of(&job.tables.populations),
        latency_cdf: of(&job.tables.latency_cdf),
        timeline: of(&job.tables.timeline),
    }
}

/// Plots of one quantity get one axis.
fn share_axes(panels: &mut [Panel]) {
    let axes: Vec<_> = panels.iter().map(|panel| (panel.y.label.clone(), panel.y.scale.clone())).collect();
    for panel in panels {
        for (_, scale) in axes.iter().filter(|(label, _)| *label == panel.y.label) {
            panel.y.scale = panel.y.scale.clone().with(scale);
        }
    }
}

/// Sets titles and ends of the axes, and the lines at fixed values, as the chart wants them.
pub fn arrange(job: &ChartJob, figure: &mut Figure) {
    let view = &job.chart.view;
    if let Some(label) = &view.x_label {
        figure.x.label.clone_from(label);
    }
    let shift = figure.x.shift;
    if let Some(ends) = view.x_range {
        figure.x.scale = figure.x.scale.clone().between(ends.map(|end| shifted(end, shift)));
    }
    let x_lines = view.reference.iter().filter(|line| line.is_of_x);
    let x_lines: Vec<ReferenceLine> = x_lines.map(|line| ReferenceLine::of(line, shift)).collect();
    for panel in &mut figure.panels {
        if let Some(label) = &view.y_label {
            panel.y.label.clone_from(label);
        }
        let shift = panel.y.shift;
        let y_lines = view.reference.iter().filter(|line| !line.is_of_x).map(|line| ReferenceLine::of(line, shift));
        panel.lines = x_lines.iter().cloned().chain(y_lines).collect();
        let ends = panel.lines.iter().map(|line| (line.is_of_x, line.at)).collect::<Vec<_>>();
        match view.y_range {
            Some(ends) => panel.y.scale = panel.y.scale.clone().between(ends.map(|end| shifted(end, shift))),
            None => ends.iter().filter(|(is_of_x, _)| !is_of_x).for_each(|(_, at)| panel.y.scale.reach(*at)),
        }
        if view.x_range.is_some() || view.y_range.is_some() {
            panel.curves.iter_mut().for_each(|curve| cut(curve, &figure.x.scale, &panel.y.scale));
        }
    }
}

/// Leaves out what lies beyond the ends of the axes; lines end where they cross one.
fn cut(curve: &mut Curve, x: &Scale, y: &Scale) {
    let is_inside = |point: &PlotPoint| x.contains(point.x) && y.contains(point.y);
    let mut runs = Vec::new();
    for run in &curve.runs {
        let mut points: Vec<Option<PlotPoint>> = Vec::new();
        for (place, point) in run.iter().enumerate() {
            let before = place.checked_sub(1).map(|before| run[before]);
            let crossing = match before {
                Some(before) if curve.style != Style::Steps => crossing(&before, point, x, y),
                _ => None,
            };
            match (before.is_some_and(|before| is_inside(&before)), is_inside(point)) {
                (_, true) => {
                    points.extend(crossing.map(Some));
                    points.push(Some(*point));
                }
                (true, false) => {
                    points.extend(crossing.map(Some));
                    points.push(None);
                }
                (false, false) => points.push(None),
            }
        }
        runs.extend(unbroken(points.into_iter()));
    }
    curve.runs = runs;
    curve.theory.iter_mut().for_each(|run| run.retain(|(across, up)| x.contains(*across) && y.contains(*up)));
    curve.labels.retain(|label| x.contains(label.x) && y.contains(label.y));
}

/// Where the line between two points, of which one lies inside, crosses the edge.
fn crossing(from: &PlotPoint, to: &PlotPoint, x: &Scale, y: &Scale) -> Option<PlotPoint> {
    let is_inside = |point: &PlotPoint| x.contains(point.x) && y.contains(point.y);
    let (inside, outside) = match (is_inside(from), is_inside(to)) {
        (true, false) => (from, to),
        (false, true) => (to, from),
        _ => return None,
    };
    // In shares of the axes, which are straight.
    let start = [x.position(inside.x), y.position(inside.y)];
    let end = [x.position(outside.x), y.position(outside.y)];
    let way = |axis: usize| {
        let step = end[axis] - start[axis];
        if end[axis] > 1.0 {
            (1.0 - start[axis]) / step
        } else if end[axis] < 0.0 {
            -start[axis] / step
        } else {
            1.0
        }
    };
    let share = way(0).min(way(1));
    let at = |axis: usize| start[axis] + (end[axis] - start[axis]) * share;
    Some(PlotPoint { x: x.value(at(0)), y: y.value(at(1)), is_marked: false, ..PlotPoint::default() })
}

#[cfg(test)]
// The ends of axes are exact.
#[allow(clippy::float_cmp)]
mod tests {
    use super::*;
    use crate::experiment::chart::AxisScale;
    use crate::report::chart::looks::Looks;
    use crate::report::chart::scale::Fit;

    #[test]
    fn a_line_ends_where_it_crosses_the_edge() {
        let axis = |kind, low, high| Scale::fit(kind, [low, high], Fit::Exact);
        let (x, y) = (axis(AxisScale::Linear, 0.0, 10.0), axis(AxisScale::Log, 1.0, 100.0));
        let point = |x, y| PlotPoint { x, y, ..PlotPoint::default() };
        let run = vec![point(2.0, 10.0), point(4.0, 1_000.0), point(5.0, 1_000.0), point(8.0, 10.0), point(12.0, 10.0)];
        let mut curve = Curve::plain(String::new(), Looks::default().get(""), Style::Trace, vec![run]);
        cut(&mut curve, &x, &y);
        let places: Vec<Vec<(f64, f64)>> =
            curve.runs.iter().map(|run| run.iter().map(|point| (point.x, point.y)).collect()).collect();
        assert_eq!(places.len(), 2);
        assert!((places[0][1].0 - 3.0).abs() < 1e-9 && (places[0][1].1 - 100.0).abs() < 1e-9, "{places:?}");
        assert!((places[1][0].0 - 6.5).abs() < 1e-9, "{places:?}");
        assert_eq!(places[1].last().unwrap().0, 10.0);
    }
}
