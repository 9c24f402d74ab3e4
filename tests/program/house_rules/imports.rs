//! Which file uses which: an arrow goes from a file to the file that declares the item that it names.
//!
//! Paths are followed through modules, imports and re-exports to the declaration. A module that declares its parts and
//! re-exports their items therefore points to none of them, unless it uses the items itself. Methods are not seen: only
//! what a `use` line or a path names.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{File, Token};

/// From the index of a file to those of the files that it uses.
pub type Arrows = BTreeMap<usize, BTreeSet<usize>>;

/// An import: the name in this file, and the path; a glob has no name.
struct Import {
    name: Option<String>,
    path: Vec<String>,
    is_public: bool,
}

/// What a file declares and what it names.
struct Names {
    module: Vec<String>,
    declared: BTreeSet<String>,
    imports: Vec<Import>,
    /// Paths of two words or more outside of imports.
    paths: BTreeSet<Vec<String>>,
    /// All words outside of imports.
    words: BTreeSet<String>,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    Module(usize),
    /// An item of a file.
    Item(usize),
}

/// Longer chains of re-exports are no more followed.
const LONGEST_CHAIN: usize = 16;

/// The arrows of some files; those of unit tests too, or of none.
pub fn arrows(files: &[File], has_tests: bool) -> Arrows {
    let is_test = |file: &File| {
        let declares = |parent: &&File| parent.test_modules.iter().any(|name| is_below(file, parent, name));
        !has_tests && files.iter().any(|parent| declares(&parent))
    };
    let names = files.iter().enumerate().filter(|(_, file)| !is_test(file));
    let names: BTreeMap<usize, Names> = names
        .map(|(index, file)| (index, Names::of(file, if has_tests { &file.tokens } else { &file.code })))
        .collect();
    let modules = names.iter().map(|(file, names)| (names.module.clone(), *file)).collect();
    let graph = Graph { names, modules };
    graph.names.keys().map(|file| (*file, graph.used_by(*file))).collect()
}

/// Whether a file is the module `name` of another, or below it.
fn is_below(file: &File, parent: &File, name: &str) -> bool {
    let rest = file.module();
    rest.strip_prefix(parent.module().as_slice()).is_some_and(|rest| rest.first().is_some_and(|first| first == name))
}

/// The crates that a file names, and what else its paths begin with.
pub fn first_words(file: &File) -> BTreeSet<String> {
    let names = Names::of(file, &file.tokens);
    let paths = names.paths.into_iter().chain(names.imports.into_iter().map(|import| import.path));
    paths.filter_map(|path| path.into_iter().next()).collect()
}

