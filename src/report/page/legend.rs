//! The legend of a figure as data.

use plotters::style::RGBColor;
use serde::Serialize;

use crate::report::chart::{Curve, Look, Style};

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

impl LegendData {
    fn new(name: &str, look: Look, is_bar: bool) -> LegendData {
        let (label, color, dash) = (name.to_owned(), hex(look.color), look.dash.to_vec());
        LegendData { label, color, dash, marker: look.marker, is_bar, is_mixed: false }
    }

    /// That of a curve, with the marker of one whose points are marked.
    pub fn of_curve(curve: &Curve) -> LegendData {
        let entry = LegendData::new(&curve.name, curve.look, false);
        let is_marked = matches!(curve.style, Style::Band | Style::Whiskers);
        if is_marked { entry } else { LegendData { marker: None, ..entry } }
    }
}

/// The number of the entry of a series of bars, which is added if it is new.
pub(super) fn entry_of_bar(legend: &mut Vec<LegendData>, name: &str, look: Look) -> usize {
    let entry = LegendData::new(name, look, true);
    if let Some(place) = legend.iter().position(|other| other.label == name) {
        legend[place].is_mixed |= legend[place].color != entry.color;
        return place;
    }
    legend.push(entry);
    legend.len() - 1
}

/// A colour as CSS has it.
pub(super) fn hex(color: RGBColor) -> String {
    format!("#{:02x}{:02x}{:02x}", color.0, color.1, color.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Looks;

    #[test]
    fn only_curves_with_markers_have_them_in_the_legend() {
        let look = Look { marker: Some(2), ..Looks::default().get("") };
        let marker = |style| LegendData::of_curve(&Curve::plain(String::new(), look, style, Vec::new())).marker;
        assert_eq!([Style::Band, Style::Whiskers].map(marker), [Some(2); 2]);
        assert_eq!([Style::Steps, Style::Trace { half: 0.5 }].map(marker), [None; 2]);
    }
}
