//! A figure as data for the script of a page, with no more digits and points than can be seen.

use serde::Serialize;

use super::fewer::{fewer, jumps, simplified};
use super::legend::{LegendData, entry, hex};
use super::rounding::{BARE, EXACT, kept, reach, rounded};
use super::unit::factor;
use crate::report::chart::{
    Arrival, Bar, BarFigure, Curve, Edge, Figure, Label, Panel, Period, PlotAxis, PlotPoint, ReferenceLine, Scale,
    ScaleKind, Style,
};

/// A figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct FigureData {
    x: AxisData,
    panels: Vec<PanelData>,
    legend: Vec<LegendData>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<SpanData>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    y: AxisData,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    curves: Vec<CurveData>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bars: Vec<BarData>,
    /// At fixed values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<LineData>,
}

/// A line at a fixed value.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct LineData {
    is_of_x: bool,
    at: f64,
    label: String,
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
    /// Texts beside points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<(f64, f64, String)>,
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
    color: String,
    value: Option<f64>,
    error: Option<[f64; 2]>,
    theory: Option<f64>,
    arrived: Option<String>,
}

/// A part of the horizontal axis with a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct SpanData {
    from: f64,
    to: f64,
    name: String,
}

fn are_absent<T>(values: &[Option<T>]) -> bool {
    values.iter().all(Option::is_none)
}

impl FigureData {
    /// Curves, with at most `most` points in a run.
    pub fn of_curves(figure: &Figure, most: usize) -> FigureData {
        let mut legend: Vec<LegendData> = Vec::new();
        for curve in figure.panels.iter().flat_map(|panel| &panel.curves) {
            entry(&mut legend, &curve.name, curve.look, false);
        }
        let panel = |panel: &Panel| {
            let curve = |curve| CurveData {
                labels: labels(curve, figure.ends.as_deref()),
                ..CurveData::new(curve, &legend, (&figure.x.scale, &panel.y.scale), most)
            };
            PanelData {
                caption: panel.caption.clone(),
                y: AxisData::new(&panel.y),
                curves: panel.curves.iter().map(curve).collect(),
                bars: Vec::new(),
                lines: panel.lines.iter().map(LineData::new).collect(),
            }
        };
        FigureData {
            x: AxisData::new(&figure.x),
            panels: figure.panels.iter().map(panel).collect(),
            spans: figure.spans.iter().map(SpanData::new).collect(),
            remarks: figure.remarks.clone(),
            legend,
        }
    }

    /// Nothing but these remarks, of a heat map.
    pub fn of_remarks(remarks: Vec<String>) -> FigureData {
        FigureData { remarks, ..FigureData::default() }
    }

    /// Bars.
    pub fn of_bars(figure: &BarFigure) -> FigureData {
        let mut legend: Vec<LegendData> = Vec::new();
        let mut panels = Vec::new();
        for panel in &figure.panels {
            let mut bars = Vec::new();
            for bar in &panel.bars {
                // A row for each transport needs no legend.
                let name = if panel.series.len() > 1 { panel.series[bar.series].as_str() } else { "" };
                let of = entry(&mut legend, name, bar.look, true);
                bars.push(BarData::new(bar, of));
            }
            let (y, lines) = (AxisData::new(&panel.axis), panel.lines.iter().map(LineData::new).collect());
            panels.push(PanelData { caption: None, y, curves: Vec::new(), bars, lines });
        }
        let x =
            AxisData { title: figure.key.clone(), kind: "names", names: figure.places.clone(), ..AxisData::default() };
        FigureData { x, panels, legend, spans: Vec::new(), remarks: figure.remarks.clone() }
    }

    /// The place of each point along the horizontal axis, from the figures of the points alone.
    pub fn places(&self, at: &[FigureData]) -> Vec<Option<f64>> {
        let place = |figure: &FigureData| match figure.x.names.as_slice() {
            [] => Some(figure.first_x()? * factor(&figure.x.title, &self.x.title)?),
            [name, ..] => self.x.names.iter().position(|other| other == name).map(|place| place as f64),
        };
        at.iter().map(place).collect()
    }

    fn first_x(&self) -> Option<f64> {
        self.runs().find_map(|(_, run)| run.x.first().copied())
    }

    /// The points of a figure of one point, in the units of this one, with the numbers of their plots.
    pub fn points_of(&self, at: &FigureData) -> Vec<(usize, f64, f64)> {
        let mut points = Vec::new();
        for (panel, run) in at.runs() {
            let titles = self.panels.get(panel).map(|whole| (&whole.y.title, &at.panels[panel].y.title));
            let factors = titles.map(|(whole, own)| (factor(&at.x.title, &self.x.title), factor(own, whole)));
            if let Some((Some(across), Some(up))) = factors {
                points.extend(run.x.iter().zip(&run.y).map(|(x, y)| (panel, x * across, y * up)));
            }
        }
        points
    }

