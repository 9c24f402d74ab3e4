//! A figure: title, notes, plots above each other with one horizontal axis, legend, remarks.

use super::arrival;
use super::axis::{Frame, LABEL_SIZE, PlotAxis, draw_x, draw_y, number_width, x_label_height, x_ticks, y_label_width};
use super::canvas::{Canvas, Drawing, HPos, LEADING, Lettering, Stroke, drawing};
use super::curve::{Curve, Edge, Reach, Style, extent, room_for_crosses};
use super::font::wrap;
use super::geometry::Rect;
use super::job::{ChartError, ChartJob};
use super::legend::{Legend, LegendEntry, add};
use super::palette::{FAINT, INK, Swatch};
use super::plot::{Panel, panel_height};
use super::scale::{Fit, Scale, ScaleKind};
use super::ticks::Tick;
use crate::experiment::chart::AxisScale;

/// Width of every figure in pixels.
pub const WIDTH: f64 = 720.0;
/// Space around the figure.
pub const MARGIN: f64 = 16.0;
const TITLE_SIZE: f64 = 16.0;
const SMALL: f64 = 11.5;
/// Space between stacked plots.
const BETWEEN: f64 = 20.0;

/// Title and note over the plots.
#[derive(Clone, Debug)]
pub struct Head {
    pub title: String,
    pub note: Option<String>,
}

impl Head {
    pub fn of(job: &ChartJob) -> Head {
        Head {
            title: job.chart.title.as_deref().unwrap_or(job.context.title).to_owned(),
            note: job.context.note.map(str::to_owned),
        }
    }
}

/// All that is drawn.
pub struct Figure {
    pub head: Head,
    /// Small print at the foot.
    pub remarks: Vec<String>,
    pub x: PlotAxis,
    pub panels: Vec<Panel>,
    /// The entries of curves or bars; marks are explained after them.
    pub legend: Vec<LegendEntry>,
}

