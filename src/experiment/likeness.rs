//! How much alike two names are.

/// Names with more bytes are not compared: they are not misspelled keys.
pub(super) const LONGEST_NAME: usize = 64;

/// A name as words in small letters: `shortPoll`, `short-poll` and `Short_Poll` are the same.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folded {
    words: Vec<String>,
}

impl Folded {
    pub fn new(name: &str) -> Folded {
        let mut words = vec![String::new()];
        let mut was_small = false;
        for character in name.chars() {
            if !character.is_alphanumeric() {
                words.push(String::new());
                continue;
            }
            if character.is_uppercase() && was_small {
                words.push(String::new());
            }
            was_small = character.is_lowercase();
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
        words.retain(|word| !word.is_empty());
        for word in &mut words {
            match word.as_str() {
                "sec" | "second" | "seconds" => "s".clone_into(word),
                "avg" | "average" => "mean".clone_into(word),
                "median" => "p50".clone_into(word),
                _ => {}
            }
        }
        Folded { words }
    }

    /// The words without what separates them.
    pub fn joined(&self) -> String {
        self.words.concat()
    }
}

/// The distance of two names, smaller is nearer: the kind of similarity, and the size of the difference.
pub(super) type Distance = (u8, usize);

/// Written in another way, with other capitals, dashes or spaces.
pub(super) const SAME: u8 = 0;
/// Mistyped.
pub(super) const TYPO: u8 = 1;
/// A part of the name, or its words in another order.
pub(super) const PART: u8 = 2;
/// The name and more.
pub(super) const WHOLE: u8 = 3;

fn distance(name: &Folded, candidate: &Folded) -> Option<Distance> {
    if name.joined() == candidate.joined() {
        return Some((SAME, 0));
    }
    if let Some(letters) = typo(name, candidate) {
        return Some((TYPO, letters));
    }
    let is_word_of = |word: &str, names: &Folded| {
        names.words.iter().any(|other| other == word || (word.len() >= 3 && other.starts_with(word)))
    };
    if !name.words.is_empty() && name.words.iter().all(|word| is_word_of(word, candidate)) {
        return Some((PART, candidate.words.len().abs_diff(name.words.len())));
    }
    let is_long = |word: &String| word.len() >= 3;
    if candidate.words.iter().any(is_long) && candidate.words.iter().all(|word| name.words.contains(word)) {
        return Some((WHOLE, name.words.len() - candidate.words.len()));
    }
    None
}

/// The number of letters that differ, if few. With equal numbers of words, few of each word: `price_per_request` is not
/// `cpu_per_request`.
fn typo(name: &Folded, candidate: &Folded) -> Option<usize> {
    let near = |one: &str, other: &str, part: usize| {
        let letters = strsim::damerau_levenshtein(one, other);
        let length = other.chars().count();
        // Two letters are too few to distinguish a typo from another word.
        let is_near = (one == other || length > 2) && letters <= (length / part).max(1);
        if is_near { Some(letters) } else { None }
    };
    if name.words.len() == candidate.words.len() && name.words.len() > 1 {
        return name.words.iter().zip(&candidate.words).map(|(one, other)| near(one, other, 3)).sum();
    }
    near(&name.joined(), &candidate.joined(), if name.words.len() == candidate.words.len() { 3 } else { 4 })
}

/// The names in `known` similar to `name`, the nearest first.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    ranked(name, known).into_iter().map(|(_, candidate)| candidate).collect()
}

/// The names in `known` similar to `name`, with their distances, the nearest first.
pub(super) fn ranked<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<(Distance, &'a str)> {
    if name.len() > LONGEST_NAME {
        return Vec::new();
    }
    let folded = Folded::new(name);
    let near = |candidate: &'a str| Some((distance(&folded, &Folded::new(candidate))?, candidate));
    let mut found: Vec<(Distance, &str)> = known.into_iter().filter_map(near).collect();
    found.sort_by_key(|(distance, _)| *distance);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_capitals_are_the_nearest() {
        assert_eq!(nearest("latency_P95_s", ["latency_p90_s", "latency_p95_s"]).first(), Some(&"latency_p95_s"));
    }

    #[test]
    fn long_names_are_not_compared() {
        assert!(nearest(&"count".repeat(200_000), ["count"]).is_empty());
    }

    #[test]
    fn words_of_a_name_find_it_in_any_order() {
        let known = ["latency_mean_s", "latency_p50_s", "latency_p95_s", "requests_per_s", "age_mean_s"];
        for name in ["p95_latency", "latency_p95", "p95", "latencyP95"] {
            assert_eq!(nearest(name, known).first(), Some(&"latency_p95_s"), "{name}");
        }
        assert_eq!(nearest("latency", known), ["latency_mean_s", "latency_p50_s", "latency_p95_s"]);
        assert_eq!(nearest("requests_per_second", known), ["requests_per_s"]);
        assert!(nearest("price_per_request", ["cpu_per_request"]).is_empty());
        assert!(nearest("", known).is_empty() && nearest("%%", known).is_empty());
    }
}