    /// The runs of all curves, with the numbers of their plots.
    fn runs(&self) -> impl Iterator<Item = (usize, &RunData)> {
        let panels = self.panels.iter().enumerate();
        panels.flat_map(|(number, panel)| {
            panel.curves.iter().flat_map(move |curve| curve.runs.iter().map(move |run| (number, run)))
        })
    }

    /// The same axes for figures of one chart, so that they can be compared.
    pub fn share_axes(figures: &mut [FigureData]) {
        AxisData::share(figures.iter_mut().map(|figure| &mut figure.x).collect());
        let panels = figures.iter().map(|figure| figure.panels.len()).max().unwrap_or(0);
        for panel in 0..panels {
            let axes = figures.iter_mut().filter_map(|figure| figure.panels.get_mut(panel));
            AxisData::share(axes.map(|panel| &mut panel.y).collect());
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
        AxisData { title: axis.title.to_string(), kind, low, high, names }
    }

    /// Gives all axes the widest range, each in its unit.
    fn share(mut axes: Vec<&mut AxisData>) {
        let Some(title) = axes.first().map(|axis| axis.title.clone()) else { return };
        let of = |axis: &AxisData| if axis.kind == "names" { None } else { factor(&axis.title, &title) };
        let mut ends: Option<(f64, f64)> = None;
        for axis in &axes {
            let Some(factor) = of(axis) else { continue };
            let (low, high) = (axis.low * factor, axis.high * factor);
            ends = Some(ends.map_or((low, high), |(least, most)| (least.min(low), most.max(high))));
        }
        for axis in &mut axes {
            if let (Some(factor), Some((low, high))) = (of(axis), ends) {
                (axis.low, axis.high) = (rounded(low / factor, EXACT), rounded(high / factor, EXACT));
            }
        }
    }
}

impl LineData {
    fn new(line: &ReferenceLine) -> LineData {
        LineData { is_of_x: line.is_of_x, at: rounded(line.at, EXACT), label: line.label.clone() }
    }
}

impl SpanData {
    fn new(span: &Period) -> SpanData {
        SpanData { from: rounded(span.from, EXACT), to: rounded(span.to, EXACT), name: span.name.clone() }
    }
}

impl CurveData {
    fn new(curve: &Curve, legend: &[LegendData], scales: (&Scale, &Scale), most: usize) -> CurveData {
        let style = match curve.style {
            Style::Band => "band",
            Style::Whiskers => "whiskers",
            Style::Steps => "distribution",
            Style::Trace => "trace",
        };
        let run = |points: &Vec<PlotPoint>| {
            let points = if curve.style == Style::Steps { simplified(&jumps(points), scales) } else { points.clone() };
            // The middle of a bin is exact.
            let digits = if curve.style == Style::Trace { EXACT } else { BARE };
            RunData::new(&fewer(points, most), digits)
        };
        let theory = curve.theory.iter().map(|run| run.iter().map(|(x, y)| [*x, *y].map(|it| rounded(it, EXACT))));
        let absent = curve.absent.iter().map(|absent| AbsentData {
            edge: if absent.edge == Edge::Top { "top" } else { "right" },
            at: rounded(absent.at, EXACT),
        });
        CurveData {
            of: legend.iter().position(|entry| entry.label == curve.name).unwrap_or(0),
            style,
            runs: curve.runs.iter().map(run).collect(),
            theory: theory.map(Iterator::collect).collect(),
            absent: absent.collect(),
            labels: Vec::new(),
        }
    }
}

/// The texts beside the points of a curve; a swept value has the name of its key.
fn labels(curve: &Curve, key: Option<&str>) -> Vec<(f64, f64, String)> {
    let text = |label: &Label| match key {
        // A share of the messages stands alone, or behind a swept value.
        Some(key) if !label.is_centred || label.text.contains(": ") => format!("{key} = {}", label.text),
        _ => label.text.clone(),
    };
    let labels = curve.labels.iter().filter(|label| !label.is_optional);
    labels.map(|label| (rounded(label.x, BARE), rounded(label.y, BARE), text(label))).collect()
}

impl RunData {
    /// A place across without an interval has so many digits.
    fn new(points: &[PlotPoint], digits: i32) -> RunData {
        let mut run = RunData::default();
        for point in points {
            run.x.push(if point.x_error.is_none() { rounded(point.x, digits) } else { kept(point.x, point.x_error) });
            run.y.push(kept(point.y, point.y_error));
            run.ex.push(reach(point.x_error));
            run.ey.push(reach(point.y_error));
            run.arrived.push(arrived(point.arrival));
        }
        run
    }
}

impl BarData {
    fn new(bar: &Bar, of: usize) -> BarData {
        let error = bar.error.filter(|error| error.is_wide());
        BarData {
            of,
            place: bar.place,
            color: hex(bar.look.color),
            value: bar.value.map(|value| kept(value, error)),
            error: reach(error),
            theory: bar.theory.map(|theory| rounded(theory, EXACT)),
            arrived: arrived(bar.arrival),
        }
    }
}

fn arrived(arrival: Arrival) -> Option<String> {
    arrival.label()
}
