//! A heat map as data for the script of a page.

use serde::Serialize;

use super::legend::hex;
use super::rounding::{EXACT, kept, reach, rounded};
use crate::report::chart::{HeatMap, PlotAxis, ScaleKind, viridis};

/// Colours of the scale, from its low end to its high end; between them the script mixes.
const COLORS: u32 = 33;

/// A heat map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct MapData {
    x: KeyAxis,
    y: KeyAxis,
    value: ColorAxis,
    panels: Vec<MapPanel>,
}

/// An axis with a place for each value of a key.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct KeyAxis {
    name: String,
    unit: String,
    names: Vec<String>,
}

/// What the colours mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ColorAxis {
    name: String,
    unit: String,
    kind: &'static str,
    low: f64,
    high: f64,
    colors: Vec<String>,
}

/// The fields of a transport.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct MapPanel {
    name: String,
    fields: Vec<FieldData>,
}

/// The places along the axes, the value, its interval, the share of the messages that it covers, and the point of the
/// sweep.
type FieldData = (usize, usize, Option<f64>, Option<[f64; 2]>, Option<String>, Option<usize>);

impl MapData {
    pub fn new(map: &HeatMap) -> MapData {
        let panel = |(number, name): (usize, &String)| {
            let fields = map.cells.iter().filter(|cell| cell.panel == number).map(|cell| {
                let value = cell.value.map(|value| kept(value, cell.ci));
                (cell.x, cell.y, value, reach(cell.ci), cell.arrival.label(), cell.point)
            });
            MapPanel { name: name.clone(), fields: fields.collect() }
        };
        let color = |step| hex(viridis(f64::from(step) / f64::from(COLORS - 1)));
        let kind = if map.color.kind == ScaleKind::Log { "log" } else { "linear" };
        let [low, high] = [map.color.low, map.color.high].map(|end| rounded(end, EXACT));
        MapData {
            x: KeyAxis::new(&map.x),
            y: KeyAxis::new(&map.y),
            value: ColorAxis {
                name: map.label.name.clone(),
                unit: map.label.unit.clone(),
                kind,
                low,
                high,
                colors: (0..COLORS).map(color).collect(),
            },
            panels: map.panels.iter().enumerate().map(panel).collect(),
        }
    }
}

impl KeyAxis {
    fn new(axis: &PlotAxis) -> KeyAxis {
        let names = match &axis.scale.kind {
            ScaleKind::Category(names) => names.clone(),
            ScaleKind::Linear | ScaleKind::Log => Vec::new(),
        };
        KeyAxis { name: axis.title.name.clone(), unit: axis.title.unit.clone(), names }
    }
}
