//! Tables of any layout, as those who read them want them.
//!
//! Earlier programs named the columns of swept keys by their paths, wrote columns that are empty in every row, and wrote
//! a row for every point. See [`places`](super::places) for rows that hold for several points.

use std::collections::{BTreeMap, BTreeSet};

use super::results::summary_columns;
use super::table::CsvTable;
use crate::experiment::Experiment;

impl CsvTable {
    /// Reads a table of `experiment` in any layout: with the names that the columns of swept keys have now, and rows for
    /// all points.
    ///
    /// # Errors
    /// If the text is no table.
    pub(super) fn whole(experiment: &Experiment, text: &str) -> Result<CsvTable, csv::Error> {
        Ok(CsvTable::parse(text)?.with_key_names(experiment).with_all_points(experiment))
    }

    /// The table with the names that the columns of swept keys have now.
    #[must_use]
    pub(super) fn with_key_names(mut self, experiment: &Experiment) -> CsvTable {
        for key in experiment.swept() {
            if let (Some(column), None) = (self.column(&key.path), self.column(&key.column)) {
                self.header[column].clone_from(&key.column);
            }
        }
        self
    }

    /// The table with the columns of all metrics: what a summary leaves out is empty.
    #[must_use]
    pub(super) fn with_all_metrics(self) -> CsvTable {
        if self.header.is_empty() {
            return self;
        }
        let known: BTreeSet<&String> = self.header.iter().collect();
        let missing: Vec<String> = summary_columns().filter(|column| !known.contains(column)).collect();
        self.with_empty(missing)
    }

    /// The table with more columns, which are empty.
    #[must_use]
    pub(super) fn with_empty(mut self, columns: Vec<String>) -> CsvTable {
        self.rows.iter_mut().for_each(|row| row.resize(row.len() + columns.len(), String::new()));
        self.header.extend(columns);
        self
    }

    /// The table with rows of their own for all points and transports: rows that hold for several points are repeated
    /// for each of them, with its number and its values of the swept keys.
    #[must_use]
    pub fn with_all_points(self, experiment: &Experiment) -> CsvTable {
        let keys: Option<Vec<usize>> = experiment.swept().iter().map(|key| self.column(&key.column)).collect();
        let columns = (self.column("point"), self.column("transport"), keys);
        let (Some(point), Some(transport), Some(keys)) = columns else { return self };
        let found = PointRows { table: &self, point, transport, keys };
        // A table without such rows stays as it is.
        let Some(shared) = found.shared() else { return self };
        let rows = found.repeated(experiment, &shared);
        CsvTable { rows, header: self.header }
    }
}

/// For a set of keys, by their places: the rows that have values of these alone, by the values.
type ByValues<'a> = BTreeMap<Vec<usize>, BTreeMap<Vec<&'a str>, Vec<usize>>>;

/// A table with the places of its columns.
struct PointRows<'a> {
    table: &'a CsvTable,
    point: usize,
    transport: usize,
    keys: Vec<usize>,
}

impl<'a> PointRows<'a> {
    /// For each transport the rows in which the value of a key is missing; `None` if there are no such rows.
    fn shared(&self) -> Option<BTreeMap<&'a str, ByValues<'a>>> {
        let mut shared: BTreeMap<&str, ByValues> = BTreeMap::new();
        for row in 0..self.table.rows.len() {
            let text = |key: usize| self.table.text(row, self.keys[key]);
            let filled: Vec<usize> = (0..self.keys.len()).filter(|key| !text(*key).is_empty()).collect();
            if filled.len() < self.keys.len() {
                let values = filled.iter().map(|key| text(*key)).collect();
                let of_transport = shared.entry(self.table.text(row, self.transport)).or_default();
                of_transport.entry(filled).or_default().entry(values).or_default().push(row);
            }
        }
        if shared.is_empty() { None } else { Some(shared) }
    }

    /// The rows in the order of their points and transports. Rows of no known point or transport come last.
    fn repeated(&self, experiment: &Experiment, shared: &BTreeMap<&str, ByValues>) -> Vec<Vec<String>> {
        let table = self.table;
        let mut own: BTreeMap<(Option<usize>, &str), Vec<usize>> = BTreeMap::new();
        for row in 0..table.rows.len() {
            let point = table.text(row, self.point).parse().ok();
            own.entry((point, table.text(row, self.transport))).or_default().push(row);
        }
        let mut transports: Vec<&str> = experiment.transports().iter().map(String::as_str).collect();
        transports.retain(|name| own.keys().any(|(_, transport)| transport == name));
        let mut rows = Vec::new();
        for point in 0..experiment.points() {
            let (number, values) = (point.to_string(), experiment.coordinates(point));
            for transport in &transports {
                let of_point = own.remove(&(Some(point), *transport));
                let found = of_point.unwrap_or_else(|| rows_with(shared.get(transport), &values));
                rows.extend(found.into_iter().map(|row| self.of_point(row, &number, &values)));
            }
        }
        let mut others: Vec<usize> = own.into_values().flatten().collect();
        others.sort_unstable();
        rows.extend(others.into_iter().map(|row| table.rows[row].clone()));
        rows
    }

