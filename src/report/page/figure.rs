//! A figure as data for the script of a page, with no more digits and points than can be seen.

use serde::Serialize;

use super::fewer::{fewer, jumps, simplified};
use crate::report::chart::{
    Arrival, Bar, Curve, Edge, Figure, LegendEntry, Panel, PlotAxis, PlotPoint, Reach, Scale, ScaleKind, Style, Swatch,
};
use crate::report::digits::{Digits, fixed, significant};

/// Significant digits of a value without an interval: one more than is shown.
const BARE: i32 = 4;
/// Significant digits of a value that is exact.
const EXACT: i32 = 7;
/// Significant digits of half the width of an interval: one more than is shown.
const HALF: i32 = 3;

/// A figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct FigureData {
    x: AxisData,
    panels: Vec<PanelData>,
    legend: Vec<LegendData>,
    remarks: Vec<String>,
}

/// An axis: its title, its kind, and what it shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct AxisData {
    title: String,
    kind: &'static str,
    low: f64,
    high: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct PanelData {
    y: AxisData,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    curves: Vec<CurveData>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bars: Vec<BarData>,
}

/// A curve, of an entry of the legend.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct CurveData {
    of: usize,
    style: &'static str,
    runs: Vec<RunData>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    theory: Vec<Vec<[f64; 2]>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<AbsentData>,
}

/// Points of a curve without a gap: values, how far their intervals reach below and above, and the share of messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct RunData {
    x: Vec<f64>,
    y: Vec<f64>,
    #[serde(skip_serializing_if = "are_absent")]
    ex: Vec<Option<[f64; 2]>>,
    #[serde(skip_serializing_if = "are_absent")]
    ey: Vec<Option<[f64; 2]>>,
    #[serde(skip_serializing_if = "are_absent")]
    arrived: Vec<Option<String>>,
}

/// A point without a value, since no message arrived.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct AbsentData {
    edge: &'static str,
    at: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct BarData {
    of: usize,
    place: usize,
    slot: usize,
    slots: usize,
    color: String,
    value: Option<f64>,
    error: Option<[f64; 2]>,
    theory: Option<f64>,
    arrived: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct LegendData {
    label: String,
    color: String,
    dash: Vec<f64>,
    marker: Option<usize>,
    is_bar: bool,
}

fn are_absent<T>(values: &[Option<T>]) -> bool {
    values.iter().all(Option::is_none)
}

impl FigureData {
    /// A figure, with at most `most` points in a run of a curve.
    pub fn new(figure: &Figure, most: usize) -> FigureData {
        let legend: Vec<LegendData> = figure.legend.iter().map(LegendData::new).collect();
        let panel = |panel: &Panel| {
            let curve = |curve| CurveData::new(curve, &legend, (&figure.x.scale, &panel.y.scale), most);
            PanelData {
                y: AxisData::new(&panel.y),
                curves: panel.curves.iter().map(curve).collect(),
                bars: panel.bars.iter().map(|bar| BarData::new(bar, &legend)).collect(),
            }
        };
        FigureData {
            x: AxisData::new(&figure.x),
            panels: figure.panels.iter().map(panel).collect(),
            remarks: figure.remarks.clone(),
            legend,
        }
    }

    /// The place of each point along the horizontal axis, from the figures of the points alone.
    pub fn places(&self, at: &[FigureData]) -> Vec<Option<f64>> {
        let place = |figure: &FigureData| match figure.x.names.as_slice() {
            [] => figure.first_x(),
            [name, ..] => self.x.names.iter().position(|other| other == name).map(|place| place as f64),
        };
        at.iter().map(place).collect()
    }

    fn first_x(&self) -> Option<f64> {
        let curves = self.panels.iter().flat_map(|panel| &panel.curves);
        curves.flat_map(|curve| &curve.runs).find_map(|run| run.x.first().copied())
    }

    /// The points of all curves.
    pub fn points(&self) -> Vec<[f64; 2]> {
        let curves = self.panels.iter().flat_map(|panel| &panel.curves);
        let runs = curves.flat_map(|curve| &curve.runs);
        runs.flat_map(|run| run.x.iter().zip(&run.y).map(|(x, y)| [*x, *y])).collect()
    }

    /// The same axes for figures of one chart, so that they can be compared.
    pub fn share_axes(figures: &mut [FigureData]) {
        let union = |axes: &mut dyn Iterator<Item = &mut AxisData>| {
            let mut axes: Vec<&mut AxisData> = axes.collect();
            let ends = axes.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), axis| {
                (low.min(axis.low), high.max(axis.high))
            });
            for axis in &mut axes {
                if axis.kind != "names" {
                    (axis.low, axis.high) = ends;
                }
            }
        };
        union(&mut figures.iter_mut().map(|figure| &mut figure.x));
        let panels = figures.iter().map(|figure| figure.panels.len()).max().unwrap_or(0);
        for panel in 0..panels {
            union(&mut figures.iter_mut().filter_map(|figure| figure.panels.get_mut(panel)).map(|panel| &mut panel.y));
        }
    }
}