/// The groups of files that use each other, directly or through others.
pub fn cycles(arrows: &Arrows) -> Vec<Vec<usize>> {
    let reach = |from: usize| {
        let mut reached = BTreeSet::new();
        let mut next = vec![from];
        while let Some(file) = next.pop() {
            next.extend(arrows[&file].iter().copied().filter(|used| reached.insert(*used)));
        }
        reached
    };
    let reached: BTreeMap<usize, BTreeSet<usize>> = arrows.keys().map(|file| (*file, reach(*file))).collect();
    let mut groups: BTreeSet<Vec<usize>> = BTreeSet::new();
    for (file, uses) in &reached {
        let group: Vec<usize> = uses.iter().copied().filter(|used| reached[used].contains(file)).collect();
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

/// The file of an item.
fn file_of(target: Option<&Target>) -> Option<usize> {
    match target {
        Some(Target::Item(file)) => Some(*file),
        _ => None,
    }
}

struct Graph {
    names: BTreeMap<usize, Names>,
    modules: BTreeMap<Vec<String>, usize>,
}

impl Graph {
    fn used_by(&self, file: usize) -> BTreeSet<usize> {
        let names = &self.names[&file];
        let mut used = BTreeSet::new();
        for import in &names.imports {
            match &import.name {
                Some(name) if !import.is_public || names.words.contains(name) => {
                    used.extend(file_of(self.resolve(file, &import.path, 0).as_ref()));
                }
                Some(_) => (),
                None => {
                    let targets = names.words.iter().map(|word| self.through_glob(file, import, word, 0));
                    used.extend(targets.filter_map(|target| file_of(target.as_ref())));
                }
            }
        }
        for path in &names.paths {
            used.extend(file_of(self.resolve(file, path, 0).as_ref()));
        }
        used.remove(&file);
        used
    }

    fn child(&self, module: usize, name: &str) -> Option<usize> {
        let mut path = self.names[&module].module.clone();
        path.push(name.to_owned());
        self.modules.get(&path).copied()
    }

    /// What a path in a file leads to; nothing if it is one of another crate.
    fn resolve(&self, file: usize, path: &[String], chain: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.walk(*self.modules.get(&Vec::new())?, rest, chain),
            "self" => self.walk(file, rest, chain),
            "super" => {
                let module = &self.names[&file].module;
                let parent = *self.modules.get(&module[..module.len().checked_sub(1)?])?;
                match rest.first().is_some_and(|next| next == "super") {
                    true => self.resolve(parent, rest, chain),
                    false => self.walk(parent, rest, chain),
                }
            }
            _ => match self.find(file, first, chain)? {
                Target::Module(module) => self.walk(module, rest, chain),
                item @ Target::Item(_) => Some(item),
            },
        }
    }

    /// A path from a module on.
    fn walk(&self, module: usize, path: &[String], chain: usize) -> Option<Target> {
        let Some((first, rest)) = path.split_first() else { return Some(Target::Module(module)) };
        match self.find(module, first, chain) {
            Some(Target::Module(next)) => self.walk(next, rest, chain),
            Some(item) => Some(item),
            // What a macro declares.
            None => Some(Target::Item(module)),
        }
    }

    /// A name in a module: one of its modules, an item of its file, or what it imports.
    fn find(&self, module: usize, name: &str, chain: usize) -> Option<Target> {
        if chain > LONGEST_CHAIN {
            return None;
        }
        if let Some(child) = self.child(module, name) {
            return Some(Target::Module(child));
        }
        let names = &self.names[&module];
        if names.declared.contains(name) {
            return Some(Target::Item(module));
        }
        let is_it = |import: &&Import| import.name.as_deref() == Some(name) && import.path[0] != name;
        if let Some(import) = names.imports.iter().find(is_it) {
            return self.resolve(module, &import.path, chain + 1);
        }
        names.imports.iter().find_map(|import| self.through_glob(module, import, name, chain))
    }

    fn through_glob(&self, file: usize, import: &Import, name: &str, chain: usize) -> Option<Target> {
        if import.name.is_some() {
            return None;
        }
        match self.resolve(file, &import.path, chain + 1)? {
            Target::Module(module) if module != file => self.find(module, name, chain + 1),
            _ => None,
        }
    }
}

impl Names {
    fn of(file: &File, tokens: &[Token]) -> Names {
        let mut names = Names {
            module: file.module(),
            declared: declared(tokens),
            imports: Vec::new(),
            paths: BTreeSet::new(),
            words: BTreeSet::new(),
        };
        let mut rest = tokens;
        let mut before: Option<&Token> = None;
        let mut depth = 0usize;
        // The depths at which the inline modules around began.
        let mut inline: Vec<usize> = Vec::new();
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            let first_import = names.imports.len();
            match token {
                Token::Word(word) if word == "mod" && matches!(after, [_, Token::Mark('{'), ..]) => inline.push(depth),
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => {
                    depth -= 1;
                    inline.pop_if(|began| *began == depth);
                }
                // `use<'a>` captures a lifetime.
                Token::Word(word) if word == "use" && after.first() != Some(&Token::Mark('<')) => {
                    let end = rest.iter().position(|token| *token == Token::Mark(';')).unwrap_or(rest.len());
                    names.import(&mut &rest[..end], &[]);
                    let is_public = matches!(before, Some(Token::Mark(')')))
                        || before.is_some_and(|token| *token == Token::Word("pub".to_owned()));
                    for import in &mut names.imports[first_import..] {
                        import.is_public = is_public;
                        leave_inline(&mut import.path, inline.len());
                    }
                    rest = &rest[end..];
                }
                // No path begins with a field or a method.
                Token::Word(word) if before != Some(&Token::Mark('.')) => names.path(word, &mut rest, inline.len()),
                _ => (),
            }
            before = Some(token);
        }
        names
    }

    /// Takes a path from the tokens behind its first word.
    fn path(&mut self, first: &str, tokens: &mut &[Token], inline: usize) {
        let mut path = vec![first.to_owned()];
        while let [Token::Mark(':'), Token::Mark(':'), Token::Word(next), rest @ ..] = *tokens {
            path.push(next.clone());
            *tokens = rest;
        }
        self.words.extend(path.iter().cloned());
        leave_inline(&mut path, inline);
        if path.len() > 1 {
            self.paths.insert(path);
        }
    }

    /// Takes a tree of imports from the tokens: `a::b`, `a as b`, `a::*`, `a::{b, c::d}`.
    fn import(&mut self, tokens: &mut &[Token], before: &[String]) {
        let mut path = before.to_vec();
        loop {
            match *tokens {
                [Token::Mark('{'), rest @ ..] => {
                    *tokens = rest;
                    while !matches!(tokens, [] | [Token::Mark('}'), ..]) {
                        self.import(tokens, &path);
                        if let [Token::Mark(','), rest @ ..] = *tokens {
                            *tokens = rest;
                        }
                    }
                    *tokens = tokens.split_first().map_or(&[], |(_, rest)| rest);
                    return;
                }
                [Token::Mark('*'), rest @ ..] => {
                    *tokens = rest;
                    self.imports.push(Import { name: None, path, is_public: false });
                    return;
                }
                [Token::Word(word), Token::Mark(':'), Token::Mark(':'), rest @ ..] => {
                    path.push(word.clone());
                    *tokens = rest;
                }
                [Token::Word(word), rest @ ..] => {
                    if word != "self" || path.is_empty() {
                        path.push(word.clone());
                    }
                    let mut name = path.last().cloned();
                    *tokens = rest;
                    if let [Token::Word(keyword), Token::Word(alias), rest @ ..] = *tokens
                        && keyword == "as"
                    {
                        name = Some(alias.clone());
                        *tokens = rest;
                    }
                    self.imports.push(Import { name, path, is_public: false });
                    return;
                }
                [Token::Mark(_) | Token::Literal, rest @ ..] => *tokens = rest,
                [] => return,
            }
        }
    }
}

