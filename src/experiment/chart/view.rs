//! How a chart shows its data: names, ranges, choices.

/// What a chart shows of its data, and the words for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChartView {
    /// Title of the horizontal axis; absent: its quantity.
    pub x_label: Option<String>,
    /// Title of the vertical axis; absent: its quantity.
    pub y_label: Option<String>,
    /// Ends of the horizontal axis, in the unit of the column.
    pub x_range: Option<[f64; 2]>,
    /// Ends of the vertical axis, in the unit of the column.
    pub y_range: Option<[f64; 2]>,
    /// The transports or populations that are drawn, in this order; none: all.
    pub series: Vec<String>,
    /// Other names for transports and populations.
    pub label: Vec<(String, String)>,
    /// Lines at fixed values.
    pub reference: Vec<Reference>,
    /// The column of a swept key, or `transport`: a plot for each of its values.
    pub panels: Option<String>,
}

/// A line across a chart at a fixed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Whether the value is one of the horizontal axis.
    pub is_of_x: bool,
    /// In the unit of the column.
    pub at: f64,
    /// Beside the line.
    pub label: Option<String>,
}
