//! The charts of a page, for every place of its sliders.

use serde::Serialize;

use super::figure::FigureData;
use super::map_data::MapData;
use crate::experiment::Experiment;
use crate::experiment::chart::{Chart, ChartKind};
use crate::report::chart::{self, Context, Looks, Period, Plot, Tables};
use crate::report::request::ReportError;
use crate::report::table::CsvTable;

/// The charts of an experiment with what they are made of.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'a> {
    pub experiment: &'a Experiment,
    pub tables: &'a Tables,
    /// Small print under every title.
    pub note: Option<&'a str>,
    pub looks: &'a Looks,
    /// Warm-up and events of the run.
    pub spans: &'a [Period],
}

/// A chart.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ChartData {
    name: String,
    title: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Whether each point has a figure of its own.
    is_by_point: bool,
    figures: Vec<FigureData>,
    /// For each point the number of its figure, or none of a chart along the sweep.
    figure_of: Vec<usize>,
    /// Of a heat map, which has no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    map: Option<MapData>,
}

/// More points than this have no figures of their own.
const MOST_POINTS: usize = 64;

impl Drawn<'_> {
    /// The charts that the script draws, with at most `most` points in a run of a curve.
    pub fn charts(&self, most: usize) -> Result<Vec<ChartData>, ReportError> {
        self.experiment.charts().iter().map(|chart| self.chart(chart, most)).collect()
    }

    fn context(&self) -> Context<'_> {
        let Drawn { experiment, note, looks, spans, .. } = *self;
        Context { title: experiment.title(), swept: experiment.swept(), note, looks, spans }
    }

    fn chart(&self, chart: &Chart, most: usize) -> Result<ChartData, ReportError> {
        let points = self.experiment.points();
        let is_by_point = points > 1 && points <= MOST_POINTS && is_at_a_point(chart);
        let mut data = ChartData {
            name: chart.name.clone(),
            title: chart.title.clone().unwrap_or_else(|| self.experiment.title().to_owned()),
            kind: chart.kind.word(),
            note: self.note.map(str::to_owned),
            is_by_point,
            figures: Vec::new(),
            figure_of: Vec::new(),
            map: None,
        };
        if !is_by_point {
            match self.plot(chart, self.tables)? {
                Plot::HeatMap(map) => {
                    data.map = Some(MapData::new(&map));
                    data.figures.push(FigureData::of_remarks(map.remarks));
                }
                plot => data.figures.push(figure(plot, most)),
            }
            return Ok(data);
        }
        let mut at = Vec::new();
        for point in 0..points {
            at.push(figure(self.plot(chart, &at_point(self.tables, point))?, most));
        }
        FigureData::share_axes(&mut at);
        for figure in at {
            let place = data.figures.iter().position(|other| *other == figure);
            data.figure_of.push(place.unwrap_or(data.figures.len()));
            if place.is_none() {
                data.figures.push(figure);
            }
        }
        Ok(data)
    }

    /// What a chart shows of a part of the tables.
    fn plot(&self, chart: &Chart, part: &Tables) -> Result<Plot, ReportError> {
        let failed = |source| ReportError::Chart { name: chart.name.clone(), source };
        chart::plot_of_part(chart, (part, self.tables), &self.context()).map_err(failed)
    }
}

fn figure(plot: Plot, most: usize) -> FigureData {
    match plot {
        Plot::Curves(mut figure) => {
            figure.merge_curves();
            FigureData::of_curves(&figure, most)
        }
        Plot::Bars(figure) => FigureData::of_bars(&figure),
        Plot::HeatMap(map) => FigureData::of_remarks(map.remarks),
    }
}

/// Whether a chart shows one point, not the way along a swept key.
fn is_at_a_point(chart: &Chart) -> bool {
    match chart.kind {
        _ if chart.view.panels.is_some() => false,
        ChartKind::Cdf | ChartKind::Timeline => true,
        ChartKind::Bar | ChartKind::Line => chart.x.as_deref() == Some("transport"),
        ChartKind::Tradeoff | ChartKind::Heatmap => false,
    }
}

/// The rows of a point.
fn at_point(tables: &Tables, point: usize) -> Tables {
    let of = |table: &CsvTable| {
        let Some(column) = table.column("point") else { return table.clone() };
        let number = point.to_string();
        let rows = table.rows.iter().filter(|row| row.get(column) == Some(&number));
        CsvTable { header: table.header.clone(), rows: rows.cloned().collect() }
    };
    Tables {
        summary: of(&tables.summary),
        populations: of(&tables.populations),
        latency_cdf: of(&tables.latency_cdf),
        timeline: of(&tables.timeline),
    }
}