impl Figure {
    pub fn draw(self) -> Result<Drawing, ChartError> {
        let head = TextBlock::head(&self.head);
        let foot = TextBlock::foot(&self.remarks);
        let legend = Legend::lay_out(&with_marks(self.legend.clone(), &self.panels), WIDTH - 2.0 * MARGIN);
        let frames = self.frames(MARGIN + head.height());
        let plots_end = frames.last().map_or(0.0, |rect| rect.bottom);
        let length = frames.first().map_or(0.0, Rect::width);
        let x_title = wrap(&self.x.label, LABEL_SIZE, length);
        let labels_end = plots_end + x_label_height(&self.x.scale, length) + 2.0;
        let titles_end = labels_end + x_title.len() as f64 * LABEL_SIZE * LEADING;
        let legend_top = titles_end + if legend.height() <= 0.0 { 4.0 } else { 14.0 };
        let foot_top = legend_top + legend.height() + 4.0;
        drawing((WIDTH, foot_top + foot.height() + MARGIN * 0.6), |canvas| {
            head.draw(canvas, MARGIN)?;
            for (index, (panel, rect)) in self.panels.iter().zip(&frames).enumerate() {
                self.draw_panel(canvas, panel, *rect, index + 1 == frames.len())?;
            }
            let middle = frames.first().map_or(WIDTH / 2.0, |rect| f64::midpoint(rect.left, rect.right));
            canvas.lines(&x_title, (middle, labels_end), Lettering::new(LABEL_SIZE, INK), HPos::Center)?;
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
        self.panels.iter().map(|panel| y_label_width(&panel.y.scale, height)).fold(0.0, f64::max)
    }

    /// How far the last label of the horizontal axis sticks out.
    fn overhang(&self, length: f64) -> f64 {
        if let ScaleKind::Category(_) = self.x.scale.kind {
            return 0.0;
        }
        let reach = |tick: &Tick| {
            let half = number_width(tick.label.as_deref().unwrap_or("")) / 2.0;
            self.x.scale.share(tick.value) * length + half - length
        };
        x_ticks(&self.x.scale, length).iter().map(reach).fold(0.0, f64::max)
    }

    fn draw_panel(&self, canvas: &mut Canvas, panel: &Panel, rect: Rect, last: bool) -> Result<(), ChartError> {
        let frame = Frame { rect, x: &self.x.scale, y: &panel.y.scale };
        canvas.geometry.plots.push(rect);
        let title = rect.left - self.label_width(rect.height()) - LABEL_SIZE * 0.95;
        if panel.is_empty() {
            draw_y(canvas, &Frame { y: &Scale::category(Vec::new()), ..frame }, &panel.y.label, title)?;
            let text = if panel.has_absent() { arrival::ABSENT } else { "no data" };
            canvas.text(text, rect.center(), Lettering::new(TITLE_SIZE, FAINT), HPos::Center)?;
            return canvas.frame(rect, Stroke::solid(INK, 1.0));
        }
        draw_x(canvas, &frame, last)?;
        draw_y(canvas, &frame, &panel.y.label, title)?;
        canvas.frame(rect, Stroke::solid(INK, 1.0))?;
        panel.draw(canvas, &frame)
    }
}

/// The entries of a legend, and those that explain the marks in the plots.
fn with_marks(mut legend: Vec<LegendEntry>, panels: &[Panel]) -> Vec<LegendEntry> {
    let curves = || panels.iter().flat_map(|panel| &panel.curves);
    let bars = || panels.iter().flat_map(|panel| &panel.bars);
    let marks = || curves().flat_map(|curve| curve.runs.iter().flatten());
    let has_line = curves().any(Curve::has_dense_theory);
    let has_band = curves().any(|curve| curve.style == Style::Band && curve.runs.iter().any(|run| run.len() > 1));
    let is_wide = |error: Option<Reach>| error.is_some_and(Reach::is_wide);
    let explained = [
        (
            curves().any(|curve| !curve.theory.is_empty()) || bars().any(|bar| bar.theory.is_some()),
            "closed form",
            if has_line { Swatch::Theory } else { Swatch::TheoryMark },
        ),
        (
            marks().any(|mark| is_wide(mark.x_error) || is_wide(mark.y_error)) || bars().any(|bar| bar.error.is_some()),
            "95 % confidence interval",
            if has_band { Swatch::Band } else { Swatch::Whisker },
        ),
        (marks().any(|mark| mark.arrival.is_marked()), arrival::HOLLOW, Swatch::Hollow),
        (bars().any(|bar| bar.value.is_some() && bar.arrival.is_marked()), arrival::HATCHED, Swatch::Hatched),
        (panels.iter().any(Panel::has_absent), arrival::ABSENT, Swatch::Cross),
    ];
    for (is_there, label, swatch) in explained {
        if is_there {
            add(&mut legend, label, swatch);
        }
    }
    legend
}

/// The horizontal axis of curves in all plots.
pub fn x_scale(panels: &[Panel], axis: AxisScale, fit: Fit) -> Scale {
    let values = panels.iter().flat_map(|panel| extent(&panel.curves, axis, Edge::Top));
    let room = panels.iter().map(|panel| room_for_crosses(&panel.curves, Edge::Right, WIDTH * 0.8));
    Scale::fit(axis, values, fit).with_room_above(room.fold(0.0, f64::max))
}

/// Lines of text across the figure.
pub struct TextBlock {
    lines: Vec<(String, f64)>,
    after: f64,
}

impl TextBlock {
    /// The title over its notes.
    pub fn head(head: &Head) -> TextBlock {
        TextBlock::titled(&head.title, head.note.as_deref())
    }

    /// A title over a note.
    pub fn titled(title: &str, note: Option<&str>) -> TextBlock {
        let wide = WIDTH - 2.0 * MARGIN;
        let title = if title.trim().is_empty() { Vec::new() } else { wrap(title, TITLE_SIZE, wide) };
        let notes = note.iter().flat_map(|note| wrap(note, SMALL, wide)).map(|line| (line, SMALL));
        TextBlock { lines: title.into_iter().map(|line| (line, TITLE_SIZE)).chain(notes).collect(), after: 10.0 }
    }

    /// Remarks at the foot.
    pub fn foot(remarks: &[String]) -> TextBlock {
        let lines = remarks.iter().flat_map(|remark| wrap(remark, SMALL, WIDTH - 2.0 * MARGIN));
        TextBlock { lines: lines.map(|line| (line, SMALL)).collect(), after: 2.0 }
    }

    pub fn height(&self) -> f64 {
        self.lines.iter().map(|(_, size)| size * LEADING).sum::<f64>() + self.after
    }

    /// Draws it below `top`.
    pub fn draw(&self, canvas: &mut Canvas, mut top: f64) -> Result<(), ChartError> {
        for (line, size) in &self.lines {
            let style = Lettering::new(*size, if *size > SMALL { INK } else { FAINT });
            canvas.text(line, (WIDTH / 2.0, top + size * LEADING / 2.0), style, HPos::Center)?;
            top += size * LEADING;
        }
        Ok(())
    }
}
