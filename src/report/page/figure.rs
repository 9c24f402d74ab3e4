//! A figure as data for the script of a page, with no more digits and points than can be seen.

use serde::Serialize;

use super::fewer::{at_places, fewer, shared_places, simplified};
use super::legend::{LegendData, entry_of_bar, hex};
use super::rounding::{BARE, EXACT, INSTANT, WHOLE, kept, reach, rounded};
use crate::report::chart::{
    Bar, BarFigure, Curve, Edge, Figure, Label, Panel, Period, PlotAxis, PlotPoint, PointPlace, Reach, ReferenceLine,
    ScaleKind, Style, jumps,
};

/// A figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct FigureData {
    x: AxisData,
    panels: Vec<PanelData>,
    legend: Vec<LegendData>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<SpanData>,
    /// Where the points of the sweep lie: point, number of the plot, and the values across and upwards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<(usize, usize, f64, Option<f64>)>,
    remarks: Vec<String>,
    /// Of which replications intervals are, if these are few.
    #[serde(skip_serializing_if = "String::is_empty")]
    of_few: String,
}

/// An axis: its title with the unit apart, its kind, and what it shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct AxisData {
    name: String,
    unit: String,
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
    /// How far the bins of a time line reach from their middles.
    #[serde(skip_serializing_if = "Option::is_none")]
    half: Option<f64>,
    runs: Vec<RunData>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    theory: Vec<Vec<[f64; 2]>>,
    /// Whether the closed form is a line, and not a mark at each point.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    has_theory_line: bool,
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
    /// The numbers of those that are no data, but tell where a line leaves the plot.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edges: Vec<usize>,
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

/// Whether a curve is one along swept values or time, which are no measurements.
fn is_along(style: Style) -> bool {
    matches!(style, Style::Band | Style::Trace { .. })
}

/// A value across of a curve of this style.
fn across(value: f64, error: Option<Reach>, style: Style) -> f64 {
    match style {
        Style::Band => rounded(value, WHOLE),
        Style::Trace { .. } => rounded(value, INSTANT),
        Style::Steps | Style::Whiskers => kept(value, error),
    }
}

fn place(place: &PointPlace) -> (usize, usize, f64, Option<f64>) {
    (place.point, place.panel, rounded(place.x, WHOLE), place.y.map(|y| rounded(y, WHOLE)))
}

fn are_absent<T>(values: &[Option<T>]) -> bool {
    values.iter().all(Option::is_none)
}

impl FigureData {
    /// Curves, with at most `most` points in a run.
    pub fn of_curves(figure: &Figure, most: usize) -> FigureData {
        let curves = || figure.panels.iter().flat_map(|panel| &panel.curves);
        let mut legend: Vec<LegendData> = Vec::new();
        for entry in curves().map(LegendData::of_curve) {
            if !legend.contains(&entry) {
                legend.push(entry);
            }
        }
        let kept = shared_places(&curves().filter(|curve| is_along(curve.style)).collect::<Vec<_>>(), most);
        let panel = |panel: &Panel| {
            let scales = (&figure.x.scale, &panel.y.scale);
            let run = |curve: &Curve, run: &Vec<PlotPoint>| match curve.style {
                Style::Steps => fewer(simplified(&jumps(run, scales.1), scales), most),
                Style::Whiskers => fewer(run.clone(), most),
                Style::Band | Style::Trace { .. } => at_places(run, kept.as_deref()),
            };
            let curve = |curve: &Curve| CurveData {
                runs: curve.runs.iter().map(|points| RunData::new(&run(curve, points), curve.style)).collect(),
                labels: labels(curve, figure.ends.as_deref()),
                ..CurveData::without_points(curve, &legend)
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
            places: figure.places.iter().map(place).collect(),
            remarks: figure.remarks.clone(),
            of_few: figure.head.of_few.clone(),
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
                let of = entry_of_bar(&mut legend, name, bar.look);
                bars.push(BarData::new(bar, of));
            }
            let (y, lines) = (AxisData::new(&panel.axis), panel.lines.iter().map(LineData::new).collect());
            panels.push(PanelData { caption: None, y, curves: Vec::new(), bars, lines });
        }
        let (name, names) = (figure.key.clone(), figure.places.clone());
        let x = AxisData { name, kind: "names", names, ..AxisData::default() };
        let (remarks, of_few) = (figure.remarks.clone(), figure.head.of_few.clone());
        FigureData { x, panels, legend, remarks, of_few, ..FigureData::default() }
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
        AxisData { name: axis.title.name.clone(), unit: axis.title.unit.clone(), kind, low, high, names }
    }

    /// Gives all axes of values the widest range; they have one unit.
    fn share(mut axes: Vec<&mut AxisData>) {
        axes.retain(|axis| axis.kind != "names");
        let low = axes.iter().map(|axis| axis.low).fold(f64::INFINITY, f64::min);
        let high = axes.iter().map(|axis| axis.high).fold(f64::NEG_INFINITY, f64::max);
        for axis in axes {
            (axis.low, axis.high) = (low, high);
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
    fn without_points(curve: &Curve, legend: &[LegendData]) -> CurveData {
        let style = match curve.style {
            Style::Band => "band",
            Style::Whiskers => "whiskers",
            Style::Steps => "distribution",
            Style::Trace { .. } => "trace",
        };
        let theory =
            curve.theory.iter().map(|run| run.iter().map(|(x, y)| [across(*x, None, curve.style), rounded(*y, EXACT)]));
        let absent = curve.absent.iter().map(|absent| AbsentData {
            edge: if absent.edge == Edge::Top { "top" } else { "right" },
            at: across(absent.at, None, curve.style),
        });
        CurveData {
            of: legend.iter().position(|entry| *entry == LegendData::of_curve(curve)).unwrap_or(0),
            style,
            half: if let Style::Trace { half } = curve.style { Some(rounded(half, EXACT)) } else { None },
            runs: Vec::new(),
            theory: theory.map(Iterator::collect).collect(),
            has_theory_line: curve.has_dense_theory(),
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
    fn new(points: &[PlotPoint], style: Style) -> RunData {
        let mut run = RunData::default();
        for (place, point) in points.iter().enumerate() {
            if !point.is_marked {
                run.edges.push(place);
            }
            run.x.push(across(point.x, point.x_error, style));
            run.y.push(kept(point.y, point.y_error));
            run.ex.push(reach(point.x_error));
            run.ey.push(reach(point.y_error));
            run.arrived.push(point.arrival.label());
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
            arrived: bar.arrival.label(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swept_values_and_instants_stay_apart_and_measured_ones_are_short() {
        let points = [12_346.0, 12_347.0, 86_399.995].map(|x| PlotPoint { x, ..PlotPoint::default() });
        for style in [Style::Band, Style::Trace { half: 0.5 }] {
            assert_eq!(RunData::new(&points, style).x, [12_346.0, 12_347.0, 86_399.995]);
        }
        assert_eq!(
            RunData::new(&[PlotPoint { is_marked: false, ..points[0] }, points[1]], Style::Trace { half: 0.5 }).edges,
            [0]
        );
        for style in [Style::Steps, Style::Whiskers] {
            assert_eq!(RunData::new(&points, style).x, [12_350.0, 12_350.0, 86_400.0]);
        }
    }
}
