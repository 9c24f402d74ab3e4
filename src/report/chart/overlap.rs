//! Stretches where the line of one curve lies on that of another.

use super::axis::Frame;
use super::canvas::{Canvas, Stroke};
use super::curve::{Curve, Style};
use super::error::ChartError;
use super::outline::lines;
use super::palette::LINE_WIDTH;

/// Lines whose ends are nearer than this in pixels lie on each other.
const SAME: f64 = 1.0;
/// The length of a stretch of one colour.
const DASH: f64 = 6.0;

type Line = Vec<(f64, f64)>;

/// Draws what the line of the last of these curves, which is drawn, hides of the others: as dashes on top of it, so that the
/// stretch has the colours of all.
pub fn draw_hidden(canvas: &mut Canvas, frame: &Frame, curves: &[Curve]) -> Result<(), ChartError> {
    let of_points = |curve: &Curve| match curve.style {
        Style::Band | Style::Whiskers if !curve.has_dense_theory() => lines(frame, curve),
        _ => Vec::new(),
    };
    let Some((top, below)) = curves.split_last() else { return Ok(()) };
    let all: Vec<Vec<Line>> = below.iter().map(of_points).collect();
    for (hidden, line) in of_points(top).iter().flat_map(|line| stretches(line, &all)) {
        // Each is drawn over the start of those before it.
        for (place, &curve) in hidden.iter().enumerate() {
            let dash = [(hidden.len() - place) as f64 * DASH, (place + 1) as f64 * DASH];
            canvas.line(&line, Stroke { color: curves[curve].look.color, width: LINE_WIDTH, dash: &dash })?;
        }
    }
    Ok(())
}

/// The stretches of a line that lie on lines of the curves below it, and which curves these are.
fn stretches(line: &[(f64, f64)], below: &[Vec<Line>]) -> Vec<(Vec<usize>, Line)> {
    let is_near = |one: (f64, f64), other: (f64, f64)| (one.0 - other.0).abs() < SAME && (one.1 - other.1).abs() < SAME;
    let is_same = |one: &[(f64, f64)], other: &[(f64, f64)]| is_near(one[0], other[0]) && is_near(one[1], other[1]);
    let mut found: Vec<(Vec<usize>, Line)> = Vec::new();
    for part in line.windows(2) {
        let lies_on = |lines: &Vec<Line>| lines.iter().any(|line| line.windows(2).any(|other| is_same(part, other)));
        let hidden: Vec<usize> = (0..below.len()).filter(|&index| lies_on(&below[index])).collect();
        match found.last_mut() {
            Some((before, line)) if *before == hidden => line.push(part[1]),
            _ => found.push((hidden, part.to_vec())),
        }
    }
    found.retain(|(hidden, _)| !hidden.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_colours_of_those_below_it() {
        let flat: Line = (0..4).map(|step| (f64::from(step) * 10.0, 5.0)).collect();
        let rising: Line = vec![(0.0, 5.5), (10.0, 5.5), (20.0, 9.0), (30.0, 20.0)];
        let below = [vec![flat.clone()], vec![rising]];
        let hidden = stretches(&flat, &below);
        assert_eq!(hidden, [(vec![0, 1], flat[..2].to_vec()), (vec![0], flat[1..].to_vec())]);
        assert_eq!(stretches(&[(0.0, 7.0), (10.0, 7.0)], &below), []);
    }
}
