//! Values by the kind of their key: each is read once, when it is checked.

pub(super) mod meant;

use super::diagnostics::Problem;
use super::keys::{Parts, Quantity, ValueKind};
use super::node::{Node, Span, Value};
use super::typed::Typed;
use super::{precision, suggest, write};
use crate::terminal::is_hidden;
use crate::units::{Probability, Time, UnitError};

/// Most characters of a title.
const TITLE: usize = 500;
/// Most characters of the path of a file.
const PATH: usize = 4096;
/// Most characters of one of several texts.
const ONE_OF_TEXTS: usize = 1000;

impl ValueKind {
    /// The typed value of this kind, or its error as the value of the key `path`.
    pub(super) fn parse(self, path: &str, node: &Node) -> Result<Typed, Problem> {
        let field = Field { path, kind: self, node };
        match self {
            _ if self.allows_table() && node.is_table() => Ok(Typed::AsWritten),
            ValueKind::Text(_) | ValueKind::Title | ValueKind::File(_) => field.text(node).map(|_| Typed::AsWritten),
            ValueKind::Texts => field.texts().map(|_| Typed::AsWritten),
            ValueKind::Words(words) => field.list_of_words(words),
            ValueKind::Numbers(most) => field.numbers(most),
            ValueKind::Parts(parts) => field.parts(parts),
            ValueKind::Choice(words) | ValueKind::ChoiceOrTable(words) => field.choice(words),
            ValueKind::TableOr(word) => field.choice(&[word]),
            ValueKind::Flag => match node.value {
                Value::Flag(flag) => Ok(Typed::Flag(flag)),
                _ => Err(field.wrong_kind()),
            },
            ValueKind::Count(low, high) => field.count(low, high),
            ValueKind::Positive | ValueKind::NotNegative => field.number().map(Typed::Number),
            ValueKind::Probability => field.probability().map(Typed::Probability),
            ValueKind::Share => field.share(),
            _ => match self.quantity() {
                Some(quantity) => field.quantity(quantity),
                None => Err(field.wrong_kind()),
            },
        }
    }
}

/// One text, or a list of them, as the value of the key `path`.
pub(super) fn texts<'a>(path: &str, node: &'a Node) -> Result<Vec<(&'a str, &'a Node)>, Problem> {
    Field { path, kind: ValueKind::Texts, node }.texts()
}

/// A value of a key of the file while it is read.
#[derive(Clone, Copy)]
struct Field<'a, 'p> {
    path: &'p str,
    kind: ValueKind,
    node: &'a Node,
}

