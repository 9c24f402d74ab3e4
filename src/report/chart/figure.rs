//! A figure: title, notes, plots above each other with one horizontal axis, legend, remarks.

use super::arrival;
use super::axis::{
    Frame, LABEL_SIZE, LEADING, PlotAxis, draw_x, draw_y, x_label_height, x_ticks, y_label_width, y_ticks,
};
use super::canvas::{Align, Canvas, Drawing, Lettering, Stroke, drawing};
use super::curve::Curve;
use super::font::wrap;
use super::geometry::Rect;
use super::job::ChartError;
use super::legend::{Legend, LegendEntry, add};
use super::palette::{FAINT, INK, Swatch};
use super::plot::PlotContent;

/// Width of every figure in pixels.
pub const WIDTH: f64 = 720.0;
/// Space around the figure.
pub const MARGIN: f64 = 16.0;
const TITLE_SIZE: f64 = 16.0;
const SMALL: f64 = 11.5;
/// Space between stacked plots.
const BETWEEN: f64 = 20.0;

/// Height of each plot, by their number.
pub fn panel_height(panels: usize) -> f64 {
    if panels > 1 { 205.0 } else { 360.0 }
}

/// One plot.
#[derive(Clone, Debug)]
pub struct Panel {
    pub y: PlotAxis,
    pub content: PlotContent,
}

/// All that is drawn.
#[derive(Clone, Debug)]
pub struct Figure {
    pub title: String,
    /// Small print under the title.
    pub notes: Vec<String>,
    /// Small print at the foot.
    pub remarks: Vec<String>,
    pub x: PlotAxis,
    pub panels: Vec<Panel>,
    pub legend: Vec<LegendEntry>,
}

impl Figure {
    /// Draws it.
    pub fn draw(&self) -> Result<Drawing, ChartError> {
        let head = TextBlock::head(&self.title, &self.notes);
        let foot = TextBlock::foot(&self.remarks);
        let legend = Legend::lay_out(&self.legend, WIDTH - 2.0 * MARGIN);
        let frames = self.frames(MARGIN + head.height());
        let plots_end = frames.last().map_or(0.0, |rect| rect.bottom);
        let length = frames.first().map_or(0.0, Rect::width);
        let x_title = wrap(&self.x.label, LABEL_SIZE, length);
        let labels_end = plots_end + x_label_height(&self.x.scale, length) + 2.0;
        let titles_end = labels_end + x_title.len() as f64 * LABEL_SIZE * LEADING;
        let legend_top = titles_end + if self.legend.is_empty() { 4.0 } else { 14.0 };
        let foot_top = legend_top + legend.height() + 4.0;
        drawing((WIDTH, foot_top + foot.height() + MARGIN * 0.6), |canvas| {
            head.draw(canvas, MARGIN)?;
            for (index, (panel, rect)) in self.panels.iter().zip(&frames).enumerate() {
                self.draw_panel(canvas, panel, *rect, index + 1 == frames.len())?;
            }
            let middle = frames.first().map_or(WIDTH / 2.0, |rect| f64::midpoint(rect.left, rect.right));
            for (row, line) in x_title.iter().enumerate() {
                let at = (middle, labels_end + (row as f64 + 0.5) * LABEL_SIZE * LEADING);
                canvas.text(line, at, Lettering::new(LABEL_SIZE, INK), Align::Middle)?;
            }
            legend.draw(canvas, WIDTH / 2.0, legend_top)?;
            foot.draw(canvas, foot_top)
        })
    }

    /// The plot areas from `top` downwards.
    fn frames(&self, top: f64) -> Vec<Rect> {
        let height = panel_height(self.panels.len());
        let labels = self.label_width(height);
        let lines =
            self.panels.iter().map(|panel| wrap(&panel.y.label, LABEL_SIZE, height + 30.0).len()).max().unwrap_or(1);
        let left = MARGIN + labels + lines as f64 * LABEL_SIZE * LEADING + 6.0;
        let right = WIDTH - MARGIN - self.overhang(WIDTH - MARGIN - left);
        (0..self.panels.len())
            .map(|index| {
                let from = top + index as f64 * (height + BETWEEN);
                // Whole pixels keep the frame crisp.
                Rect::new(left.round(), from.round(), right.round(), (from + height).round())
            })
            .collect()
    }

