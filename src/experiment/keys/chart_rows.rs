//! The rows of the keys of charts and claims, which decide no number.

use super::row::Also::DecidesNothing;
use super::row::ValueKind::{Choice, Flag, List, Text, Texts, Title};
use super::row::WhenAbsent::{Default, Nothing};
use super::row::{KeyRow, NAME, OTHER, Parts, ValueKind, rows};
use crate::experiment::chart::{ChartKind, Ground, PrintSize};

const SCALES: ValueKind = Choice(&["linear", "log"]);

pub(super) const ROWS: &[KeyRow] = rows! {
    "chart", List, Nothing, DecidesNothing;
    "chart.name", Text(NAME), Nothing => "Name of the PNG and SVG file, without its ending.";
    "chart.title", Title, Nothing => "Title; absent: the title of the experiment.";
    "chart.kind", Choice(ChartKind::WORDS), Nothing => "The kind of chart.";
    "chart.x", Text(OTHER), Nothing => "A swept key; bar: also \"transport\"; trade-off: a metric.";
    "chart.y", Texts, Nothing => "Metrics; time line: its columns; heat map: a swept key.";
    "chart.value", Text(OTHER), Nothing => "Heat map: the metric that colours a cell.";
    "chart.by_population", Flag, Default("false") => "Line, bar, trade-off and heat map: draw each `[[population]]` separately.";
    "chart.x_axis", SCALES, Default("linear") => "Scale of the horizontal axis.";
    "chart.y_axis", SCALES, Default("linear") => "Scale of the vertical axis.";
    "chart.x_label", Text(OTHER), Nothing => "Words at the horizontal axis, without its unit, which follows them; absent: its quantity.";
    "chart.y_label", Text(OTHER), Nothing => "Words at the vertical axis, without its unit, which follows them; absent: its quantity.";
    "chart.x_range", ValueKind::Parts(Parts::Ends), Nothing => "Ends of the horizontal axis, in the unit of its column in the results.";
    "chart.y_range", ValueKind::Parts(Parts::Ends), Nothing => "Ends of the vertical axis, in the unit of its columns, which must be one. Absent: a linear axis begins at 0.";
    "chart.series", Texts, Nothing => "The transports or populations to draw, in this order. Absent: all.";
    "chart.label", ValueKind::Parts(Parts::Labels), Nothing => "Other names for transports and populations in this chart.";
    "chart.reference", ValueKind::Parts(Parts::Lines), Nothing => "Lines at fixed values, in the unit of the column, with a label.";
    "chart.panels", Text(OTHER), Nothing => "A swept key, or \"transport\": a plot for each of its values, at most 12, on the same axes.";
    "chart.size", Choice(PrintSize::WORDS), Nothing => "Size in print: a column of a paper (3.5 in), both (7.2 in), each with letters of 8 pt and without a title, or a slide (16:9, 20 pt); absent: 7.5 in wide.";
    "chart.ground", Choice(Ground::WORDS), Default("white") => "What the chart stands on; \"dark\" changes all colours.";
    "claim", List, Nothing, DecidesNothing;
    "claim.text", Text(OTHER), Nothing => "The claim in words.";
    "claim.metric", Text(NAME), Nothing => "The metric that it is about.";
    "claim.of", Text(NAME), Nothing => "The transport that it is about; in a mix with one run, a population. Not needed if there is one.";
    "claim.over", Text(NAME), Nothing => "A second one: the claim is about the ratio, `of` / `over`.";
    "claim.minus", Text(NAME), Nothing => "Or a second one: the claim is about the difference, `of` - `minus`.";
    "claim.population", Text(NAME), Nothing => "The population of a mix that it is about. Absent: all clients.";
    "claim.at", ValueKind::Parts(Parts::SweptValues), Nothing => "Values of swept keys: the points that it is about. Absent: it has to hold at every point.";
    "claim.is", Text(OTHER), Nothing => "What is claimed: `\"> 20\"`, `\"<= 0.3 s\"`, `\"= 23.4 within 2 %\"`, `\"= theory\"`.";
};