impl<'a> Field<'a, '_> {
    fn problem(self, message: String, label: &str) -> Problem {
        Problem::new(message).at(self.node.span, label)
    }

    fn with_allowed(self, problem: Problem) -> Problem {
        problem.help(format!("allowed: {}", self.kind.allowed()))
    }

    fn refused(self, message: String, label: &str) -> Problem {
        self.with_allowed(self.problem(message, label))
    }

    fn wrong_kind(self) -> Problem {
        let Field { path, kind, node } = self;
        let problem = self.problem(format!("`{path}` cannot be {}", node.kind()), "wrong kind of value");
        self.with_allowed(problem.help_if(meant::of_wrong_kind(path, kind, node)))
    }

    /// A text: the value, or one of a list.
    fn text(self, node: &'a Node) -> Result<&'a str, Problem> {
        let Field { path, kind, .. } = self;
        match node.as_text() {
            Some("") if kind == ValueKind::Title => Ok(""),
            Some("") => Err(Problem::new(format!("`{path}` is empty"))
                .at(node.span, "nothing here")
                .help(format!("allowed: {}, at least one character long", kind.allowed()))),
            Some(text) => check_text(path, kind, text, node.span).map(|()| text),
            None => Err(Field { node, ..self }.wrong_kind()),
        }
    }

    fn texts(self) -> Result<Vec<(&'a str, &'a Node)>, Problem> {
        match &self.node.value {
            Value::List(items) if items.is_empty() => {
                let problem = self.problem(format!("`{}` is an empty list", self.path), "nothing here");
                Err(problem.help("name at least one, or leave the key out for the default"))
            }
            Value::List(items) => items.iter().map(|item| Ok((self.text(item)?, item))).collect(),
            _ => Ok(vec![(self.text(self.node)?, self.node)]),
        }
    }

    /// What belongs to other keys is checked with them.
    fn parts(self, parts: Parts) -> Result<Typed, Problem> {
        match (parts, &self.node.value) {
            (Parts::Goals, _) => precision::goals(self.path, self.node).map(|_| Typed::AsWritten),
            (Parts::SweptValues | Parts::Labels, Value::Table(_))
            | (Parts::Range | Parts::Equal | Parts::Ends | Parts::Lines, Value::List(_)) => Ok(Typed::AsWritten),
            _ => Err(self.wrong_kind()),
        }
    }

    fn numbers(self, most: usize) -> Result<Typed, Problem> {
        let path = self.path;
        let Value::List(items) = &self.node.value else { return Err(self.wrong_kind()) };
        if items.is_empty() || items.len() > most {
            let label = if items.is_empty() { "nothing here" } else { "too many" };
            return Err(self.refused(format!("`{path}` has {} numbers", items.len()), label));
        }
        let number = |node| Field { path, kind: ValueKind::NotNegative, node }.number();
        let numbers = items.iter().map(number).collect::<Result<Vec<f64>, Problem>>()?;
        match numbers.iter().sum::<f64>() {
            0.0 => Err(self.refused(format!("all numbers of `{path}` are 0"), "nothing would happen")),
            sum if sum.is_finite() => Ok(Typed::Numbers(numbers.into())),
            _ => Err(self.refused(format!("the numbers of `{path}` are too large to add up"), "too large")),
        }
    }

    fn choice(self, words: &[&str]) -> Result<Typed, Problem> {
        let Field { path, kind, node } = self;
        let problem = match node.as_text() {
            Some(word) if words.contains(&word) => return Ok(Typed::AsWritten),
            Some(word) => {
                let problem = self.problem(format!("`{path}` cannot be \"{word}\""), "not known");
                match suggest::value(path, word).filter(|meant| words.contains(meant)) {
                    Some(meant) => problem.help(format!("did you mean `{meant}`?")),
                    None => problem.near(word, words.iter().copied()),
                }
            }
            None if matches!(kind, ValueKind::TableOr(_)) => return Err(self.wrong_kind()),
            None => self.problem(format!("`{path}` cannot be {}", node.kind()), "wrong kind of value"),
        };
        Err(self.with_allowed(problem))
    }

    fn list_of_words(self, words: &'static [&'static str]) -> Result<Typed, Problem> {
        let Value::List(items) = &self.node.value else { return Err(self.wrong_kind()) };
        for node in items {
            Field { node, kind: ValueKind::Choice(words), ..self }.choice(words)?;
        }
        Ok(Typed::AsWritten)
    }

    fn count(self, low: u64, high: u64) -> Result<Typed, Problem> {
        let Value::Integer(digits) = &self.node.value else { return Err(self.wrong_kind()) };
        match digits.parse() {
            Ok(count) if (low..=high).contains(&count) => Ok(Typed::Count(count)),
            _ => Err(self.refused(format!("`{}` cannot be {digits}", self.path), "out of range")),
        }
    }

    fn number(self) -> Result<f64, Problem> {
        let (Value::Integer(digits) | Value::Float(digits)) = &self.node.value else { return Err(self.wrong_kind()) };
        match digits.replace('_', "").parse::<f64>() {
            Ok(0.0) if self.kind == ValueKind::NotNegative => Ok(0.0),
            Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
            _ => Err(self.refused(format!("`{}` cannot be {digits}", self.path), "out of range")),
        }
    }

    /// A probability, as a ratio, a percentage or a decimal.
    fn probability(self) -> Result<Probability, Problem> {
        let (Value::Text(text) | Value::Integer(text) | Value::Float(text)) = &self.node.value else {
            return Err(self.wrong_kind());
        };
        let parsed = text.replace('_', "").parse();
        parsed.map_err(|error| self.refused(format!("`{}`: {error}", self.path), "not a probability"))
    }

    /// A share, as a probability or zero.
    fn share(self) -> Result<Typed, Problem> {
        if let Value::Text(text) | Value::Integer(text) | Value::Float(text) = &self.node.value
            && text.trim().trim_end_matches('%').trim().parse::<f64>().is_ok_and(|number| number == 0.0)
        {
            return Ok(Typed::Share(0.0));
        }
        let message = || format!("`{}` cannot be {}", self.path, write::inline(self.node));
        let share = self.probability().map_err(|_| self.refused(message(), "not a share"))?;
        Ok(Typed::Share(share.as_f64()))
    }

    fn quantity(self, quantity: &Quantity) -> Result<Typed, Problem> {
        let Field { path, kind, node } = self;
        let text = match &node.value {
            Value::Text(text) => text,
            Value::Integer(digits) | Value::Float(digits) => {
                let problem = self.problem(format!("`{path}` needs a unit"), "a bare number");
                return Err(self.with_allowed(problem.help(meant::with_unit(path, digits, quantity))));
            }
            _ => return Err(self.wrong_kind()),
        };
        match (kind, (quantity.parse)(text)) {
            (ValueKind::Span, Ok(Typed::Time(Time::ZERO))) => {
                Err(self.refused(format!("`{path}` must be above zero"), "takes no time"))
            }
            (ValueKind::TimeOr(word), Err(_)) if text == word => Ok(Typed::AsWritten),
            (ValueKind::TimeOr(word), Err(UnitError::NotANumber { .. })) => {
                let label = "neither a time nor the word";
                Err(self.with_allowed(self.problem(format!("`{path}` cannot be \"{text}\""), label).near(text, [word])))
            }
            (_, parsed) => parsed.map_err(|error| self.unit_problem(text, quantity, &error)),
        }
    }

    fn unit_problem(self, text: &str, quantity: &Quantity, error: &UnitError) -> Problem {
        let problem = Problem::new(format!("`{}`: {error}", self.path));
        let at = |problem: Problem, label: &str| problem.at(self.node.span, label);
        self.with_allowed(match error {
            UnitError::MissingUnit { text } => {
                at(problem, "no unit").help(meant::with_unit(self.path, text.trim(), quantity))
            }
            UnitError::UnknownUnit { unit, .. } => {
                return meant::of_unknown_unit(at(problem, "unknown unit"), text, unit, quantity);
            }
            UnitError::OutOfRange { .. } => at(problem, "too large").help(quantity.most),
            UnitError::Rounded { .. } => at(problem, "too fine"),
            _ => at(problem, "not allowed"),
        })
    }
}

