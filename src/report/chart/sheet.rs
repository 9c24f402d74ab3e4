//! The sheet that a chart is laid out on.

use crate::experiment::chart::{Print, PrintSize};

/// Sizes of a sheet. Charts are laid out in pixels with letters of [`super::axis::TICK_SIZE`], whatever their size in
/// print: a smaller chart has fewer pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartSheet {
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels, if it is given.
    pub height: Option<f64>,
    /// Space around the chart in pixels.
    pub margin: f64,
    /// Points per pixel.
    pub point: f64,
    /// Dots of a PNG in an inch.
    pub dots: f64,
    /// Whether the title stands on it: in a paper it is in the caption.
    pub has_title: bool,
    /// Whether width and height are lengths on paper.
    pub is_printed: bool,
    /// Heights in pixels of a single plot, of each of two, of three, and of more.
    plots: [f64; 4],
}

/// Width of a sheet without a size in print.
pub const WIDTH: f64 = 720.0;
/// Its margin.
pub const MARGIN: f64 = 16.0;
/// Heights of its plots, by their number.
const HEIGHTS: [f64; 4] = [360.0, 205.0, 165.0, 125.0];
/// Points in an inch.
const POINTS: f64 = 72.0;
/// How often letters get smaller at most.
pub const FINER_STEPS: usize = 4;

impl Default for ChartSheet {
    /// 7.5 in wide at 96 pixels in an inch.
    fn default() -> ChartSheet {
        ChartSheet {
            width: WIDTH,
            height: None,
            margin: MARGIN,
            point: 0.75,
            dots: 192.0,
            has_title: true,
            is_printed: false,
            plots: HEIGHTS,
        }
    }
}

impl ChartSheet {
    /// The sheet of a size in print. Letters of 12.5 pixels are 8 points in papers, and 20 points on slides.
    pub fn of(print: Print) -> ChartSheet {
        let paper = |inches: f64, plots| ChartSheet {
            width: inches * POINTS / 0.64,
            margin: 5.0,
            point: 0.64,
            dots: 360.0,
            has_title: false,
            is_printed: true,
            plots,
            ..ChartSheet::default()
        };
        match print.size {
            None => ChartSheet::default(),
            Some(PrintSize::Column) => paper(3.5, [235.0, 150.0, 130.0, 110.0]),
            Some(PrintSize::Wide) => paper(7.2, HEIGHTS),
            Some(PrintSize::Slide) => ChartSheet {
                width: 600.0,
                height: Some(337.5),
                point: 1.6,
                dots: 300.0,
                is_printed: true,
                plots: [190.0, 90.0, 65.0, 45.0],
                ..ChartSheet::default()
            },
        }
    }

    /// The same width, as high as needed.
    #[must_use]
    pub fn without_height(self) -> ChartSheet {
        ChartSheet { height: None, ..self }
    }

    /// The same size with smaller letters, so that more has room.
    #[must_use]
    pub fn finer(self) -> ChartSheet {
        const FINER: f64 = 1.2;
        ChartSheet {
            width: self.width * FINER,
            height: self.height.map(|height| height * FINER),
            point: self.point / FINER,
            ..self
        }
    }

    /// Height of each plot, by their number, before what is left of a given height is known.
    pub fn plot_height(&self, plots: usize) -> f64 {
        self.plots[plots.clamp(1, self.plots.len()) - 1]
    }

    /// Width within the margins.
    pub fn inner(&self) -> f64 {
        self.width - 2.0 * self.margin
    }

    /// Pixels of a PNG per pixel of the layout.
    pub fn scale(&self) -> f64 {
        self.dots * self.point / POINTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_their_sizes_and_letters() {
        let letters = 12.5;
        for (size, inches, points) in
            [(PrintSize::Column, 3.5, 8.0), (PrintSize::Wide, 7.2, 8.0), (PrintSize::Slide, 40.0 / 3.0, 20.0)]
        {
            let sheet = ChartSheet::of(Print { size: Some(size), ..Print::default() });
            assert!((sheet.width * sheet.point / POINTS - inches).abs() < 1e-9, "{size:?}");
            assert!((letters * sheet.point - points).abs() < 1e-9, "{size:?}");
            assert!(sheet.dots >= 300.0);
            let finer = sheet.finer();
            assert!((finer.width * finer.point - sheet.width * sheet.point).abs() < 1e-9);
        }
        let slide = ChartSheet::of(Print { size: Some(PrintSize::Slide), ..Print::default() });
        assert_eq!(slide.height.map(|height| height * 16.0), Some(slide.width * 9.0));
        assert!((ChartSheet::default().scale() - 2.0).abs() < 1e-12);
    }
}
