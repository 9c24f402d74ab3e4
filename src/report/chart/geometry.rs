//! Rectangles, and the places of the parts of a drawing.

/// A rectangle in pixels, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// The rectangle with these edges.
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Rect {
        Rect { left, top, right, bottom }
    }

    /// The rectangle around a point, half as wide and high as this.
    pub fn around(center: (f64, f64), half_width: f64, half_height: f64) -> Rect {
        let (x, y) = center;
        Rect { left: x - half_width, top: y - half_height, right: x + half_width, bottom: y + half_height }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Its middle.
    pub fn center(&self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), f64::midpoint(self.top, self.bottom))
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether the other is wholly inside.
    pub fn contains(&self, other: &Rect) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    /// Grown by a margin on all sides.
    #[must_use]
    pub fn grown(&self, margin: f64) -> Rect {
        Rect::new(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)
    }
}

/// The distance of two points.
pub fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    libm::hypot(one.0 - other.0, one.1 - other.1)
}

/// The places of the parts of a drawing, in pixels of the SVG.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Geometry {
    /// Width and height of the drawing.
    pub size: (f64, f64),
    /// The areas inside the axes.
    pub plots: Vec<Rect>,
    /// The legend, if there is one.
    pub legend: Option<Rect>,
    /// Every text with the box it takes.
    pub texts: Vec<(String, Rect)>,
}
