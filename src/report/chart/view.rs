//! What a chart shows of its tables: chosen series, a plot for each value of a key, ends of axes, lines.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::clip::clip;
use super::curve::{Style, left_out};
use super::curve_names::Naming;
use super::error::ChartError;
use super::figure::{Figure, PointPlace};
use super::job::{ChartJob, Context, Tables};
use super::marks::{drawn_names, without_points};
use super::names::distinct;
use super::outline::keep_shown;
use super::period::Period;
use super::plot::Panel;
use super::reference::ReferenceLine;
use super::run_table::{KeyColumn, RunTable};
use crate::experiment::chart::SweptKey;
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
    let with = key.map_or_else(Vec::new, |key| in_step(job, &frame, key));
    let is_told = |key: &SweptKey| key.path == panels || with.iter().any(|told| told.path == key.path);
    let rest: Vec<SweptKey> = job.context.swept.iter().filter(|key| !is_told(key)).cloned().collect();
    let mut whole: Option<Figure> = None;
    for value in distinct(frame.table.texts(column)) {
        let row = frame.table.texts(column).position(|text| text == value).unwrap_or(0);
        let caption = match key {
            Some(key) => frame.values_name(row, &[&[key], with.as_slice()].concat()),
            None => job.label(&value).to_owned(),
        };
        let tables = of_value(job, &value, column, key.is_some());
        let context = Context { swept: &rest, ..*job.context };
        let Some(figure) = draw(&ChartJob { tables: &tables, context: &context, ..*job })? else {
            return Ok(None);
        };
        let captioned = |panel: Panel| Panel { caption: Some(caption.clone()), ..panel };
        let panels = figure.panels.into_iter().map(captioned);
        match &mut whole {
            None => whole = Some(Figure { panels: panels.collect(), ..figure }),
            Some(whole) => {
                let before = whole.panels.len();
                let behind = figure.places.iter().map(|place| PointPlace { panel: before + place.panel, ..*place });
                whole.places.extend(behind);
                whole.x.scale = whole.x.scale.clone().with(&figure.x.scale);
                whole.panels.extend(panels);
                whole.hidden.extend(figure.hidden);
                whole.x.stops.extend(figure.x.stops);
                let remarks = figure.remarks.into_iter().filter(|remark| !whole.remarks.contains(remark));
                let remarks: Vec<String> = remarks.collect();
                whole.remarks.extend(remarks);
                whole.ends = whole.ends.take().or(figure.ends);
            }
        }
    }
    if let Some(whole) = &mut whole {
        share_axes(&mut whole.panels);
        whole.x.stops.sort_by(f64::total_cmp);
        whole.x.stops.dedup();
        let is_named_above = |panel: &Panel| {
            panel.curves.len() == 1 && panel.curves.iter().all(|curve| panel.caption.as_ref() == Some(&curve.name))
        };
        if whole.panels.iter().all(is_named_above) {
            whole.naming = Naming::Captions;
        }
    }
    Ok(whole)
}

/// The other keys that vary, and have one value at each value of this one, as keys that step together do: a plot has one
/// value of each. The key of the horizontal axis is none of them.
fn in_step<'a>(job: &ChartJob, frame: &'a RunTable, key: &KeyColumn) -> Vec<&'a KeyColumn> {
    let count = |other: &KeyColumn| distinct(frame.values(other)).len();
    let pairs = |other: &KeyColumn| {
        let pairs: BTreeSet<(&str, &str)> = frame.values(key).zip(frame.values(other)).collect();
        pairs.len()
    };
    let others = frame.keys.iter().filter(|other| other.path != key.path && job.x() != Some(other.path.as_str()));
    others.filter(|other| count(other) > 1 && pairs(other) == count(key)).collect()
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
    let axes: Vec<_> = panels.iter().map(|panel| (panel.y.title.clone(), panel.y.scale.clone())).collect();
    for panel in panels {
        for (_, scale) in axes.iter().filter(|(title, _)| *title == panel.y.title) {
            panel.y.scale = panel.y.scale.clone().with(scale);
        }
    }
}

/// Sets titles and ends of the axes, and the lines at fixed values, as the chart wants them.
pub fn arrange(job: &ChartJob, figure: &mut Figure) {
    let view = &job.chart.view;
    figure.remarks.extend(without_points(&figure.panels));
    let names = drawn_names(&figure.panels);
    view.x_label.iter().for_each(|words| figure.x.title.reword(words));
    if let Some(ends) = view.x_range {
        figure.x.scale = figure.x.scale.clone().between(ends.map(|end| figure.x.place(end)));
    }
    let x_lines = view.reference.iter().filter(|line| line.is_of_x);
    let x_lines: Vec<ReferenceLine> = x_lines.map(|line| ReferenceLine::of(line, &figure.x)).collect();
    if view.x_range.is_none() {
        for line in &x_lines {
            figure.x.scale.reach(line.at);
        }
    }
    let (low, high) = (figure.x.scale.low, figure.x.scale.high);
    let on_axis =
        |span: &Period| Period { from: figure.x.place(span.from), to: figure.x.place(span.to), ..span.clone() };
    figure.spans = figure.spans.iter().filter_map(|span| on_axis(span).within(low, high)).collect();
    // What lies beyond a range would not be drawn anyway.
    let missed = figure.hidden.iter().filter(|x| view.x_range.is_none() || figure.x.scale.contains(**x)).count();
    figure.remarks.extend(left_out(missed));
    for panel in &mut figure.panels {
        view.y_label.iter().for_each(|words| panel.y.title.reword(words));
        let y_lines = view.reference.iter().filter(|line| !line.is_of_x).map(|line| ReferenceLine::of(line, &panel.y));
        panel.lines = x_lines.iter().cloned().chain(y_lines).collect();
        match view.y_range {
            Some(ends) => panel.y.scale = panel.y.scale.clone().between(ends.map(|end| panel.y.place(end))),
            None => {
                panel.lines.iter().filter(|line| !line.is_of_x).for_each(|line| panel.y.scale.reach(line.at));
            }
        }
        let is_cut = view.x_range.is_some() || view.y_range.is_some();
        for curve in &mut panel.curves {
            match curve.style {
                Style::Steps | Style::Trace { .. } => keep_shown(curve, &figure.x.scale, &panel.y.scale),
                Style::Band | Style::Whiskers if is_cut => clip(curve, &figure.x.scale, &panel.y.scale),
                Style::Band | Style::Whiskers => {}
            }
        }
    }
    let left = drawn_names(&figure.panels);
    let beyond: Vec<String> = names.into_iter().filter(|name| !left.contains(name)).collect();
    if !beyond.is_empty() {
        figure.remarks.push(format!("Beyond the ends of the axes: {}.", beyond.join("; ")));
    }
}
