//! A figure: title, notes, plots above each other with one horizontal axis, names of curves, remarks.

use super::arrival;
use super::axis::{Frame, LABEL_SIZE, PlotAxis, draw_x, draw_y, number_width, x_label_height, x_ticks, y_label_width};
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke, drawing};
use super::curve::{Edge, extent, room_for_crosses};
use super::curve_names::{self, Naming, PlacedName};
use super::describe::Description;
use super::drawing::{Drawing, Stretch};
use super::error::ChartError;
use super::font::wrap;
use super::geometry::Rect;
use super::legend::{Legend, LegendEntry, add};
use super::marks;
use super::palette::{FAINT, INK, PALE, Swatch};
use super::period::Period;
use super::plot::Panel;
use super::scale::{Fit, Scale, ScaleKind};
use super::sheet::ChartSheet;
use super::text_block::{Heading, TITLE_SIZE, TextBlock};
use super::ticks::Tick;
use crate::experiment::chart::AxisScale;

/// Size of captions and of the names of instants.
const CAPTION_SIZE: f64 = 12.0;
/// Space between a caption and its plot, whose markers may stand out.
const ABOVE: f64 = 4.0;

/// All that is drawn.
#[derive(Clone, Debug)]
pub struct Figure {
    pub head: Heading,
    /// Small print at the foot.
    pub remarks: Vec<String>,
    pub x: PlotAxis,
    pub panels: Vec<Panel>,
    /// Where the names of curves are, if they fit.
    pub naming: Naming,
    /// Parts of the horizontal axis with a name of their own.
    pub spans: Vec<Period>,
    /// Of what the values beside the ends of curves are.
    pub ends: Option<String>,
}

impl Figure {
    pub fn draw(mut self) -> Result<Drawing, ChartError> {
        if let Some(key) = &self.ends {
            self.remarks.insert(0, format!("Numbers beside the ends of a curve: {key}."));
        }
        self.remarks.extend(marks::without_points(&self.panels));
        for panel in &mut self.panels {
            panel.curves.retain(|curve| !curve.is_empty() || !curve.absent.is_empty());
        }
        self.merge_curves();
        let plots = self.panels.len();
        let stretch =
            |sheet: ChartSheet| Stretch { rows: plots, least: -0.4 * sheet.plot_height(plots), most: f64::INFINITY };
        Drawing::fitted(self.head.sheet, stretch, |sheet, extra| self.draw_on(sheet, extra))
    }

    /// Draws it with plots that are higher than usual by `extra`.
    fn draw_on(&self, sheet: ChartSheet, extra: f64) -> Result<Drawing, ChartError> {
        let head = TextBlock::head(sheet, &self.head);
        let top = sheet.margin + head.height();
        let (frames, names) = self.lay_out(sheet, top, extra);
        let mut entries = Vec::new();
        if names.is_none() && self.naming != Naming::Captions {
            for curve in self.panels.iter().flat_map(|panel| &panel.curves) {
                let is_joined = curve.runs.iter().any(|run| run.len() > 1);
                let swatch = if is_joined { Swatch::Curve(curve.look) } else { Swatch::Point(curve.look) };
                add(&mut entries, &curve.name, swatch);
            }
        }
        let entries = self.with_marks(entries, &frames);
        let remarks: Vec<String> = marks::hidden_intervals(&self.x.scale, &self.panels, &frames)
            .into_iter()
            .chain(self.remarks.clone())
            .collect();
        let foot = TextBlock::foot(sheet, &remarks);
        let legend = Legend::lay_out(&entries, sheet.inner());
        let plots_end = frames.last().map_or(0.0, |rect| rect.bottom);
        let length = frames.first().map_or(0.0, Rect::width);
        let x_title = wrap(&self.x.label, LABEL_SIZE, length);
        let labels_end = plots_end + x_label_height(&self.x.scale, length) + 2.0;
        let titles_end = labels_end + x_title.len() as f64 * LABEL_SIZE * LEADING;
        let legend_top = titles_end + if legend.height() <= 0.0 { 4.0 } else { 14.0 };
        let foot_top = legend_top + legend.height() + 4.0;
        let page = self.head.page(sheet, self.description());
        drawing(page, foot_top + foot.height() + sheet.margin * 0.6, |canvas| {
            head.draw(canvas, sheet.margin)?;
            let names = names.unwrap_or_default();
            for (index, (panel, rect)) in self.panels.iter().zip(&frames).enumerate() {
                let names = names.get(index).map_or(&[][..], Vec::as_slice);
                self.draw_panel(canvas, panel, (*rect, index), names)?;
            }
            let middle = frames.first().map_or(sheet.width / 2.0, |rect| f64::midpoint(rect.left, rect.right));
            canvas.lines(&x_title, (middle, labels_end), Lettering::new(LABEL_SIZE, INK), HPos::Center)?;
            legend.draw(canvas, sheet.width / 2.0, legend_top)?;
            foot.draw(canvas, foot_top)
        })
    }

