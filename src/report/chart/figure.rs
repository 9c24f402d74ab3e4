//! A figure: title, notes, plots above each other with one horizontal axis, names of curves, remarks.

use super::arrival;
use super::axis::{
    Frame, LABEL_SIZE, PlotAxis, draw_x, draw_y, draw_y_title, number_width, x_label_height, x_ticks, y_label_width,
    y_title_lines,
};
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke};
use super::curve::{Curve, Edge, Style, extent, room_for_crosses};
use super::curve_names::{self, Naming};
use super::describe::Description;
use super::drawing::{Drawing, Stretch};
use super::error::ChartError;
use super::font::wrap;
use super::geometry::Rect;
use super::legend::{LegendEntry, add};
use super::marks;
use super::names::distinct;
use super::palette::{FAINT, INK, PALE, Swatch};
use super::period::Period;
use super::placed_name::{self, PlacedName};
use super::plot::Panel;
use super::point_names::beside_points;
use super::scale::{Fit, Scale, ScaleKind};
use super::sheet::ChartSheet;
use super::surround::surrounded;
use super::tags::Tags;
use super::text_block::{Heading, TITLE_SIZE, TextBlock};
use super::thin::thin;
use super::ticks::Tick;
use crate::experiment::chart::AxisScale;

/// Size of captions.
const CAPTION_SIZE: f64 = 12.0;
/// Space between a caption and its plot, whose marks may stand out.
const ABOVE: f64 = 8.0;

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
    /// The places along the horizontal axis of points that a logarithmic axis cannot show.
    pub hidden: Vec<f64>,
    /// Of what the values beside the ends of curves are.
    pub ends: Option<String>,
    /// Where the points of the sweep lie.
    pub places: Vec<PointPlace>,
}

/// Where a point of the sweep lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointPlace {
    pub point: usize,
    /// The number of the plot.
    pub panel: usize,
    pub x: f64,
    /// Anywhere upwards without one.
    pub y: Option<f64>,
}

impl Figure {
    pub fn draw(mut self) -> Result<Drawing, ChartError> {
        if let Some(key) = &self.ends {
            self.remarks.insert(0, format!("Numbers beside points: {key}."));
        }
        for panel in &mut self.panels {
            panel.curves.retain(|curve| !curve.is_empty() || !curve.absent.is_empty());
        }
        self.merge_curves();
        self.thin_traces();
        if let (Some(name), true) = (self.only_name(), self.panels.len() > 1) {
            self.remarks.push(marks::all_are(&name, "curve", self.panels.len()));
            self.naming = Naming::Captions;
        }
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
        let only_name = if names.is_none() { self.only_name() } else { None };
        if names.is_none() && only_name.is_none() && self.naming != Naming::Captions {
            for curve in self.panels.iter().flat_map(|panel| &panel.curves) {
                let is_joined = curve.runs.iter().any(|run| run.len() > 1);
                let swatch = if is_joined { Swatch::Curve(curve.look) } else { Swatch::Point(curve.look) };
                add(&mut entries, &curve.name, swatch);
            }
        }
        let entries = self.with_marks(entries, &frames);
        let remarks: Vec<String> = marks::hidden_intervals(&self.x.scale, &self.panels, &frames, &self.head.of_few)
            .into_iter()
            .chain(only_name.map(|name| marks::all_are(&name, "curve", 1)))
            .chain(self.remarks.clone())
            .collect();
        let plots_end = frames.last().map_or(0.0, |rect| rect.bottom);
        let length = frames.first().map_or(0.0, Rect::width);
        let x_title = wrap(&self.x.title.to_string(), LABEL_SIZE, length);
        let labels_end = plots_end + x_label_height(&self.x.scale, length) + 2.0;
        let end = labels_end + x_title.len() as f64 * LABEL_SIZE * LEADING;
        let names = names.unwrap_or_default();
        let plots = |canvas: &mut Canvas| {
            for (index, (panel, rect)) in self.panels.iter().zip(&frames).enumerate() {
                let names = names.get(index).map_or(&[][..], Vec::as_slice);
                self.draw_panel(canvas, panel, (*rect, index), names)?;
            }
            self.draw_y_titles(canvas, &frames, sheet.plot_height(frames.len()) + extra)?;
            let middle = frames.first().map_or(sheet.width / 2.0, |rect| f64::midpoint(rect.left, rect.right));
            canvas.lines(&x_title, (middle, labels_end), Lettering::new(LABEL_SIZE, INK), HPos::Center)
        };
        surrounded(self.head.page(sheet, self.description()), &head, plots, end, (&entries, &remarks))
    }

