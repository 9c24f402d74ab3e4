//! A bar, and the share of the messages above it.

use plotters::style::RGBColor;

use super::arrival::Arrival;
use super::axis::Frame;
use super::canvas::{Canvas, HPos, LEADING, Lettering, Stroke};
use super::curve::Reach;
use super::font::width;
use super::geometry::Rect;
use super::job::ChartError;
use super::palette::{INK, THEORY_MARK, WHITE, cross, hatched, text_color, whisker};

/// Size of the texts above bars.
const SIZE: f64 = 11.5;
/// Space between a bar and its text.
const ABOVE: f64 = 3.0;
/// Height of the cross in place of a bar.
const CROSS: f64 = 16.0;
/// The fraction of a place that its bars take.
const TAKEN: f64 = 0.8;

/// A bar over a named place.
#[derive(Clone, Debug)]
pub struct Bar {
    pub color: RGBColor,
    pub slot: BarSlot,
    /// Without a value there is no bar, only a mark if no message arrived.
    pub value: Option<f64>,
    pub error: Option<Reach>,
    pub theory: Option<f64>,
    pub arrival: Arrival,
}

/// The position of a bar.
#[derive(Clone, Copy, Debug)]
pub struct BarSlot {
    /// The named place.
    pub place: usize,
    /// Which of `of` bars at this place.
    pub slot: usize,
    pub of: usize,
}

/// The layout of a text above a bar.
enum TextSetting {
    /// In these lines.
    Level(Vec<String>),
    /// Upwards.
    Upright(String),
}

impl TextSetting {
    /// For a bar of this width; none if it is too narrow.
    fn of(text: String, room: f64) -> Option<TextSetting> {
        let fits = |line: &str| width(line, SIZE) + 2.0 <= room;
        if fits(&text) {
            return Some(TextSetting::Level(vec![text]));
        }
        if let Some((first, last)) = text.rsplit_once(' ')
            && fits(first)
            && fits(last)
        {
            return Some(TextSetting::Level(vec![first.to_owned(), last.to_owned()]));
        }
        if room >= SIZE { Some(TextSetting::Upright(text)) } else { None }
    }

    fn height(&self) -> f64 {
        match self {
            TextSetting::Level(lines) => lines.len() as f64 * SIZE * LEADING,
            TextSetting::Upright(text) => width(text, SIZE),
        }
    }
}

impl Bar {
    /// Its upper end, the error included.
    fn top(&self) -> f64 {
        self.value.unwrap_or(0.0) + self.error.unwrap_or_default().above
    }
}

/// The part of the vertical axis of a panel of this height that must stay free above, so that the texts of all bars
/// fit; `share` tells how high on the axis a value lies, and `places` how many there are.
pub fn room_above(bars: &[Bar], places: usize, height: f64, share: impl Fn(f64) -> f64) -> f64 {
    /// Less than the plot is wide, whatever its labels.
    const WIDE: f64 = 560.0;
    let free = |bar: &Bar| {
        let room = WIDE / places.max(1) as f64 * TAKEN / bar.slot.of.max(1) as f64;
        let text = TextSetting::of(bar.arrival.label()?, room)?.height() + 2.0 * ABOVE + 4.0;
        let (low, used) = if bar.value.is_some() { (0.0, share(bar.top())) } else { (CROSS, 0.0) };
        let most = (1.0 - (text + low) / height).max(0.1);
        if used > most { Some(1.0 - most / used) } else { None }
    };
    bars.iter().filter_map(free).fold(0.0, f64::max)
}

/// Draws the bar, and what belongs to it.
pub fn draw_bar(canvas: &mut Canvas, frame: &Frame, bar: &Bar) -> Result<(), ChartError> {
    let slot = TAKEN / bar.slot.of.max(1) as f64;
    let left = bar.slot.place as f64 - TAKEN / 2.0 + slot * bar.slot.slot as f64;
    let gap = if bar.slot.of > 1 { slot * 0.06 } else { slot * 0.12 };
    let (from, to) = (frame.across(left + gap), frame.across(left + slot - gap));
    let base = frame.up(if frame.y.shows(0.0) { 0.0 } else { frame.y.low });
    let mut top = base;
    if let Some(value) = bar.value {
        let end = frame.up(value);
        let rect = Rect::new(from, base.min(end), to, base.max(end));
        if bar.arrival.is_marked() {
            hatched(canvas, rect, bar.color)?;
        } else {
            canvas.fill(rect, bar.color)?;
        }
        top = frame.up(bar.top());
    } else if bar.arrival == Arrival::Nothing {
        cross(canvas, (f64::midpoint(from, to), base - CROSS / 2.0 - 1.0), bar.color)?;
        top = base - CROSS;
    }
    if let Some(theory) = bar.theory.filter(|theory| frame.y.shows(*theory)) {
        let (level, beyond) = (frame.up(theory), ((to - from) * 0.04).min(5.0));
        canvas.line(&[(from - beyond, level), (to + beyond, level)], THEORY_MARK)?;
    }
    draw_error(canvas, frame, bar, f64::midpoint(from, to))?;
    draw_share(canvas, frame, bar, Rect::new(frame.across(left), frame.rect.top, frame.across(left + slot), top))
}

fn draw_error(canvas: &mut Canvas, frame: &Frame, bar: &Bar, middle: f64) -> Result<(), ChartError> {
    /// Shorter whiskers are thinner than the lines they would be drawn with.
    const SHORTEST: f64 = 2.5;
    let (Some(value), Some(error)) = (bar.value, bar.error) else { return Ok(()) };
    let (low, high) = ((middle, frame.up(value - error.below)), (middle, frame.up(value + error.above)));
    if low.1 - high.1 > SHORTEST {
        canvas.line(&[low, high], Stroke::solid(WHITE, 2.5))?;
        canvas.line(&[(middle - 3.5, low.1), (middle + 3.5, low.1)], Stroke::solid(WHITE, 2.5))?;
        whisker(canvas, low, high, INK)?;
    }
    Ok(())
}

/// The share of the messages that arrived, in the space above a bar and above a closed form that is in its way.
fn draw_share(canvas: &mut Canvas, frame: &Frame, bar: &Bar, space: Rect) -> Result<(), ChartError> {
    let Some(setting) = bar.arrival.label().and_then(|text| TextSetting::of(text, space.width())) else {
        return Ok(());
    };
    let top = space.bottom;
    let high = setting.height();
    let in_the_way =
        bar.theory.filter(|theory| bar.value.is_some_and(|value| value <= *theory)).map(|theory| frame.up(theory));
    let bottom = match in_the_way {
        Some(line) if line > top - ABOVE * 2.0 - high && line - ABOVE - high > frame.rect.top => line - ABOVE,
        _ => top - ABOVE,
    };
    // A text without room on the axis would cover the title.
    let bottom = bottom.max(frame.rect.top + high + 1.0);
    let (middle, style) = (space.center().0, Lettering::new(SIZE, text_color(bar.color)));
    match setting {
        TextSetting::Upright(text) => canvas.upright(&text, (middle, bottom - high / 2.0), style),
        TextSetting::Level(lines) => canvas.lines(&lines, (middle, bottom - high), style, HPos::Center),
    }
}