    fn description(&self) -> String {
        let curves = || self.panels.iter().flat_map(|panel| &panel.curves);
        let description = Description {
            kind: self.head.kind,
            values: self.panels.iter().map(|panel| panel.y.label.as_str()).collect(),
            by: self.x.label.clone(),
            series: curves().map(|curve| curve.name.as_str()).collect(),
            count: curves().map(|curve| curve.runs.iter().map(Vec::len).sum::<usize>()).sum(),
            remarks: &self.remarks,
        };
        description.in_words()
    }

    /// The plot areas from `top` downwards, and the names of the curves in each; no names if one of them has no place.
    fn lay_out(&self, sheet: ChartSheet, top: f64, extra: f64) -> (Vec<Rect>, Option<Vec<Vec<PlacedName>>>) {
        let room = match self.naming {
            Naming::Ends => curve_names::room_for_ends(&self.panels, sheet.width),
            Naming::Along | Naming::Points | Naming::Captions => 0.0,
        };
        let height = sheet.plot_height(self.panels.len()) + extra;
        let frames = self.frames(sheet, (top, height), room);
        let names = self.panels.iter().zip(&frames).map(|(panel, &rect)| {
            let frame = Frame { rect, x: &self.x.scale, y: &panel.y.scale };
            match self.naming {
                _ if panel.curves.len() > 1 && panel.curves.iter().any(|curve| curve.name.is_empty()) => None,
                Naming::Ends => curve_names::at_ends(&frame, &panel.curves, sheet.width),
                Naming::Along => curve_names::along(&frame, panel),
                Naming::Points => curve_names::beside_points(&frame, panel),
                Naming::Captions => None,
            }
        });
        let names: Option<Vec<_>> = names.collect();
        let frames = if names.is_none() && room > 0.0 { self.frames(sheet, (top, height), 0.0) } else { frames };
        (frames, names)
    }