    /// The name of all curves if they have one and the same, which a legend or every plot would only repeat.
    fn only_name(&self) -> Option<String> {
        let names = distinct(self.panels.iter().flat_map(|panel| &panel.curves).map(|curve| curve.name.as_str()));
        match (self.naming, names.as_slice()) {
            (Naming::Captions, _) => None,
            (_, [name]) if !name.is_empty() => Some(name.clone()),
            _ => None,
        }
    }

    fn description(&self) -> String {
        let curves = || self.panels.iter().flat_map(|panel| &panel.curves);
        let description = Description {
            kind: self.head.kind,
            values: self.panels.iter().map(|panel| panel.y.title.to_string()).collect(),
            by: self.x.title.to_string(),
            series: curves().map(|curve| curve.name.as_str()).collect(),
            count: curves().flat_map(|curve| curve.runs.iter().flatten()).filter(|point| point.is_marked).count(),
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
                // A curve of crosses alone has no place for its name.
                _ if panel.curves.iter().any(Curve::is_empty) => None,
                Naming::Ends => curve_names::at_ends(&frame, &panel.curves, sheet.width),
                Naming::Along => curve_names::along(&frame, panel),
                Naming::Points => beside_points(&frame, panel),
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
        let lines = self.y_titles(height).iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
        let left = (sheet.margin + labels + lines as f64 * LABEL_SIZE * LEADING + 6.0).round();
        let end = sheet.width - sheet.margin;
        let right = (end - room.max(self.overhang(end - room - left))).floor();
        let mut from = top;
        let frame = |(index, panel): (usize, &Panel)| {
            let lines = caption_lines(panel, right - left).len();
            from += if lines > 0 { lines as f64 * CAPTION_SIZE * LEADING + ABOVE + 1.0 } else { 0.0 };
            from += Tags::over(self.tagged(index), &self.x.scale, (left, right)).height();
            // Whole pixels keep the frame crisp.
            let rect = Rect::new(left, from.round(), right, (from + height).round());
            from += height + if panel.caption.is_some() { 8.0 } else { 20.0 };
            rect
        };
        self.panels.iter().enumerate().map(frame).collect()
    }

    /// The lines of the titles of the vertical axes of plots of this height, with the numbers of their first and last
    /// plot: plots below each other share a title.
    fn y_titles(&self, height: f64) -> Vec<((usize, usize), Vec<String>)> {
        /// The title of a single plot may be this much longer than the plot.
        const BEYOND: f64 = 30.0;
        let mut ends: Vec<(usize, usize)> = Vec::new();
        for (index, panel) in self.panels.iter().enumerate() {
            match ends.last_mut() {
                Some((first, last)) if self.panels[*first].y.title == panel.y.title => *last = index,
                _ => ends.push((index, index)),
            }
        }
        let beyond = if self.panels.len() == 1 { BEYOND } else { 0.0 };
        let lines = |&(first, last): &(usize, usize)| {
            y_title_lines(&self.panels[first].y.title, (last - first + 1) as f64 * height + beyond)
        };
        ends.iter().map(|ends| (*ends, lines(ends))).collect()
    }

    fn draw_y_titles(&self, canvas: &mut Canvas, frames: &[Rect], height: f64) -> Result<(), ChartError> {
        self.y_titles(height).iter().try_for_each(|((first, last), lines)| {
            let across = frames[*first].left - self.label_width(frames[*first].height()) - LABEL_SIZE * 0.95;
            draw_y_title(canvas, lines, (across, f64::midpoint(frames[*first].top, frames[*last].bottom)))
        })
    }

    /// The parts of the horizontal axis that are named above a plot: all of them above the first one with curves.
    fn tagged(&self, index: usize) -> &[Period] {
        let first = self.panels.iter().position(|panel| !panel.is_empty());
        if first == Some(index) { &self.spans } else { &[] }
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
        x_ticks(&self.x.scale, &self.x.stops, length).iter().map(reach).fold(0.0, f64::max)
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
                        let between =
                            if curve.name.contains(" = ") || merged.name.contains('=') { "; " } else { " = " };
                        curve.name = [curve.name.as_str(), merged.name.as_str()].join(between);
                    }
                    count -= 1;
                } else {
                    other += 1;
                }
            }
            one += 1;
        }
    }

    /// Leaves out what no one sees of long time lines.
    fn thin_traces(&mut self) {
        let is_trace = |curve: &&mut Curve| matches!(curve.style, Style::Trace { .. });
        for curve in self.panels.iter_mut().flat_map(|panel| &mut panel.curves).filter(is_trace) {
            for run in &mut curve.runs {
                *run = thin(std::mem::take(run), |point| self.x.scale.share(point.x));
            }
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
        let tags = Tags::over(self.tagged(index), frame.x, (rect.left, rect.right));
        let above = rect.top - tags.height() - caption.len() as f64 * CAPTION_SIZE * LEADING - ABOVE;
        canvas.lines(&caption, (rect.left, above), Lettering::new(CAPTION_SIZE, INK), HPos::Left)?;
        if panel.is_empty() {
            let text = if panel.has_absent() { arrival::ABSENT } else { "no data" };
            canvas.text(text, rect.center(), Lettering::new(TITLE_SIZE, FAINT), HPos::Center)?;
            return canvas.frame(rect, Stroke::solid(INK, 1.0));
        }
        tags.draw(canvas, rect)?;
        for span in self.spans.iter().filter(|span| !span.is_instant()) {
            canvas.fill(Rect { left: frame.across(span.from), right: frame.across(span.to), ..rect }, PALE)?;
        }
        draw_x(canvas, &frame, &self.x.stops, is_last)?;
        draw_y(canvas, &frame)?;
        canvas.line(
            &[(rect.left, rect.top), (rect.left, rect.bottom), (rect.right, rect.bottom)],
            Stroke::solid(INK, 1.0),
        )?;
        let taken: Vec<Rect> = names.iter().map(PlacedName::rect).collect();
        for instant in self.spans.iter().filter(|span| span.is_instant()) {
            let at = frame.across(instant.from);
            let stroke = Stroke { color: FAINT, width: 1.0, dash: &[3.0, 3.0] };
            canvas.line(&[(at, rect.top), (at, rect.bottom)], stroke)?;
        }
        panel.draw(canvas, &frame, taken)?;
        names.iter().try_for_each(|name| name.draw(canvas, placed_name::SIZE))
    }

    /// The entries of a legend, and those that explain the marks in the plots.
    fn with_marks(&self, mut legend: Vec<LegendEntry>, frames: &[Rect]) -> Vec<LegendEntry> {
        for (label, swatch) in marks::explained(&self.x.scale, &self.panels, frames, &self.head.of_few) {
            add(&mut legend, &label, swatch);
        }
        legend
    }
}

/// The lines above a plot of this width.
fn caption_lines(panel: &Panel, wide: f64) -> Vec<String> {
    panel.caption.as_ref().map_or_else(Vec::new, |caption| wrap(caption, CAPTION_SIZE, wide))
}

/// The horizontal axis of curves in all plots.
pub fn x_scale(panels: &[Panel], axis: AxisScale, fit: Fit, sheet: ChartSheet) -> Scale {
    let values = panels.iter().flat_map(|panel| extent(&panel.curves, axis, Edge::Top));
    let room = panels.iter().map(|panel| room_for_crosses(&panel.curves, Edge::Right, sheet.width * 0.8));
    Scale::fit(axis, values, fit).with_room_above(room.fold(0.0, f64::max))
}
