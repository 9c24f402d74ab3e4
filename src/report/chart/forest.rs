//! A forest plot: a row per comparison, named on the left, and a plot per metric.

use super::axis::{Frame, LABEL_SIZE, TICK_SIZE, draw_x, x_label_height};
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke};
use super::display::Page;
use super::drawing::Drawing;
use super::error::ChartError;
use super::font::{width, wrap};
use super::forest_mark::{ForestMark, axis, draw_mark};
use super::geometry::Rect;
use super::legend::{LegendEntry, add};
use super::palette::{FAINT, INK, STRIPE, Swatch};
use super::row_names::{NamedLine, RowGroup, lines_of};
use super::scale::Scale;
use super::sheet::{ChartSheet, MARGIN, WIDTH};
use super::surround::surrounded;
use super::text_block::TextBlock;

/// Plots beside each other.
const MOST_BESIDE: usize = 3;
/// Space between them, for the numbers at the ends of their axes.
const BESIDE: f64 = 28.0;
/// Space between the names, the plots and the numbers.
const GAP: f64 = 12.0;
/// The title of the names is not broken to less than this.
const LEAST_NAMES: f64 = 110.0;
/// Space below a row of plots.
const BELOW: f64 = 22.0;

/// All that is drawn.
#[derive(Clone, Debug, Default)]
pub struct Forest {
    /// Above the plots.
    pub title: String,
    /// A warning in small print under the title.
    pub note: Option<String>,
    /// What all rows are compared with.
    pub baseline: String,
    /// Above the names of the rows: what they are values of.
    pub keys: String,
    /// The rows, from the top.
    pub groups: Vec<RowGroup>,
    /// A plot per metric.
    pub plots: Vec<ForestPlot>,
    /// Small print at the foot.
    pub remarks: Vec<String>,
}

/// The comparisons of one metric.
#[derive(Clone, Debug)]
pub struct ForestPlot {
    /// Name of the metric.
    pub title: String,
    /// Its unit, empty for plain numbers.
    pub unit: String,
    /// Whether the values are ratios, with 1 for "no difference", or differences.
    pub is_ratio: bool,
    /// A mark for each row of all groups, if there is one.
    pub marks: Vec<Option<ForestMark>>,
}

impl ForestPlot {
    fn axis(&self) -> Scale {
        axis(&self.marks, self.is_ratio)
    }

    /// Title of the axis.
    fn label(&self, baseline: &str) -> String {
        match (self.is_ratio, self.unit.as_str()) {
            (true, _) => format!("ratio to {baseline}"),
            (false, "") => format!("difference from {baseline}"),
            (false, unit) => format!("difference from {baseline} ({unit})"),
        }
    }
}

impl Forest {
    /// Draws it.
    ///
    /// # Errors
    /// If the drawing library fails.
    pub fn draw(&self) -> Result<Drawing, ChartError> {
        let sheet = ForestSheet::new(self);
        let baseline = if sheet.is_named { None } else { Some(format!("baseline: {}", self.baseline)) };
        let notes: Vec<String> = baseline.into_iter().chain(self.note.clone()).collect();
        let notes = notes.join("; ");
        let head =
            TextBlock::titled(ChartSheet::default(), &self.title, if notes.is_empty() { None } else { Some(&notes) });
        let bands: Vec<Band> = sheet.bands(MARGIN + head.height());
        let end = bands.last().map_or(0.0, |band| band.end);
        let page = Page { title: self.title.clone(), description: self.description(), ..Page::default() };
        let draw = |canvas: &mut Canvas| bands.iter().try_for_each(|band| sheet.draw_band(canvas, band));
        surrounded(page, &head, draw, end, (&self.legend(), &self.remarks))
    }

    /// What is shown, in words.
    fn description(&self) -> String {
        let metrics: Vec<&str> = self.plots.iter().map(|plot| plot.title.as_str()).collect();
        let names: Vec<&str> = self.groups.iter().map(|group| group.name.as_str()).collect();
        let marks = self.plots.iter().flat_map(|plot| &plot.marks).flatten().count();
        format!(
            "Forest plot: {} of {}, compared with {}. Comparisons: {marks}.",
            metrics.join(", "),
            names.join("; "),
            self.baseline
        )
    }

    /// What the marks that there are mean.
    fn legend(&self) -> Vec<LegendEntry> {
        let marks = || self.plots.iter().flat_map(|plot| &plot.marks).flatten().filter(|mark| mark.value.is_some());
        let is = |finding| marks().any(|mark| mark.is_significant == finding);
        let mut entries = Vec::new();
        for (is_there, label, swatch) in [
            (is(Some(true)), "significant difference", Swatch::Filled),
            (is(Some(false)), "no significant difference", Swatch::Hollow),
            (is(None), "no interval", Swatch::Cross),
            (marks().any(|mark| mark.interval.is_some()), "95 % confidence interval", Swatch::WhiskerAcross),
        ] {
            if is_there {
                add(&mut entries, label, swatch);
            }
        }
        entries
    }
}

/// Plots beside each other.
struct Band<'a> {
    plots: Vec<(&'a ForestPlot, Rect)>,
    end: f64,
}

/// The places of all parts.
struct ForestSheet<'a> {
    forest: &'a Forest,
    lines: Vec<NamedLine>,
    /// Plots beside each other.
    beside: usize,
    /// Width of a plot.
    wide: f64,
    /// Left edge of the first one.
    left: f64,
    /// Whether the titles of the axes have room for the baseline.
    is_named: bool,
}

