//! A figure as a small picture: its curves or bars, without words.

use std::fmt::Write as _;

use super::fewer::fewer;
use super::legend::hex;
use crate::report::chart::{BarFigure, Figure, Plot, PlotPoint, Scale};

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 130.0;
/// Space around the picture.
const MARGIN: f64 = 5.0;
/// Points in a run of a curve at most.
const MOST: usize = 80;
/// Bars at most.
const MOST_BARS: usize = 12;

/// The picture as SVG; `None` of a heat map.
pub(super) fn thumbnail(plot: &Plot) -> Option<String> {
    let inner = match plot {
        Plot::Curves(figure) => curves(figure),
        Plot::Bars(figure) => bars(figure),
        Plot::HeatMap(_) => return None,
    };
    Some(format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" aria-hidden=\"true\"><path d=\"M{MARGIN} {MARGIN}V{bottom}H{right}\" fill=\"none\" \
         stroke=\"#b6bdc6\"/>{inner}</svg>",
        bottom = HEIGHT - MARGIN,
        right = WIDTH - MARGIN,
    ))
}

/// The curves of the first plot; of plots for single curves those of all.
fn curves(figure: &Figure) -> String {
    let mut text = String::new();
    let is_split = figure.panels.iter().all(|panel| panel.caption.is_some());
    let panels = figure.panels.iter().take(if is_split { figure.panels.len() } else { 1 });
    for panel in panels {
        let at = |point: &PlotPoint| {
            let across = |scale: &Scale, value: f64, length: f64| scale.share(value) * (length - 2.0 * MARGIN);
            (
                MARGIN + across(&figure.x.scale, point.x, WIDTH),
                HEIGHT - MARGIN - across(&panel.y.scale, point.y, HEIGHT),
            )
        };
        for curve in &panel.curves {
            let color = hex(curve.look.color);
            for run in &curve.runs {
                let points: Vec<(f64, f64)> = fewer(run.clone(), MOST).iter().map(at).collect();
                if let [(x, y)] = points.as_slice() {
                    let _ = write!(text, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{color}\"/>");
                    continue;
                }
                let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
                let _ = write!(
                    text,
                    "<path d=\"M{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>",
                    path.join("L")
                );
            }
        }
    }
    text
}

/// The bars of the first plot.
fn bars(figure: &BarFigure) -> String {
    let mut text = String::new();
    let Some(panel) = figure.panels.first() else { return text };
    let bars = &panel.bars[..panel.bars.len().min(MOST_BARS)];
    let slot = (HEIGHT - 2.0 * MARGIN) / bars.len().max(1) as f64;
    for (place, bar) in bars.iter().enumerate() {
        let Some(value) = bar.value else { continue };
        let (top, length) =
            (MARGIN + slot * (place as f64 + 0.15), panel.axis.scale.share(value) * (WIDTH - 2.0 * MARGIN));
        let _ = write!(
            text,
            "<rect x=\"{MARGIN}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            length.max(1.0),
            (slot * 0.7).min(22.0),
            hex(bar.look.color)
        );
    }
    text
}
