//! What is around the plots of a figure: the title above them, the legend and the remarks below.

use super::canvas::{Canvas, drawing};
use super::display::Page;
use super::drawing::Drawing;
use super::error::ChartError;
use super::legend::{Legend, LegendEntry};
use super::text_block::TextBlock;

/// Draws plots that end at this height, between the head and what is below them.
pub fn surrounded(
    page: Page,
    head: &TextBlock,
    plots: impl FnOnce(&mut Canvas) -> Result<(), ChartError>,
    end: f64,
    (entries, remarks): (&[LegendEntry], &[String]),
) -> Result<Drawing, ChartError> {
    let sheet = page.sheet;
    let foot = TextBlock::foot(sheet, remarks);
    let legend = Legend::lay_out(entries, sheet.inner());
    let legend_top = end + if legend.height() > 0.0 { 14.0 } else { 4.0 };
    let foot_top = legend_top + legend.height() + 4.0;
    drawing(page, foot_top + foot.height() + sheet.margin * 0.6, |canvas| {
        head.draw(canvas, sheet.margin)?;
        plots(canvas)?;
        legend.draw(canvas, sheet.width / 2.0, legend_top)?;
        foot.draw(canvas, foot_top)
    })
}