/// The error in the characters of the value of the key `path`, or in their number: terminals, tables, charts and file
/// names show it.
pub(super) fn check_text(path: &str, kind: ValueKind, text: &str, span: Span) -> Result<(), Problem> {
    let most = match kind {
        ValueKind::Title => TITLE,
        ValueKind::File(_) => PATH,
        ValueKind::Text(most) => most,
        _ => ONE_OF_TEXTS,
    };
    // A character has at most four bytes.
    if text.len() > most && (text.len() > 4 * most || text.chars().count() > most) {
        let count = text.chars().count();
        let problem =
            Problem::new(format!("`{path}` has {count} characters; {most} are the most")).at(span, "too long");
        let is_path = matches!(kind, ValueKind::File(_));
        return Err(problem.help(if is_path { "shorten this path" } else { "shorten this text" }));
    }
    let Some(character) = text.chars().find(|character| is_hidden(*character)) else { return Ok(()) };
    Err(Problem::new(format!("`{path}` has the character U+{:04X}, which shows nothing", u32::from(character)))
        .at(span, "not a text to show")
        .help("leave it out: names and titles stand on terminals, in tables and in charts"))
}

/// The value as a cell of a results table: a number in base units, or the text.
pub(super) fn cell(node: &Node) -> String {
    let number = node.typed.as_ref().and_then(Typed::in_unit_of_column);
    number.map_or_else(|| plain(node), |number| number.to_string())
}

/// The value as text: a string without its quotes, anything else as TOML.
pub(super) fn plain(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        _ => write::inline(node),
    }
}
