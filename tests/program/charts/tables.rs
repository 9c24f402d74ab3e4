//! Made-up result tables with the shapes that polling and long polling have.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cometsim::report::CsvTable;
use cometsim::report::chart::Tables;

/// The three tables of a run.
#[derive(Clone)]
pub struct Data {
    pub summary: CsvTable,
    pub latency_cdf: CsvTable,
    pub timeline: CsvTable,
}

impl Data {
    pub fn tables(&self) -> Tables {
        let Data { summary, latency_cdf, timeline } = self.clone();
        Tables { summary, latency_cdf, timeline, ..Tables::default() }
    }
}

impl Data {
    /// The same run where this share of the messages arrived, by point and transport; of none there are no latencies.
    pub fn arrived(mut self, share: impl Fn(usize, usize) -> f64) -> Data {
        let shares = add_shares(&mut self.summary, share);
        self.latency_cdf.rows.retain(|row| shares.get(&(row[0].clone(), row[1].clone())) != Some(&0.0));
        self
    }
}

impl Data {
    /// The same run where this share of the messages arrived, and all others wait.
    pub fn waiting(self, share: f64) -> Data {
        let mut data = self.arrived(|_, _| share);
        let rest = 1.0 - share;
        let columns =
            [("pending_fraction", rest), ("messages_pending_start", 0.0), ("messages_pending_end", rest * 1000.0)];
        data.summary.header.extend(columns.map(|(name, _)| name.to_owned()));
        for row in &mut data.summary.rows {
            row.extend(columns.map(|(_, value)| value.to_string()));
        }
        data
    }
}

impl Data {
    /// The same run with half-widths of a tenth of the mean of each time bin.
    pub fn with_bin_intervals(mut self) -> Data {
        let columns = 3..self.timeline.header.len();
        for column in columns {
            let name = format!("{}_ci95", self.timeline.header[column]);
            self.timeline.header.push(name);
            for row in &mut self.timeline.rows {
                let mean: f64 = row[column].parse().unwrap();
                row.push(if mean > 0.0 { (mean / 10.0).to_string() } else { String::new() });
            }
        }
        self
    }
}

/// Adds the columns that tell what arrived, and empties the cells of latencies of nothing.
fn add_shares(summary: &mut CsvTable, share: impl Fn(usize, usize) -> f64) -> BTreeMap<(String, String), f64> {
    let latencies: Vec<usize> =
        (0..summary.header.len()).filter(|&c| summary.header[c].starts_with("latency_")).collect();
    summary.header.extend(["messages_created".to_owned(), "arrived_fraction".to_owned()]);
    let mut transports: Vec<String> = Vec::new();
    let mut shares = BTreeMap::new();
    for row in &mut summary.rows {
        let (point, name) = (row[0].clone(), row[1].clone());
        if !transports.contains(&name) {
            transports.push(name.clone());
        }
        let place = transports.iter().position(|known| *known == name).unwrap();
        let share = share(point.parse().unwrap(), place);
        if share == 0.0 {
            for &cell in &latencies {
                row[cell].clear();
            }
        }
        row.extend(["1000".to_owned(), share.to_string()]);
        shares.insert((point, name), share);
    }
    shares
}

/// A sweep: keys with their values as in the CSV, all combinations, the last key fastest.
pub type Sweep<'a> = &'a [(&'a str, Vec<String>)];

pub fn values(numbers: &[f64]) -> Vec<String> {
    numbers.iter().map(f64::to_string).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn points(sweep: Sweep) -> Vec<Vec<String>> {
    sweep.iter().fold(vec![Vec::new()], |points, (_, values)| {
        points
            .iter()
            .flat_map(|point| values.iter().map(move |value| [point.clone(), vec![value.clone()]].concat()))
            .collect()
    })
}

/// Numbers that look like noise and are always the same.
fn noise(seed: usize) -> f64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)) % 1000) as f64 / 1000.0 - 0.5
}

pub fn data(transports: &[&str], sweep: Sweep) -> Data {
    let header: String = sweep.iter().fold(String::new(), |header, (key, _)| header + &quoted(key) + ",");
    let metrics = ["http_mbit_per_s", "latency_mean_s", "latency_p95_s", "held_requests_mean", "messages_lost"];
    let columns: Vec<String> = metrics.iter().map(|metric| format!("{metric},{metric}_ci95,{metric}_theory")).collect();
    let mut summary = format!("point,transport,{header}replications,{}\n", columns.join(","));
    let mut cdf = "point,transport,latency_s,fraction\n".to_owned();
    let mut timeline =
        "point,transport,time_s,requests_per_s,http_mbit_per_s,held_requests,messages_delivered_per_s\n".to_owned();
    for (number, point) in points(sweep).iter().enumerate() {
        let scale: f64 = point.iter().map(|value| value.parse().unwrap_or(3.0)).product::<f64>().max(1e-9);
        for (place, name) in transports.iter().enumerate() {
            let cells: String = point.iter().fold(String::new(), |cells, value| cells + value + ",");
            let numbers: Vec<String> = means(scale, place)
                .iter()
                .enumerate()
                .map(|(metric, mean)| cell(*mean, number * 40 + place * 7 + metric))
                .collect();
            writeln!(summary, "{number},{},{cells}20,{},0,0,", quoted(name), numbers.join(",")).unwrap();
            // Long sweeps are drawn from the summary only.
            if number < 5 {
                write_cdf(&mut cdf, number, name, place);
                write_timeline(&mut timeline, number, name, place);
            }
        }
    }
    Data { summary: parse(&summary), latency_cdf: parse(&cdf), timeline: parse(&timeline) }
}

fn parse(text: &str) -> CsvTable {
    CsvTable::parse(text).unwrap()
}

fn means(scale: f64, place: usize) -> [f64; 4] {
    let rank = place as f64 + 1.0;
    let traffic = scale * 0.00697 / rank;
    let latency = 0.3 * rank.powf(1.3) * (1.0 + 0.2 * scale.ln().abs());
    [traffic, latency, latency * 2.7, scale * (0.9 - 0.1 * rank)]
}

fn cell(mean: f64, seed: usize) -> String {
    let half = mean.abs() * (0.04 + 0.08 * (noise(seed + 5) + 0.5));
    let theory = if seed % 7 < 4 { String::new() } else { mean.to_string() };
    format!("{},{half},{theory}", mean * (1.0 + 0.06 * noise(seed)))
}

fn write_cdf(cdf: &mut String, point: usize, name: &str, place: usize) {
    let steps = 2000;
    for step in 1..=steps {
        let share = f64::from(step) / f64::from(steps);
        let latency = (place as f64 + 1.0) * (0.05 + 0.4 * point as f64 * 0.2)
            - (1.0005 - share).ln() * 0.4 * (place as f64 + 0.5);
        writeln!(cdf, "{point},{},{latency},{share}", quoted(name)).unwrap();
    }
}

fn write_timeline(timeline: &mut String, point: usize, name: &str, place: usize) {
    for bin in 0..600 {
        let rise = (f64::from(bin) / 60.0).min(1.0);
        let rate = 1000.0 / (place as f64 + 1.0) * rise * (1.0 + 0.1 * noise(bin as usize * 13 + place * 5 + point));
        writeln!(timeline, "{point},{},{bin},{rate},{},{},{}", quoted(name), rate * 0.007, rate * 0.5, rate * 0.03)
            .unwrap();
    }
}