impl AxisData {
    fn new(axis: &PlotAxis) -> AxisData {
        let (kind, names) = match &axis.scale.kind {
            ScaleKind::Linear => ("linear", Vec::new()),
            ScaleKind::Log => ("log", Vec::new()),
            ScaleKind::Category(names) => ("names", names.clone()),
        };
        let [low, high] = [axis.scale.low, axis.scale.high].map(|end| rounded(end, EXACT));
        AxisData { title: axis.label.clone(), kind, low, high, names }
    }
}

impl CurveData {
    fn new(curve: &Curve, legend: &[LegendData], scales: (&Scale, &Scale), most: usize) -> CurveData {
        let is_mine = |entry: &&LegendData| {
            entry.color == hex(curve.look.color)
                && entry.marker == curve.look.marker
                && (entry.dash == curve.look.dash || curve.look.dash.is_empty())
        };
        let style = match curve.style {
            Style::Band => "band",
            Style::Whiskers => "whiskers",
            Style::Steps => "distribution",
            Style::Trace => "trace",
        };
        let run = |points: &Vec<PlotPoint>| {
            let points = if curve.style == Style::Steps { simplified(&jumps(points), scales) } else { points.clone() };
            RunData::new(&fewer(points, most))
        };
        let theory = curve.theory.iter().map(|run| run.iter().map(|(x, y)| [*x, *y].map(|it| rounded(it, EXACT))));
        let absent = curve.absent.iter().map(|absent| AbsentData {
            edge: if absent.edge == Edge::Top { "top" } else { "right" },
            at: rounded(absent.at, EXACT),
        });
        CurveData {
            of: legend.iter().position(|entry| is_mine(&entry)).unwrap_or(curve.index % legend.len().max(1)),
            style,
            runs: curve.runs.iter().map(run).collect(),
            theory: theory.map(Iterator::collect).collect(),
            absent: absent.collect(),
        }
    }
}

impl RunData {
    fn new(points: &[PlotPoint]) -> RunData {
        let mut run = RunData::default();
        for point in points {
            run.x.push(kept(point.x, point.x_error));
            run.y.push(kept(point.y, point.y_error));
            run.ex.push(reach(point.x_error));
            run.ey.push(reach(point.y_error));
            run.arrived.push(arrived(point.arrival));
        }
        for list in [&mut run.ex, &mut run.ey] {
            if are_absent(list) {
                list.clear();
            }
        }
        if are_absent(&run.arrived) {
            run.arrived.clear();
        }
        run
    }
}

impl BarData {
    fn new(bar: &Bar, legend: &[LegendData]) -> BarData {
        let color = hex(bar.color);
        BarData {
            of: legend.iter().position(|entry| entry.color == color).unwrap_or(0),
            place: bar.slot.place,
            slot: bar.slot.slot,
            slots: bar.slot.of,
            value: bar.value.map(|value| kept(value, bar.error)),
            error: reach(bar.error),
            theory: bar.theory.map(|theory| rounded(theory, EXACT)),
            arrived: arrived(bar.arrival),
            color,
        }
    }
}

impl LegendData {
    fn new(entry: &LegendEntry) -> LegendData {
        let plain = |color: String, is_bar| LegendData {
            label: entry.label.clone(),
            color,
            dash: Vec::new(),
            marker: None,
            is_bar,
        };
        match entry.swatch {
            Swatch::Curve(look) => {
                LegendData { dash: look.dash.to_vec(), marker: look.marker, ..plain(hex(look.color), false) }
            }
            Swatch::Bar(color) => plain(hex(color), true),
            _ => plain("#666666".to_owned(), false),
        }
    }
}

/// A colour as CSS has it.
fn hex(color: plotters::style::RGBColor) -> String {
    format!("#{:02x}{:02x}{:02x}", color.0, color.1, color.2)
}

fn arrived(arrival: Arrival) -> Option<String> {
    arrival.label()
}

fn reach(error: Option<Reach>) -> Option<[f64; 2]> {
    error.map(|error| [error.below, error.above].map(|part| rounded(part, HALF)))
}

/// A value with the digits that its interval allows, and one more.
fn kept(value: f64, error: Option<Reach>) -> f64 {
    match Digits::of_half(value, error.map(|error| f64::midpoint(error.below, error.above))) {
        Digits::Exact => rounded(value, EXACT),
        Digits::Decimals(decimals) => fixed(value, decimals + 1).parse().unwrap_or(value),
        Digits::Rough => rounded(value, BARE),
    }
}

fn rounded(value: f64, digits: i32) -> f64 {
    if value.is_finite() { significant(value, digits).parse().unwrap_or(value) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_one_digit_more_than_is_shown() {
        let half = |half| Some(Reach { below: half, above: half });
        assert_eq!(kept(0.123_456, half(0.004_2)).to_string(), "0.1235");
        assert_eq!(kept(696_919.166_6, half(0.826)).to_string(), "696919.17");
        assert_eq!(kept(0.123_456, None).to_string(), "0.1235");
        assert_eq!(kept(15.384_615_384, half(0.0)).to_string(), "15.38462");
    }
}
