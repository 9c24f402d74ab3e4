//! Why drawing a chart may fail.

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// A metric, key or column of the chart is not in the tables.
    #[error("chart `{chart}`: the results have no column `{column}`")]
    NoColumn {
        /// Name of the chart.
        chart: String,
        /// The missing column.
        column: String,
    },
    /// A heat map with fewer than two keys.
    #[error("chart `{chart}`: a heat map needs two swept keys")]
    TooFewKeys {
        /// Name of the chart.
        chart: String,
    },
    /// The drawing library failed.
    #[error("the chart could not be drawn: {0}")]
    Draw(String),
    /// The text is not an SVG that can be rasterised.
    #[error("the chart could not be turned into a PNG: {0}")]
    Raster(String),
}