    /// A row as the row of a point for which it holds.
    fn of_point(&self, row: usize, number: &str, values: &[String]) -> Vec<String> {
        let mut cells = self.table.rows[row].clone();
        number.clone_into(&mut cells[self.point]);
        for (key, value) in self.keys.iter().zip(values) {
            if cells[*key].is_empty() {
                cells[*key].clone_from(value);
            }
        }
        cells
    }
}

/// The rows that hold for a point with these values.
fn rows_with(shared: Option<&ByValues>, values: &[String]) -> Vec<usize> {
    let find = |(keys, rows): (&Vec<usize>, &BTreeMap<Vec<&str>, Vec<usize>>)| {
        rows.get(&keys.iter().map(|key| values[*key].as_str()).collect::<Vec<_>>()).cloned()
    };
    shared.into_iter().flatten().find_map(find).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::draw::draw;
    use crate::report::results::{SUMMARY, csv_files};
    use crate::runner::{Group, Journal, run};

    const KINDS: &str = "[[chart]]\nname = \"line\"\nkind = \"line\"\ny = [\"latency_mean_s\", \"age_mean_s\"]\n\
        [[chart]]\nname = \"bar\"\nkind = \"bar\"\ny = \"sends_failed\"\n\
        [[chart]]\nname = \"tradeoff\"\nkind = \"tradeoff\"\n[[chart]]\nname = \"cdf\"\nkind = \"cdf\"\n\
        [[chart]]\nname = \"time\"\nkind = \"timeline\"\n";

    /// Two transports, of which a key of the first does not touch the second.
    fn experiment(sweep: &str, more: &str) -> Experiment {
        let text = format!(
            "[experiment]\nreplications = 2\nwarmup = \"10 s\"\nduration = \"20 s\"\n[clients]\ncount = 4\n\
             start_within = \"1 s\"\n[source]\npoisson.rate = \"0.1 /s\"\n[[transport]]\nname = \"short, \\\"=1\\\"\"\n\
             short_poll = {{ interval = \"5 s\" }}\n[[transport]]\nname = \"长轮询\"\nlong_poll = {{}}\n[sweep]\n{sweep}\n\
             {KINDS}{more}"
        );
        Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap()
    }

    /// The groups with one for each point and transport, and as a run gives them: with one for all points of a transport
    /// with equal scenarios.
    fn groups(experiment: &Experiment) -> (Vec<Group>, Vec<Group>) {
        let merged = run(&experiment.plan(), 1, &mut Journal::none(), &|_| ()).unwrap();
        let at = |group: &Group, point: usize| Group { point, points: vec![point], ..group.clone() };
        let of_all = merged.iter().flat_map(|group| group.points.iter().map(|point| at(group, *point)));
        let mut all: Vec<Group> = of_all.collect();
        all.sort_by_key(|group| (group.point, group.transport));
        (all, merged)
    }

    /// The tables of both, and whether all is read alike.
    fn read_alike(experiment: &Experiment) -> CsvTable {
        let (all, merged) = groups(experiment);
        assert!(merged.len() < all.len(), "no scenarios are equal");
        let [all, merged] = [all, merged].map(|groups| csv_files(experiment, &groups).unwrap());
        assert!(draw(experiment, false, &all).unwrap() == draw(experiment, false, &merged).unwrap());
        for ((name, all), (_, merged)) in all.iter().zip(&merged) {
            let [all, merged] = [all, merged].map(|text| CsvTable::parse(text).unwrap());
            assert!(all.clone().with_all_points(experiment) == all, "{name}");
            assert!(merged.with_all_points(experiment) == all, "{name}");
        }
        let summary = merged.iter().find(|(name, _)| *name == SUMMARY).unwrap();
        CsvTable::parse(&summary.1).unwrap()
    }

    fn first(table: &CsvTable, columns: usize) -> Vec<String> {
        table.rows.iter().map(|row| row[..columns].join("|")).collect()
    }

    #[test]
    fn a_transport_that_a_key_does_not_touch_stands_once() {
        let table = read_alike(&experiment("'transport.short, \"=1\".interval' = [\"1 s\", \"2 s\", \"5 s\"]", ""));
        assert_eq!(table.header[..4], ["point", "transport", "interval_s", "replications"]);
        let rows = ["0|short, \"=1\"|1", "0|长轮询|", "1|short, \"=1\"|2", "2|short, \"=1\"|5"];
        assert_eq!(first(&table, 3), rows);
    }

    #[test]
    fn in_a_grid_the_row_has_the_value_of_the_key_that_touches_it() {
        let sweep = "\"clients.count\" = [2, 3]\n'transport.short, \"=1\".interval' = [\"1 s\", \"2 s\"]";
        let heatmap = "[[chart]]\nname = \"heat\"\nkind = \"heatmap\"\nvalue = \"requests_per_s\"\n";
        let table = read_alike(&experiment(sweep, heatmap));
        assert_eq!(table.header[..4], ["point", "transport", "clients_count", "interval_s"]);
        let short = "short, \"=1\"";
        let rows = [("0", short, "2|1"), ("0", "长轮询", "2|"), ("1", short, "2|2")];
        let more = [("2", short, "3|1"), ("2", "长轮询", "3|"), ("3", short, "3|2")];
        let rows = [rows, more].concat().into_iter().map(|(point, name, keys)| format!("{point}|{name}|{keys}"));
        assert_eq!(first(&table, 4), rows.collect::<Vec<_>>());
    }

    #[test]
    fn in_a_zip_the_points_of_a_row_need_not_follow_each_other() {
        let sweep = "mode = \"zip\"\n\"clients.count\" = [2, 3, 2]\n'transport.short, \"=1\".interval' = [\"1 s\", \"2 s\", \"4 s\"]";
        let table = read_alike(&experiment(sweep, ""));
        let long: Vec<String> = first(&table, 4).into_iter().filter(|row| row.contains("长轮询")).collect();
        assert_eq!(long, ["0|长轮询|2|", "1|长轮询|3|2"]);
    }

    #[test]
    fn a_row_that_would_hold_for_another_point_is_written_for_each_of_its_own() {
        // Both transports are the same at points 0 and 3, and no key has one value at both.
        let experiment = experiment("\"clients.count\" = [2, 3]\n\"source.payload\" = [\"1 B\", \"2 B\"]", "");
        let mut groups = run(&experiment.plan(), 1, &mut Journal::none(), &|_| ()).unwrap();
        groups.retain(|group| group.point != 3);
        for group in groups.iter_mut().filter(|group| group.point == 0) {
            group.points = vec![0, 3];
        }
        let files = csv_files(&experiment, &groups).unwrap();
        let table = CsvTable::parse(&files[0].1).unwrap();
        let rows = ["0|2|1", "0|2|1", "1|2|2", "1|2|2", "2|3|1", "2|3|1", "3|3|2", "3|3|2"];
        let keys: Vec<String> = table.rows.iter().map(|row| format!("{}|{}|{}", row[0], row[2], row[3])).collect();
        assert_eq!(keys, rows);
    }

    #[test]
    fn a_key_that_touches_nothing_keeps_its_column() {
        let experiment = experiment("\"clients.tabs_per_browser\" = [1, 2]", "");
        let mut groups = run(&experiment.plan(), 1, &mut Journal::none(), &|_| ()).unwrap();
        groups.truncate(2);
        for group in &mut groups {
            group.points = vec![0, 1];
        }
        let table = CsvTable::parse(&csv_files(&experiment, &groups).unwrap()[0].1).unwrap();
        let keys: Vec<&str> = table.texts(table.column("clients_tabs_per_browser").unwrap()).collect();
        assert_eq!(keys, ["1", "1", "2", "2"]);
    }

    #[test]
    fn tables_of_an_earlier_program_have_the_columns_and_names_of_this_one() {
        let experiment = experiment("'transport.short, \"=1\".interval' = [\"1 s\", \"2 s\"]", "");
        let old = "point,transport,\"transport.short, \"\"=1\"\".interval\",requests_per_s\n0,a,1,7\n";
        let table = CsvTable::parse(old).unwrap().with_key_names(&experiment).with_all_metrics();
        assert_eq!(table.column("interval_s"), Some(2));
        assert_eq!(table.number(0, table.column("requests_per_s").unwrap()), Some(7.0));
        assert_eq!(table.number(0, table.column("latency_p95_s_low95").unwrap()), None);
    }
}
