//! A figure: title, notes, plots above each other with one horizontal axis, legend, remarks.

use super::arrival;
use super::axis::{Frame, LABEL_SIZE, PlotAxis, draw_x, draw_y, number_width, x_label_height, x_ticks, y_label_width};
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke, drawing};
use super::curve::{Curve, Edge, Reach, Style, extent, room_for_crosses};
use super::describe;
use super::display::Page;
use super::drawing::Drawing;
use super::font::wrap;
use super::geometry::Rect;
use super::job::{ChartError, ChartJob};
use super::legend::{Legend, LegendEntry, add};
use super::palette::{FAINT, INK, Swatch};
use super::plot::Panel;
use super::scale::{Fit, Scale, ScaleKind};
use super::sheet::{FINER_STEPS, Sheet};
use super::ticks::Tick;
use crate::experiment::chart::{AxisScale, ChartKind, Ground};

const TITLE_SIZE: f64 = 16.0;
const SMALL: f64 = 11.5;
/// Space between stacked plots.
const BETWEEN: f64 = 20.0;

/// What a figure has besides its plots.
#[derive(Clone, Debug)]
pub struct Head {
    pub title: String,
    pub note: Option<String>,
    pub kind: ChartKind,
    pub sheet: Sheet,
    pub ground: Ground,
}

impl Head {
    pub fn of(job: &ChartJob) -> Head {
        Head {
            title: job.chart.title.as_deref().unwrap_or(job.context.title).to_owned(),
            note: job.context.note.map(str::to_owned),
            kind: job.chart.kind,
            sheet: job.sheet(),
            ground: job.chart.print.ground,
        }
    }

    /// The page of its drawing.
    pub fn page(&self, sheet: Sheet, description: String) -> Page {
        Page { sheet, ground: self.ground, title: self.title.clone(), description }
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
        let mut layout = Layout::new(&self, self.head.sheet);
        for _ in 0..FINER_STEPS {
            if layout.fits() {
                break;
            }
            layout = Layout::new(&self, layout.sheet.finer());
        }
        layout.draw()
    }

