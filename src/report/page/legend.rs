//! The legend of a figure as data.

use plotters::style::RGBColor;
use serde::Serialize;

use crate::report::chart::Look;

/// An entry of a legend.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct LegendData {
    pub label: String,
    color: String,
    dash: Vec<f64>,
    marker: Option<usize>,
    is_bar: bool,
    /// Whether its bars have several colours, so that only their shade tells them.
    is_mixed: bool,
}

/// The number of an entry of the legend, which is added if it is new.
pub(super) fn entry(legend: &mut Vec<LegendData>, name: &str, look: Look, is_bar: bool) -> usize {
    let (color, dash) = (hex(look.color), look.dash.to_vec());
    if let Some(place) = legend.iter().position(|entry| entry.label == name) {
        legend[place].is_mixed |= legend[place].color != color;
        return place;
    }
    legend.push(LegendData { label: name.to_owned(), color, dash, marker: look.marker, is_bar, is_mixed: false });
    legend.len() - 1
}

/// A colour as CSS has it.
pub(super) fn hex(color: RGBColor) -> String {
    format!("#{:02x}{:02x}{:02x}", color.0, color.1, color.2)
}
