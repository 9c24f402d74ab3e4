//! Charts of a finished run, drawn from its result tables.
//!
//! A chart is laid out in pixels by this module and drawn by plotters into a list of what is drawn, with the embedded
//! font. SVG, PNG and PDF are written from the list, so that equal tables give equal bytes on every machine.

mod arrival;
mod axis;
mod axis_title;
mod bar;
mod bar_figure;
mod bar_marks;
pub(super) mod canvas;
mod cdf;
mod clip;
mod color;
mod curve;
mod curve_names;
mod describe;
mod display;
mod drawing;
mod error;
mod figure;
pub(super) mod font;
mod forest;
mod forest_mark;
mod format;
mod geometry;
mod ground;
mod heatmap;
mod heatmap_places;
mod job;
mod labels;
mod legend;
mod line;
mod looks;
mod marks;
mod names;
mod outline;
mod overlap;
pub(super) mod palette;
mod pdf;
mod pdf_font;
mod pdf_stream;
mod period;
mod placed_name;
mod plot;
mod plotted;
mod png;
mod point_curves;
mod point_names;
mod reference;
mod row_names;
mod run_table;
mod scale;
mod segments;
mod sheet;
mod spots;
mod surround;
mod svg;
mod tags;
mod text_block;
mod thin;
mod ticks;
mod timeline;
mod tradeoff;
mod units;
mod view;

use crate::experiment::chart::{Chart, ChartKind};

pub(super) use axis::PlotAxis;
pub(super) use bar_figure::BarFigure;
pub(super) use bar_marks::Bar;
pub(super) use curve::{Curve, Edge, Label, PlotPoint, Reach, Style};
pub use display::{DisplayList, DrawnMark, Page, Paint, TextRun, UNITS, UnitPoint};
pub use drawing::{Drawing, PictureFormat};
pub use error::ChartError;
pub(super) use figure::{Figure, PointPlace};
pub use forest::{Forest, ForestPlot};
pub use forest_mark::ForestMark;
pub(super) use format::plain as plain_number;
pub use geometry::{Geometry, Rect};
pub(super) use heatmap::HeatMap;
use job::ChartJob;
pub use job::{Context, Tables};
pub use looks::Looks;
pub(super) use names::{column as column_quantity, key as key_quantity, own_name as own_key_name};
pub(super) use outline::jumps;
pub(super) use palette::{Look, viridis};
pub use period::Period;
pub(super) use plot::Panel;
pub(super) use reference::ReferenceLine;
pub use row_names::RowGroup;
pub(super) use scale::{Scale, ScaleKind};
pub(super) use units::{in_words as number_in_words, with_unit as number_with_unit};

/// Draws a chart.
///
/// # Errors
/// When the chart names a column that the tables lack, or the drawing library fails. Empty tables are no error.
pub fn draw(chart: &Chart, tables: &Tables, context: &Context) -> Result<Drawing, ChartError> {
    match plot(chart, tables, context)? {
        Plot::Curves(figure) => figure.draw(),
        Plot::Bars(figure) => figure.draw(),
        Plot::HeatMap(map) => map.draw(),
    }
}

/// What a chart shows, in the values of its axes.
pub(super) enum Plot {
    /// Curves over a horizontal axis.
    Curves(Figure),
    /// Bars from the left.
    Bars(BarFigure),
    /// Colours over two swept keys.
    HeatMap(HeatMap),
}

/// What a chart shows.
///
/// # Errors
/// When the chart names a column that the tables lack.
pub(super) fn plot(chart: &Chart, tables: &Tables, context: &Context) -> Result<Plot, ChartError> {
    plot_of_part(chart, (tables, tables), context)
}

/// What a chart shows of a part of the tables of `whole`, in the units that fit all of them.
///
/// # Errors
/// When the chart names a column that the tables lack.
pub(super) fn plot_of_part(
    chart: &Chart,
    (tables, whole): (&Tables, &Tables),
    context: &Context,
) -> Result<Plot, ChartError> {
    let [tables, whole] = [tables, whole].map(|tables| view::chosen(&chart.view.series, tables));
    let job = ChartJob { chart, tables: &tables, whole: &whole, context };
    let figure = match chart.kind {
        ChartKind::Line => line::figure,
        ChartKind::Cdf => cdf::figure,
        ChartKind::Tradeoff => tradeoff::figure,
        ChartKind::Timeline => timeline::figure,
        ChartKind::Bar => return bar::figure(&job).map(Plot::Bars),
        ChartKind::Heatmap => return heatmap::figure(&job).map(Plot::HeatMap),
    };
    let figure = match &chart.view.panels {
        Some(panels) => view::in_panels(&job, panels, figure)?,
        None => figure(&job)?,
    };
    match figure {
        Some(mut figure) => {
            view::arrange(&job, &mut figure);
            Ok(Plot::Curves(figure))
        }
        // Without a sweep there is nothing to draw a line along.
        None => bar::figure(&job).map(Plot::Bars),
    }
}