    /// Space for the labels of the widest vertical axis.
    fn label_width(&self, height: f64) -> f64 {
        self.panels.iter().map(|panel| y_label_width(&y_ticks(&panel.y.scale, height))).fold(0.0, f64::max)
    }

    /// How far the last label of the horizontal axis sticks out.
    fn overhang(&self, length: f64) -> f64 {
        let reach = |tick: &super::ticks::Tick| {
            let half = super::axis::number_width(tick.label.as_deref().unwrap_or("")) / 2.0;
            self.x.scale.share(tick.value) * length + half - length
        };
        match self.x.scale.kind {
            super::scale::ScaleKind::Category(_) => 0.0,
            _ => x_ticks(&self.x.scale, length).iter().map(reach).fold(0.0, f64::max),
        }
    }

    fn draw_panel(&self, canvas: &mut Canvas, panel: &Panel, rect: Rect, last: bool) -> Result<(), ChartError> {
        let frame = Frame { rect, x: &self.x.scale, y: &panel.y.scale };
        canvas.geometry.plots.push(rect);
        let empty = panel.content.is_empty();
        if !empty {
            draw_x(canvas, &frame, last)?;
        }
        let shown = if empty {
            PlotAxis { label: panel.y.label.clone(), scale: super::scale::Scale::category(Vec::new()) }
        } else {
            panel.y.clone()
        };
        let title = rect.left - self.label_width(rect.height()) - LABEL_SIZE * 0.95;
        draw_y(canvas, &Frame { y: &shown.scale, ..frame }, &shown.label, title)?;
        if empty {
            let middle = (f64::midpoint(rect.left, rect.right), f64::midpoint(rect.top, rect.bottom));
            canvas.text(panel.content.says_empty(), middle, Lettering::new(TITLE_SIZE, FAINT), Align::Middle)?;
        }
        canvas.frame(rect, Stroke::solid(INK, 1.0))?;
        panel.content.draw(canvas, &frame)
    }
}

/// Explains hollow markers and crosses, if there are any.
pub fn explain_marks(legend: &mut Vec<LegendEntry>, panels: &[Panel]) {
    if curves(panels).any(|curve| curve.runs.iter().flatten().any(|mark| mark.arrival.is_marked())) {
        add(legend, arrival::HOLLOW, Swatch::Hollow);
    }
    if curves(panels).any(|curve| !curve.absent.is_empty()) {
        add(legend, arrival::ABSENT, Swatch::Cross);
    }
}

pub fn curves(panels: &[Panel]) -> impl Iterator<Item = &Curve> {
    panels.iter().flat_map(|panel| match &panel.content {
        PlotContent::Curves(curves) => curves.as_slice(),
        PlotContent::Bars(_) => &[],
    })
}

/// Lines of text across the figure.
pub struct TextBlock {
    lines: Vec<(String, f64)>,
    after: f64,
}

impl TextBlock {
    /// The title over its notes.
    pub fn head(title: &str, notes: &[String]) -> TextBlock {
        let wide = WIDTH - 2.0 * MARGIN;
        let title = if title.trim().is_empty() { Vec::new() } else { wrap(title, TITLE_SIZE, wide) };
        let notes = notes.iter().flat_map(|note| wrap(note, SMALL, wide)).map(|line| (line, SMALL));
        TextBlock { lines: title.into_iter().map(|line| (line, TITLE_SIZE)).chain(notes).collect(), after: 10.0 }
    }

    /// Remarks at the foot.
    pub fn foot(remarks: &[String]) -> TextBlock {
        let lines = remarks.iter().flat_map(|remark| wrap(remark, SMALL, WIDTH - 2.0 * MARGIN));
        TextBlock { lines: lines.map(|line| (line, SMALL)).collect(), after: 2.0 }
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.lines.iter().map(|(_, size)| size * LEADING).sum::<f64>() + self.after
    }

    /// Draws it below `top`.
    pub fn draw(&self, canvas: &mut Canvas, top: f64) -> Result<(), ChartError> {
        let mut from = top;
        for (line, size) in &self.lines {
            let color = if *size > SMALL { INK } else { FAINT };
            canvas.text(
                line,
                (WIDTH / 2.0, from + size * LEADING / 2.0),
                Lettering::new(*size, color),
                Align::Middle,
            )?;
            from += size * LEADING;
        }
        Ok(())
    }
}
