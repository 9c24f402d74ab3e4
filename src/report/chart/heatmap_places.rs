//! The places of the parts of a heat map.

use super::axis::{LABEL_SIZE, PlotAxis, TICK_SIZE, x_label_height, y_label_width, y_title_lines};
use super::axis_title::AxisTitle;
use super::canvas::LEADING;
use super::font::wrap;
use super::geometry::Rect;
use super::scale::Scale;
use super::sheet::ChartSheet;
use super::text_block::TextBlock;

const BETWEEN: f64 = 22.0;
const BAR_WIDTH: f64 = 16.0;
const BAR_GAP: f64 = 18.0;
/// The colour bar is not longer.
const LONGEST_BAR: f64 = 400.0;
/// Panels beside each other; more go below.
const MOST_ACROSS: usize = 3;
/// The same on a sheet narrower than this.
const NARROW_ACROSS: usize = 2;
const NARROW: f64 = 500.0;
/// Least height of a panel, and where a height is given.
const LEAST_PANEL: f64 = 170.0;
const LEAST_GIVEN: f64 = 100.0;
/// What a panel can lose where a height is given: negative.
pub const LEAST_EXTRA: f64 = LEAST_GIVEN - LEAST_PANEL;
/// The title of an axis may be this much longer than the axis.
const BEYOND: f64 = 30.0;

/// What is to be placed.
pub struct MapParts<'a> {
    pub head: &'a TextBlock,
    pub foot: &'a TextBlock,
    pub panels: &'a [String],
    pub x: &'a PlotAxis,
    pub y: &'a PlotAxis,
    /// The title of the colour bar.
    pub label: &'a AxisTitle,
    pub color: &'a Scale,
}

/// Panels in rows, with the colour bar at their right.
pub struct MapPlaces {
    /// Panels beside each other.
    pub across: usize,
    /// The names of the panels, in lines.
    pub names: Vec<Vec<String>>,
    /// The titles of the axes and of the colour bar, in lines.
    pub x_title: Vec<String>,
    pub y_title: Vec<String>,
    pub bar_title: Vec<String>,
    /// Space of the labels at the left of a panel.
    pub labels: f64,
    /// Width, height and left edge of panels, the top of the first row, and the distance of rows.
    wide: f64,
    high: f64,
    left: f64,
    top: f64,
    row_height: f64,
    /// The lower end of the last row, of the titles below it, and of all.
    pub rows_end: f64,
    pub titles_end: f64,
    pub end: f64,
}

impl MapPlaces {
    /// Panels beside each other at most.
    pub fn most_across(sheet: ChartSheet) -> usize {
        if sheet.width < NARROW { NARROW_ACROSS } else { MOST_ACROSS }
    }

    /// The places with panels that are higher than usual by `extra`.
    pub fn new(parts: &MapParts, sheet: ChartSheet, extra: f64) -> MapPlaces {
        let across = parts.panels.len().min(MapPlaces::most_across(sheet));
        let rows = parts.panels.len().div_ceil(across);
        let least = LEAST_PANEL + extra.min(0.0);
        let lines_high = |lines: usize| lines as f64 * LABEL_SIZE * LEADING;
        let bar_title = y_title_lines(parts.label, least + BEYOND);
        let bar = BAR_GAP + BAR_WIDTH + y_label_width(parts.color, 300.0) + lines_high(bar_title.len()) + 3.0;
        let labels = y_label_width(&parts.y.scale, 300.0);
        let y_title = y_title_lines(&parts.y.title, least + BEYOND);
        let left = (sheet.margin + labels + lines_high(y_title.len()) + 6.0).round();
        let inner = sheet.width - sheet.margin - bar - left;
        let wide = ((inner - BETWEEN * (across as f64 - 1.0)) / across as f64).floor().max(40.0);
        let names: Vec<Vec<String>> = parts.panels.iter().map(|name| wrap(name, TICK_SIZE, wide)).collect();
        let name_height = names.iter().map(Vec::len).max().unwrap_or(1) as f64 * TICK_SIZE * LEADING + 4.0;
        let below = x_label_height(&parts.x.scale, wide) + 4.0;
        let x_title = wrap(&parts.x.title.to_string(), LABEL_SIZE, inner);
        let top = sheet.margin + parts.head.height();
        let titles = lines_high(x_title.len()) + 6.0;
        let around = titles + parts.foot.height() + sheet.margin * 0.6;
        let most = sheet.plot_height(1);
        let usual = if across == 1 { 340.0_f64.min(wide) } else { (wide * 1.1).min(300.0) };
        let high = usual.min(most).max(LEAST_PANEL).round() + extra;
        let row_height = name_height + high + below;
        let rows_end = top + row_height * rows as f64;
        MapPlaces {
            across,
            names,
            x_title,
            y_title,
            bar_title,
            labels,
            wide,
            high,
            left,
            top: top + name_height,
            row_height,
            rows_end,
            titles_end: rows_end + titles,
            end: rows_end + around,
        }
    }

    /// The place of a panel.
    pub fn panel(&self, index: usize) -> Rect {
        let x = self.left + (index % self.across) as f64 * (self.wide + BETWEEN);
        let y = (self.top + (index / self.across) as f64 * self.row_height).round();
        Rect::new(x, y, x + self.wide, y + self.high)
    }

    /// The right edge of the panels.
    fn right(&self) -> f64 {
        self.left + self.across as f64 * (self.wide + BETWEEN) - BETWEEN
    }

    /// The middle of all panels across.
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.left, self.right())
    }

    /// The place of the colour bar.
    pub fn color_bar(&self) -> Rect {
        let (first, last) = (self.panel(0), self.panel(self.names.len().max(1) - 1));
        let left = self.right() + BAR_GAP;
        Rect::new(left, first.top, left + BAR_WIDTH, last.bottom.min(first.top + LONGEST_BAR))
    }
}