impl<'a> ForestSheet<'a> {
    fn new(forest: &'a Forest) -> ForestSheet<'a> {
        let bands = forest.plots.len().div_ceil(MOST_BESIDE).max(1);
        let beside = forest.plots.len().div_ceil(bands).max(1);
        let (lines, names) = lines_of(&forest.groups, [300.0, 230.0, 190.0][beside - 1]);
        // Their title may be broken more often.
        let keys = wrap(&forest.keys, TICK_SIZE, names.max(LEAST_NAMES));
        let names = keys.iter().map(|line| width(line, TICK_SIZE)).fold(names, f64::max);
        let left = (MARGIN + names + GAP).round();
        let texts = if beside == 1 { numbers_width(&forest.plots) + GAP } else { 0.0 };
        let room = WIDTH - MARGIN - GAP - texts - left - BESIDE * (beside - 1) as f64;
        let wide = (room / beside as f64).floor();
        let fits = |plot: &ForestPlot| width(&plot.label(&forest.baseline), TICK_SIZE) <= wide + BESIDE / 2.0;
        ForestSheet { forest, lines, beside, wide, left, is_named: forest.plots.iter().all(fits) }
    }

    /// The title of the axis of a plot.
    fn label(&self, plot: &ForestPlot) -> String {
        plot.label(if self.is_named { &self.forest.baseline } else { "the baseline" })
    }

    /// The title of the names, in lines.
    fn keys(&self) -> Vec<String> {
        wrap(&self.forest.keys, TICK_SIZE, self.left - MARGIN - GAP + 1.0)
    }

    /// Height of all rows.
    fn height(&self) -> f64 {
        self.lines.iter().map(|line| line.height).sum()
    }

    fn titles_height(&self, plots: &[ForestPlot]) -> f64 {
        let lines = plots.iter().map(|plot| wrap(&plot.title, LABEL_SIZE, self.wide).len()).max().unwrap_or(1);
        (lines as f64 * LABEL_SIZE).max(self.keys().len() as f64 * TICK_SIZE) * LEADING + 4.0
    }

    /// The plots, from `top` downwards.
    fn bands(&self, mut top: f64) -> Vec<Band<'a>> {
        let mut bands = Vec::new();
        for plots in self.forest.plots.chunks(self.beside) {
            let from = (top + self.titles_height(plots)).round();
            let to = (from + self.height()).round();
            let rect = |place: usize| {
                let left = self.left + place as f64 * (self.wide + BESIDE);
                Rect::new(left, from, left + self.wide, to)
            };
            let end = to + x_label_height(&plots[0].axis(), self.wide) + TICK_SIZE * LEADING;
            bands.push(Band { plots: plots.iter().zip((0..).map(rect)).collect(), end });
            top = end + BELOW;
        }
        bands
    }

    fn draw_band(&self, canvas: &mut Canvas, band: &Band) -> Result<(), ChartError> {
        let Some((_, first)) = band.plots.first() else { return Ok(()) };
        let end = band.plots.last().map_or(first.right, |(_, rect)| rect.right);
        let mut top = first.top;
        for line in &self.lines {
            if line.is_striped {
                canvas.fill(Rect::new(MARGIN - 4.0, top, end, top + line.height), STRIPE)?;
            }
            top += line.height;
        }
        let mut top = first.top;
        for line in &self.lines {
            line.draw(canvas, (MARGIN, top))?;
            top += line.height;
        }
        let keys = self.keys();
        let high = keys.len() as f64 * TICK_SIZE * LEADING;
        let style = Lettering::new(TICK_SIZE, FAINT);
        canvas.lines(&keys, (MARGIN, first.top - 4.0 - high), style, HPos::Left)?;
        band.plots.iter().try_for_each(|(plot, rect)| self.draw_plot(canvas, plot, *rect))
    }

    fn draw_plot(&self, canvas: &mut Canvas, plot: &ForestPlot, rect: Rect) -> Result<(), ChartError> {
        let (x, y) = (plot.axis(), Scale::category(Vec::new()));
        let frame = Frame { rect, x: &x, y: &y };
        canvas.geometry.plots.push(rect);
        draw_x(canvas, &frame, &[], true)?;
        let middle = rect.center().0;
        let title = wrap(&plot.title, LABEL_SIZE, self.wide);
        let high = title.len() as f64 * LABEL_SIZE * LEADING;
        canvas.lines(&title, (middle, rect.top - 4.0 - high), Lettering::new(LABEL_SIZE, INK), HPos::Center)?;
        let below = rect.bottom + x_label_height(&x, self.wide);
        canvas.lines(&[self.label(plot)], (middle, below), Lettering::new(TICK_SIZE, INK), HPos::Center)?;
        let reference = frame.across(if plot.is_ratio { 1.0 } else { 0.0 });
        canvas.line(&[(reference, rect.top), (reference, rect.bottom)], Stroke::solid(INK, 1.25))?;
        canvas.frame(rect, Stroke::solid(INK, 1.0))?;
        let mut top = rect.top;
        for line in &self.lines {
            let up = top + line.height / 2.0;
            top += line.height;
            let Some(mark) = line.row.and_then(|row| plot.marks.get(row)?.as_ref()) else { continue };
            draw_mark(canvas, &frame, (mark, up), line.color)?;
            if self.beside == 1 {
                let style = Lettering::new(TICK_SIZE, INK);
                canvas.text(&mark.text, (rect.right + GAP, up), style, HPos::Left)?;
            }
        }
        Ok(())
    }
}

/// Width of the numbers to the right of a plot.
fn numbers_width(plots: &[ForestPlot]) -> f64 {
    let marks = plots.iter().flat_map(|plot| &plot.marks).flatten();
    marks.map(|mark| width(&mark.text, TICK_SIZE)).fold(0.0, f64::max)
}
