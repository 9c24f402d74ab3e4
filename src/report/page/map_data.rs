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
    title: String,
    names: Vec<String>,
}

/// What the colours mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct ColorAxis {
    title: String,
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

/// The places along the axes, the value, its interval, and the share of the messages that it covers.
type FieldData = (usize, usize, Option<f64>, Option<[f64; 2]>, Option<String>);

impl MapData {
    pub fn new(map: &HeatMap) -> MapData {
        let panel = |(number, name): (usize, &String)| {
            let fields = map.cells.iter().filter(|cell| cell.panel == number).map(|cell| {
                let value = cell.value.map(|value| kept(value, cell.ci));
                (cell.x, cell.y, value, reach(cell.ci), cell.arrival.label())
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
                title: map.label.to_string(),
                kind,
                low,
                high,
                colors: (0..COLORS).map(color).collect(),
            },
            panels: map.panels.iter().enumerate().map(panel).collect(),
        }
    }

    /// The fields of a point, from its map alone, with the numbers of their panels.
    pub fn fields_of(&self, at: &MapData) -> Vec<(usize, f64, f64)> {
        let place =
            |whole: &KeyAxis, own: &KeyAxis| whole.names.iter().position(|name| Some(name) == own.names.first());
        let (Some(x), Some(y)) = (place(&self.x, &at.x), place(&self.y, &at.y)) else { return Vec::new() };
        (0..self.panels.len()).map(|panel| (panel, x as f64, y as f64)).collect()
    }
}

impl KeyAxis {
    fn new(axis: &PlotAxis) -> KeyAxis {
        let names = match &axis.scale.kind {
            ScaleKind::Category(names) => names.clone(),
            ScaleKind::Linear | ScaleKind::Log => Vec::new(),
        };
        KeyAxis { title: axis.title.to_string(), names }
    }
}
