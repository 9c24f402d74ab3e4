//! A table of results for programs: every value in full, in the units of the tables.

use csv::Writer;
use serde_json::{Map, Value as Json, json};

use super::answers::answers;
use super::sheet::{Sheet, SheetRow};
use super::tabled::Tabled;
use crate::experiment::chart::SweptKey;
use crate::report::cells::{number_or_word, word};
use crate::stats::Estimate;

/// The columns after the swept keys: those of `summary_long.csv`.
const VALUES: [&str; 9] =
    ["transport", "population", "metric", "unit", "estimate", "low95", "high95", "samples", "theory"];

/// A row for each value. A quick run has a last column that says so.
pub(super) fn csv(tabled: &Tabled, sheet: &Sheet) -> Result<String, csv::Error> {
    let experiment = &*tabled.experiment;
    let mut writer = Writer::from_writer(Vec::new());
    let keys = experiment.swept().iter().map(|key| key.column.as_str());
    let quick = |cell: &'static str| if experiment.quick() { Some(cell) } else { None };
    let is_quick = quick("true").map(str::to_owned);
    let header = ["point"].into_iter().chain(keys).chain(VALUES).chain(quick("quick"));
    let header: Vec<String> = header.map(word).collect();
    writer.write_record(header)?;
    for row in sheet.rows() {
        for (place, head) in sheet.heads.iter().enumerate() {
            let mut cells = vec![row.point.to_string()];
            cells.extend(experiment.coordinates(row.point).iter().map(|value| number_or_word(value)));
            cells.push(word(&experiment.transports()[row.transport]));
            cells.push(word(row.population.as_deref().unwrap_or_default()));
            cells.extend([head.metric.name().to_owned(), head.metric.unit().to_owned()]);
            let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
            cells.extend(numbers(row.estimates[place].as_ref()).map(number));
            let samples = tabled.samples.of((row.point, row.transport), row.population.as_deref(), head.metric);
            cells.push(samples.map(|samples| samples.to_string()).unwrap_or_default());
            cells.push(number(row.theory[place]));
            cells.extend(is_quick.clone());
            writer.write_record(cells)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// One document.
pub(super) fn json(tabled: &Tabled, sheet: &Sheet) -> String {
    let experiment = &*tabled.experiment;
    let rows: Vec<Json> = sheet.rows().map(|row| json_row(tabled, sheet, row)).collect();
    let document = json!({
        "format": 1,
        "title": experiment.title(),
        "seed": experiment.seed(),
        "quick": experiment.quick(),
        "rows": rows,
        "answers": answers(tabled),
        "claims": tabled.claims,
    });
    format!("{document:#}\n")
}

fn json_row(tabled: &Tabled, sheet: &Sheet, row: &SheetRow) -> Json {
    let experiment = &*tabled.experiment;
    let value = |key: &SweptKey, text: String| match text.parse::<f64>() {
        Ok(number) if !key.has_words => json!(number),
        _ => json!(text),
    };
    let keys = experiment.swept().iter().zip(experiment.coordinates(row.point));
    let keys: Map<String, Json> = keys.map(|(key, text)| (key.column.clone(), value(key, text))).collect();
    let metric = |(place, head): (usize, &super::head::Head)| {
        let [estimate, low, high] = numbers(row.estimates[place].as_ref());
        let values = json!({
            "unit": head.metric.unit(),
            "estimate": estimate,
            "low95": low,
            "high95": high,
            "samples": tabled.samples.of((row.point, row.transport), row.population.as_deref(), head.metric),
            "theory": row.theory[place],
        });
        (head.metric.name().to_owned(), values)
    };
    let metrics: Map<String, Json> = sheet.heads.iter().enumerate().map(metric).collect();
    json!({
        "point": row.point,
        "keys": keys,
        "transport": experiment.transports()[row.transport],
        "population": row.population,
        "metrics": metrics,
    })
}

/// The value and the ends of its interval.
fn numbers(estimate: Option<&Estimate>) -> [Option<f64>; 3] {
    let interval = estimate.and_then(|estimate| estimate.interval);
    [
        estimate.map(|estimate| estimate.value),
        interval.map(|interval| interval.low),
        interval.map(|interval| interval.high),
    ]
}
