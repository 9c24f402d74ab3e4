//! Rows of CSV.
//!
//! A file may have many millions of rows: they are read one after the other, and only the simulated data are kept. The
//! place of a row is found when an error needs it.

use csv::StringRecord;

use crate::experiment::diagnostics::Problem;
use crate::experiment::node::Span;

/// Most bytes of a line: a longer line is not a row of numbers.
const LONGEST_LINE: usize = 1 << 20;

/// The rows of a CSV text.
#[derive(Clone, Copy)]
pub(super) struct InputRows<'a> {
    pub text: &'a str,
    pub source: usize,
}

/// A row that is being read.
pub(super) struct Row<'a> {
    pub rows: InputRows<'a>,
    record: &'a StringRecord,
    /// The byte at which it begins, or at which the line before it ends.
    start: usize,
}

impl<'a> Row<'a> {
    pub fn fields(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.record.iter()
    }

    /// How many fields there are.
    pub fn width(&self) -> usize {
        self.record.len()
    }

    /// A field that is present and not empty.
    pub fn field(&self, column: usize) -> Option<&'a str> {
        self.record.get(column).filter(|field| !field.is_empty())
    }

    /// What is wrong with a field.
    pub fn bad(&self, column: usize, message: impl Into<String>) -> Problem {
        Problem::new(message).at(self.place(column), "here")
    }

    /// What is wrong with the row.
    pub fn bad_line(&self, message: impl Into<String>) -> Problem {
        let start = self.line_start();
        let span = Span { source: self.rows.source, start, end: start + self.line().len() };
        Problem::new(message).at(span, "here")
    }

    /// The first line of the row.
    pub fn line(&self) -> &'a str {
        self.rows.text[self.line_start()..].lines().next().unwrap_or_default()
    }

    /// The line after [`Row::line`].
    pub fn next_line(&self) -> Option<&'a str> {
        self.rows.text[self.line_start()..].lines().nth(1).filter(|line| !line.trim().is_empty())
    }

    fn line_start(&self) -> usize {
        let text = &self.rows.text[self.start..];
        self.start + text.len() - text.trim_start_matches(['\r', '\n']).len()
    }

    /// The place of a field: the row's line, from the field on if it can be found.
    fn place(&self, column: usize) -> Span {
        let (start, line, source) = (self.line_start(), self.line(), self.rows.source);
        let before: usize = line.split(',').take(column).map(|field| field.len() + 1).sum();
        let field = self.record.get(column).unwrap_or_default();
        let found = line.get(before..).and_then(|rest| rest.find(field)).map(|place| start + before + place);
        match found {
            Some(place) if !field.is_empty() => Span { source, start: place, end: place + field.len() },
            _ => Span { source, start, end: start + line.len() },
        }
    }

    /// A row has no more fields than the first.
    pub fn check_length(&self, most: usize) -> Result<(), Problem> {
        let count = self.record.len();
        if count <= most {
            return Ok(());
        }
        let columns = if most == 1 { "1 column".to_owned() } else { format!("{most} columns") };
        let problem = self.bad(most, format!("a row of {count} fields in a file of {columns}"));
        Err(problem.help_if(self.decimal_comma()).help("remove what is too much, or name its column in the first line"))
    }

    /// What to write if two fields may be one number.
    pub fn decimal_comma(&self) -> Option<String> {
        let is_whole =
            |column: usize| self.field(column).is_some_and(|field| field.bytes().all(|b| b.is_ascii_digit()));
        let column = (1..self.record.len()).find(|column| is_whole(column - 1) && is_whole(*column))?;
        let (whole, fraction) = (self.field(column - 1)?, self.field(column)?);
        Some(format!("if {whole},{fraction} is one number, write it with a point: {whole}.{fraction}"))
    }
}

impl InputRows<'_> {
    pub fn whole(&self) -> Span {
        Span { source: self.source, start: 0, end: self.text.lines().next().map_or(0, str::len) }
    }

    /// Calls `use_row` with one row after the other, until it fails.
    pub fn each(&self, mut use_row: impl FnMut(&Row) -> Result<(), Problem>) -> Result<(), Problem> {
        self.check_lines()?;
        let body = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        let offset = self.text.len() - body.len();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(body.as_bytes());
        let mut record = StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {
                    let start = record.position().map_or(0, |position| position.byte() as usize) + offset;
                    let row = Row { rows: *self, record: &record, start: start.min(self.text.len()) };
                    let end = reader.position().byte() as usize + offset;
                    if record.iter().any(|field| field.contains(['\n', '\r']))
                        && !self.text.get(row.start..end).is_some_and(is_well_quoted)
                    {
                        let problem = row.bad_line("a quote that takes in the lines below");
                        return Err(problem.help("close the quote at the end of its field, or take it away"));
                    }
                    use_row(&row)?;
                }
                Err(error) => {
                    let problem = Problem::new(format!("not CSV: {error}")).at(self.whole(), "here");
                    return Err(problem.help("write one row a line, with commas between the fields"));
                }
            }
        }
    }

    /// A line as large as the file would take many times its memory.
    fn check_lines(&self) -> Result<(), Problem> {
        let mut start = 0;
        for line in self.text.split(['\n', '\r']) {
            if line.len() > LONGEST_LINE {
                let span = Span { source: self.source, start, end: start };
                let message = format!("a line of {} bytes; {LONGEST_LINE} are the most", line.len());
                return Err(Problem::new(message).at(span, "this line").help("write one row a line"));
            }
            start += line.len() + 1;
        }
        Ok(())
    }

    /// The place of row number `number`, the first among them.
    pub fn row(&self, number: usize) -> Option<Span> {
        let (mut place, mut at) = (0, None);
        // It has been read before, so the row is always found.
        let _ = self.each(|row| {
            let is_it = place == number;
            place += 1;
            if is_it {
                let (start, line) = (row.line_start(), row.line());
                at = Some(Span { source: self.source, start, end: start + line.len() });
                return Err(Problem::new("found"));
            }
            Ok(())
        });
        at
    }
}

/// Whether each quote of a record is closed, and at the end of its field (RFC 4180, section 2).
fn is_well_quoted(record: &str) -> bool {
    let (mut is_open, mut is_closed) = (false, false);
    for character in record.chars() {
        match character {
            // Two consecutive quotes are one quote.
            '"' => (is_open, is_closed) = (!is_open, is_open),
            ',' | '\n' | '\r' if !is_open => is_closed = false,
            ' ' | '\t' => {}
            _ if is_closed => return false,
            _ => {}
        }
    }
    !is_open
}