/// Turns a path in inline modules, so many deep, into one in their file.
fn leave_inline(path: &mut Vec<String>, deep: usize) {
    let supers = path.iter().take_while(|word| *word == "super").count();
    path.drain(..supers.min(deep));
    if 0 < supers && supers <= deep {
        path.insert(0, "self".to_owned());
    }
}

/// The items that a file declares, except for what its macros declare; its inline modules are a part of it.
fn declared(tokens: &[Token]) -> BTreeSet<String> {
    const KEYWORDS: [&str; 9] = ["struct", "enum", "union", "trait", "type", "fn", "const", "static", "mod"];
    let mut declared = BTreeSet::new();
    let mut depth = 0usize;
    for (place, token) in tokens.iter().enumerate() {
        match (token, &tokens[place + 1..]) {
            (Token::Mark('{' | '(' | '['), _) => depth += 1,
            (Token::Mark('}' | ')' | ']'), _) => depth = depth.saturating_sub(1),
            (Token::Word(keyword), [Token::Mark('!'), Token::Word(name), ..]) if keyword == "macro_rules" => {
                declared.insert(name.clone());
            }
            // Only an inline module has a body.
            (Token::Word(keyword), [Token::Word(_), Token::Mark(';'), ..]) if keyword == "mod" => (),
            (Token::Word(keyword), [Token::Word(name), ..]) if depth == 0 && KEYWORDS.contains(&keyword.as_str()) => {
                declared.insert(name.clone());
            }
            _ => (),
        }
    }
    declared
}
