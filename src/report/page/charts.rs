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
    /// For each point its place along the horizontal axis of a chart along the sweep.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    place_of: Vec<Option<f64>>,
    /// For each point its marks in a chart of one metric against another, or its fields of a heat map.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks_of: Vec<Vec<(usize, f64, f64)>>,
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
        let has_points = points > 1 && points <= MOST_POINTS;
        let is_by_point = has_points && is_at_a_point(chart);
        let whole = || self.figure(chart, self.tables, most);
        let mut data = ChartData {
            name: chart.name.clone(),
            title: chart.title.clone().unwrap_or_else(|| self.experiment.title().to_owned()),
            kind: chart.kind.word(),
            note: self.note.map(str::to_owned),
            is_by_point,
            figures: Vec::new(),
            figure_of: Vec::new(),
            place_of: Vec::new(),
            marks_of: Vec::new(),
            map: None,
        };
        if chart.kind == ChartKind::Heatmap {
            return self.map(chart, data, has_points);
        }
        if !has_points {
            data.figures = vec![whole()?];
            return Ok(data);
        }
        let mut at = Vec::new();
        for point in 0..points {
            at.push(self.figure(chart, &at_point(self.tables, point), most)?);
        }
        if is_by_point {
            FigureData::share_axes(&mut at);
            for figure in at {
                let place = data.figures.iter().position(|other| *other == figure);
                data.figure_of.push(place.unwrap_or(data.figures.len()));
                if place.is_none() {
                    data.figures.push(figure);
                }
            }
            return Ok(data);
        }
        data.figures = vec![whole()?];
        match chart.kind {
            // The points are in different plots.
            _ if chart.view.panels.is_some() => {}
            ChartKind::Tradeoff => data.marks_of = at.iter().map(|at| data.figures[0].points_of(at)).collect(),
            _ => data.place_of = data.figures[0].places(&at),
        }
        Ok(data)
    }

    /// A heat map.
    fn map(&self, chart: &Chart, mut data: ChartData, has_points: bool) -> Result<ChartData, ReportError> {
        let Plot::HeatMap(whole) = self.plot(chart, self.tables)? else { return Ok(data) };
        let map = MapData::new(&whole);
        for point in 0..if has_points { self.experiment.points() } else { 0 } {
            if let Plot::HeatMap(at) = self.plot(chart, &at_point(self.tables, point))? {
                data.marks_of.push(map.fields_of(&MapData::new(&at)));
            }
        }
        Ok(ChartData { figures: vec![FigureData::of_remarks(whole.remarks)], map: Some(map), ..data })
    }

    fn plot(&self, chart: &Chart, tables: &Tables) -> Result<Plot, ReportError> {
        let failed = |source| ReportError::Chart { name: chart.name.clone(), source };
        chart::plot(chart, tables, &self.context()).map_err(failed)
    }

    fn figure(&self, chart: &Chart, tables: &Tables, most: usize) -> Result<FigureData, ReportError> {
        Ok(match self.plot(chart, tables)? {
            Plot::Curves(mut figure) => {
                figure.merge_curves();
                FigureData::of_curves(&figure, most)
            }
            Plot::Bars(figure) => FigureData::of_bars(&figure),
            Plot::HeatMap(_) => FigureData::default(),
        })
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
