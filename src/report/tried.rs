//! The experiment of a folder, with the points of its tables.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::request::ReportError;
use super::table::CsvTable;
use crate::experiment::Experiment;

/// The experiment with the points of a table with a row per point: of a search the values that were tried, in rising
/// order. The file of a search has only the two ends of its range.
///
/// # Errors
/// If the table has a value that the search cannot have tried.
pub fn with_points_of<'a>(experiment: &'a Experiment, table: &CsvTable) -> Result<Cow<'a, Experiment>, ReportError> {
    let (Some(search), [key]) = (experiment.search(), experiment.swept()) else { return Ok(Cow::Borrowed(experiment)) };
    let Some(column) = table.column(&key.column) else { return Ok(Cow::Borrowed(experiment)) };
    let position = |row: usize| {
        let position = table.number(row, column).and_then(|value| search.position(value));
        position.ok_or_else(|| {
            let (text, column) = (table.text(row, column), &key.column);
            ReportError::Altered(format!("the search cannot have tried the value `{text}` of `{column}` in its table"))
        })
    };
    let tried: BTreeSet<u64> = (0..table.rows.len()).map(position).collect::<Result<_, ReportError>>()?;
    if tried.is_empty() {
        return Ok(Cow::Borrowed(experiment));
    }
    let tried: Vec<u64> = tried.into_iter().collect();
    let experiment = experiment.with_tried(&tried).map_err(|errors| ReportError::Experiment(Box::new(errors)))?;
    Ok(Cow::Owned(experiment))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment(search: &str) -> Experiment {
        let text = format!(
            "[clients]\ncount = 4\n[source]\npoisson.rate = \"1 /s\"\n[network.server_link]\n\
             up = \"10 Mbit/s\"\n[[transport]]\nname = \"a\"\nshort_poll = {{ interval = \"5 s\" }}\n\
             [search]\ntarget = \"requests_per_s <= 20\"\n{search}\n"
        );
        Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap()
    }

    #[test]
    fn values_of_every_unit_are_read_back() {
        for (search, positions) in [
            ("key = \"clients.count\"\nrange = [1, 100000]", [1, 317, 100_000]),
            ("key = \"transport.a.interval\"\nrange = [\"1 ns\", \"100 s\"]", [1, 39_661_000_001, 100_000_000_000]),
            ("key = \"source.payload\"\nrange = [\"1 B\", \"1 MB\"]", [1, 4_097, 1_000_000]),
            ("key = \"source.poisson.rate\"\nrange = [\"0.001 /s\", \"3 /s\"]", [1_000_000, 123_457, 3_000_000_000]),
            ("key = \"network.server_link.up\"\nrange = [\"1 bit/s\", \"1 Gbit/s\"]", [1, 123_456_789, 1_000_000_000]),
        ] {
            let experiment = experiment(search);
            let mut positions = positions.map(|position: u64| position.max(experiment.search().unwrap().range[0]));
            positions.sort_unstable();
            let tried: BTreeSet<u64> = positions.into_iter().collect();
            let tried = experiment.with_tried(&tried.into_iter().collect::<Vec<_>>()).unwrap();
            let column = &tried.swept()[0].column;
            let rows: String =
                (0..tried.points()).rev().map(|point| tried.coordinates(point).concat() + "\n").collect();
            let table = CsvTable::parse(&format!("{column}\n{rows}")).unwrap();
            let found = with_points_of(&experiment, &table).unwrap();
            let values = |of: &Experiment| (0..of.points()).map(|point| of.coordinates(point)).collect::<Vec<_>>();
            assert_eq!(values(&found), values(&tried), "{search}");
            let beyond = CsvTable::parse(&format!("{column}\n1e30\n")).unwrap();
            assert!(matches!(with_points_of(&experiment, &beyond), Err(ReportError::Altered(_))));
        }
    }
}