    /// The plot areas of this height from `top` downwards, with `room` to their right.
    fn frames(&self, sheet: ChartSheet, (top, height): (f64, f64), room: f64) -> Vec<Rect> {
        let labels = self.label_width(height);
        let lines =
            self.panels.iter().map(|panel| wrap(&panel.y.label, LABEL_SIZE, height + 30.0).len()).max().unwrap_or(1);
        let left = sheet.margin + labels + lines as f64 * LABEL_SIZE * LEADING + 6.0;
        let end = sheet.width - sheet.margin;
        let right = end - room.max(self.overhang(end - room - left));
        let mut from = top;
        let frame = |panel: &Panel| {
            let lines = caption_lines(panel, right.floor() - left.round()).len();
            from += if lines > 0 { lines as f64 * CAPTION_SIZE * LEADING + ABOVE + 1.0 } else { 0.0 };
            // Whole pixels keep the frame crisp.
            let rect = Rect::new(left.round(), from.round(), right.floor(), (from + height).round());
            from += height + if panel.caption.is_some() { 8.0 } else { 20.0 };
            rect
        };
        self.panels.iter().map(frame).collect()
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

    /// Curves that lie on each other in all plots become one, with all names.
    pub fn merge_curves(&mut self) {
        let Some(first) = self.panels.first() else { return };
        let mut count = first.curves.len();
        let is_regular = self.panels.iter().all(|panel| panel.curves.len() == count);
        let mut one = 0;
        while is_regular && one < count {
            let mut other = one + 1;
            while other < count {
                let same =
                    |panel: &Panel| panel.curves[one].lies_on(&panel.curves[other], &self.x.scale, &panel.y.scale);
                if self.panels.iter().all(same) {
                    for panel in &mut self.panels {
                        let merged = panel.curves.remove(other);
                        let curve = &mut panel.curves[one];
                        curve.name = format!("{} = {}", curve.name, merged.name);
                    }
                    count -= 1;
                } else {
                    other += 1;
                }
            }
            one += 1;
        }
    }

    fn draw_panel(
        &self,
        canvas: &mut Canvas,
        panel: &Panel,
        (rect, index): (Rect, usize),
        names: &[PlacedName],
    ) -> Result<(), ChartError> {
        let frame = Frame { rect, x: &self.x.scale, y: &panel.y.scale };
        let is_last = index + 1 == self.panels.len();
        canvas.geometry.plots.push(rect);
        let caption = caption_lines(panel, rect.width());
        let above = rect.top - caption.len() as f64 * CAPTION_SIZE * LEADING - ABOVE;
        canvas.lines(&caption, (rect.left, above), Lettering::new(CAPTION_SIZE, INK), HPos::Left)?;
        let title = rect.left - self.label_width(rect.height()) - LABEL_SIZE * 0.95;
        if panel.is_empty() {
            draw_y(canvas, &Frame { y: &Scale::category(Vec::new()), ..frame }, &panel.y.label, title)?;
            let text = if panel.has_absent() { arrival::ABSENT } else { "no data" };
            canvas.text(text, rect.center(), Lettering::new(TITLE_SIZE, FAINT), HPos::Center)?;
            return canvas.frame(rect, Stroke::solid(INK, 1.0));
        }
        let is_shaded = |span: &&Period| span.to > span.from;
        for span in self.spans.iter().filter(is_shaded) {
            canvas.fill(Rect { left: frame.across(span.from), right: frame.across(span.to), ..rect }, PALE)?;
        }
        draw_x(canvas, &frame, is_last)?;
        draw_y(canvas, &frame, &panel.y.label, title)?;
        canvas.line(
            &[(rect.left, rect.top), (rect.left, rect.bottom), (rect.right, rect.bottom)],
            Stroke::solid(INK, 1.0),
        )?;
        let mut taken: Vec<Rect> = names.iter().map(PlacedName::rect).collect();
        for span in &self.spans {
            taken.extend(draw_span(canvas, &frame, span, index == 0)?);
        }
        panel.draw(canvas, &frame, taken)?;
        names.iter().try_for_each(|name| name.draw(canvas))
    }

    /// The entries of a legend, and those that explain the marks in the plots.
    fn with_marks(&self, mut legend: Vec<LegendEntry>, frames: &[Rect]) -> Vec<LegendEntry> {
        for (label, swatch) in marks::explained(&self.x.scale, &self.panels, frames) {
            add(&mut legend, label, swatch);
        }
        legend
    }
}

/// The lines above a plot of this width.
fn caption_lines(panel: &Panel, wide: f64) -> Vec<String> {
    panel.caption.as_ref().map_or_else(Vec::new, |caption| wrap(caption, CAPTION_SIZE, wide))
}

/// Names a span at the top of the first plot, and marks an instant by a line; returns the place of the name.
fn draw_span(canvas: &mut Canvas, frame: &Frame, span: &Period, is_named: bool) -> Result<Option<Rect>, ChartError> {
    let at = frame.across(span.from);
    if span.to <= span.from {
        let line = [(at, frame.rect.top), (at, frame.rect.bottom)];
        canvas.line(&line, Stroke { color: FAINT, width: 1.0, dash: &[3.0, 3.0] })?;
    }
    if !is_named {
        return Ok(None);
    }
    let wide = super::font::width(&span.name, CAPTION_SIZE);
    let left = if at + 4.0 + wide > frame.rect.right { at - 4.0 - wide } else { at + 4.0 };
    let middle = frame.rect.top + CAPTION_SIZE * 0.8;
    canvas.text(&span.name, (left, middle), Lettering::new(CAPTION_SIZE, FAINT), HPos::Left)?;
    Ok(Some(Rect::new(left, middle - CAPTION_SIZE / 2.0, left + wide, middle + CAPTION_SIZE / 2.0)))
}

/// The horizontal axis of curves in all plots.
pub fn x_scale(panels: &[Panel], axis: AxisScale, fit: Fit, sheet: ChartSheet) -> Scale {
    let values = panels.iter().flat_map(|panel| extent(&panel.curves, axis, Edge::Top));
    let room = panels.iter().map(|panel| room_for_crosses(&panel.curves, Edge::Right, sheet.width * 0.8));
    Scale::fit(axis, values, fit).with_room_above(room.fold(0.0, f64::max))
}