    /// The plot areas from `top` downwards.
    fn frames(&self, sheet: Sheet, top: f64, height: f64) -> Vec<Rect> {
        let labels = self.label_width(height);
        let lines =
            self.panels.iter().map(|panel| wrap(&panel.y.label, LABEL_SIZE, height + 30.0).len()).max().unwrap_or(1);
        let left = sheet.margin + labels + lines as f64 * LABEL_SIZE * LEADING + 6.0;
        let end = sheet.width - sheet.margin;
        let right = end - self.overhang(end - left);
        (0..self.panels.len())
            .map(|index| {
                let from = top + index as f64 * (height + BETWEEN);
                // Whole pixels keep the frame crisp.
                Rect::new(left.round(), from.round(), right.floor(), (from + height).round())
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

/// The places of the parts of a figure on a sheet.
struct Layout<'a> {
    figure: &'a Figure,
    sheet: Sheet,
    head: TextBlock,
    foot: TextBlock,
    legend: Legend,
    /// The plot areas.
    frames: Vec<Rect>,
    x_title: Vec<String>,
    /// Where they begin: the title of the horizontal axis, the legend, the foot; and the end.
    tops: [f64; 3],
    end: f64,
}

impl<'a> Layout<'a> {
    /// Lays it out; the plots take what is left of a given height.
    fn new(figure: &'a Figure, sheet: Sheet) -> Layout<'a> {
        let plots = figure.panels.len();
        let usual = sheet.plot_height(plots);
        let layout = Layout::with_plots(figure, sheet, usual);
        let Some(height) = sheet.height else { return layout };
        let left = usual + ((height - layout.end) / plots.max(1) as f64).floor();
        let layout = Layout::with_plots(figure, sheet, left.max(sheet.least_plot_height(plots)));
        let end = layout.end.max(height);
        Layout { end, ..layout }
    }

    fn with_plots(figure: &'a Figure, sheet: Sheet, height: f64) -> Layout<'a> {
        let head = TextBlock::head(sheet, &figure.head);
        let foot = TextBlock::foot(sheet, &figure.remarks);
        let legend = Legend::lay_out(&with_marks(figure.legend.clone(), &figure.panels), sheet.inner());
        let frames = figure.frames(sheet, sheet.margin + head.height(), height);
        let plots_end = frames.last().map_or(0.0, |rect| rect.bottom);
        let length = frames.first().map_or(0.0, Rect::width);
        let x_title = wrap(&figure.x.label, LABEL_SIZE, length);
        let labels_end = plots_end + x_label_height(&figure.x.scale, length) + 2.0;
        let titles_end = labels_end + x_title.len() as f64 * LABEL_SIZE * LEADING;
        let legend_top = titles_end + if legend.height() <= 0.0 { 4.0 } else { 14.0 };
        let foot_top = legend_top + legend.height() + 4.0;
        let end = foot_top + foot.height() + sheet.margin * 0.6;
        let tops = [labels_end, legend_top, foot_top];
        Layout { figure, sheet, head, foot, legend, frames, x_title, tops, end }
    }

    /// Whether the plots have enough of a given height.
    fn fits(&self) -> bool {
        self.sheet.height.is_none_or(|height| self.end <= height)
    }

    fn draw(&self) -> Result<Drawing, ChartError> {
        let Layout { figure, sheet, frames, .. } = self;
        let [labels_end, legend_top, foot_top] = self.tops;
        let middle = sheet.width / 2.0;
        drawing(figure.head.page(*sheet, describe::figure(figure)), self.end, |canvas| {
            self.head.draw(canvas, sheet.margin)?;
            for (index, (panel, rect)) in figure.panels.iter().zip(frames).enumerate() {
                figure.draw_panel(canvas, panel, *rect, index + 1 == frames.len())?;
            }
            let across = frames.first().map_or(middle, |rect| f64::midpoint(rect.left, rect.right));
            canvas.lines(&self.x_title, (across, labels_end), Lettering::new(LABEL_SIZE, INK), HPos::Center)?;
            self.legend.draw(canvas, middle, legend_top)?;
            self.foot.draw(canvas, foot_top)
        })
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
pub fn x_scale(panels: &[Panel], axis: AxisScale, fit: Fit, sheet: Sheet) -> Scale {
    let values = panels.iter().flat_map(|panel| extent(&panel.curves, axis, Edge::Top));
    let room = panels.iter().map(|panel| room_for_crosses(&panel.curves, Edge::Right, sheet.width * 0.8));
    Scale::fit(axis, values, fit).with_room_above(room.fold(0.0, f64::max))
}

/// Lines of text across the figure.
pub struct TextBlock {
    lines: Vec<(String, f64)>,
    after: f64,
    middle: f64,
}

impl TextBlock {
    /// The title over its notes.
    pub fn head(sheet: Sheet, head: &Head) -> TextBlock {
        TextBlock::titled(sheet, &head.title, head.note.as_deref())
    }

    /// A title, if the sheet has one, over a note.
    pub fn titled(sheet: Sheet, title: &str, note: Option<&str>) -> TextBlock {
        let has_title = sheet.has_title && !title.trim().is_empty();
        let title = if has_title { wrap(title, TITLE_SIZE, sheet.inner()) } else { Vec::new() };
        let notes = note.iter().flat_map(|note| wrap(note, SMALL, sheet.inner())).map(|line| (line, SMALL));
        let lines: Vec<_> = title.into_iter().map(|line| (line, TITLE_SIZE)).chain(notes).collect();
        let after = if lines.is_empty() && !sheet.has_title { 4.0 } else { 10.0 };
        TextBlock { lines, after, middle: sheet.width / 2.0 }
    }

    /// Remarks at the foot.
    pub fn foot(sheet: Sheet, remarks: &[String]) -> TextBlock {
        let lines = remarks.iter().flat_map(|remark| wrap(remark, SMALL, sheet.inner()));
        TextBlock { lines: lines.map(|line| (line, SMALL)).collect(), after: 2.0, middle: sheet.width / 2.0 }
    }

    pub fn height(&self) -> f64 {
        self.lines.iter().map(|(_, size)| size * LEADING).sum::<f64>() + self.after
    }

    /// Draws it below `top`.
    pub fn draw(&self, canvas: &mut Canvas, mut top: f64) -> Result<(), ChartError> {
        for (line, size) in &self.lines {
            let style = Lettering::new(*size, if *size > SMALL { INK } else { FAINT });
            canvas.text(line, (self.middle, top + size * LEADING / 2.0), style, HPos::Center)?;
            top += size * LEADING;
        }
        Ok(())
    }
}
