//! What the rules need to know about a file of Rust: its tokens, its functions and its types.

use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// One file of Rust.
pub struct File {
    /// From the folder of the crate on, with `/`.
    pub path: String,
    /// Without attributes and doc comments.
    pub tokens: Vec<Token>,
    /// The tokens without what is compiled for unit tests alone.
    pub code: Vec<Token>,
    pub functions: Vec<Function>,
    /// The names of all types that it declares; associated types are none of them.
    pub types: Vec<String>,
    /// The files that it declares as modules of unit tests.
    pub test_modules: Vec<String>,
}

/// A token. A group is its opening mark, its tokens and its closing mark.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Word(String),
    Mark(char),
    Literal,
}

/// A function, a method or a closure.
pub struct Function {
    pub name: String,
    /// From `fn` to the closing brace; 0 of a closure, whose lines are those of the function around it.
    pub lines: usize,
    /// Without `self`.
    pub parameters: usize,
    /// Its cyclomatic complexity: 1, and 1 for each `if`, loop, arm, `?`, `&&` and `||`.
    pub complexity: usize,
}

/// The name of closures: no function has it.
const CLOSURE: &str = "a closure";

/// The folder of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the crate whose name ends in `.EXTENSION`, in the order of their paths.
pub fn paths(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path of a file from the folder of the crate on.
pub fn relative(path: &Path) -> String {
    let parts = path.strip_prefix(root()).unwrap().components();
    parts.map(|part| part.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/")
}

/// The texts of the files of some folders, by their paths.
pub fn texts(folders: &[&str], extension: &str) -> Vec<(String, String)> {
    let paths = folders.iter().flat_map(|folder| paths(folder, extension));
    paths.map(|path| (relative(&path), fs::read_to_string(path).unwrap())).collect()
}

/// The files of `src`.
pub fn src() -> &'static [File] {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(|| {
        let read = |path: PathBuf| File::new(&relative(&path), &fs::read_to_string(&path).unwrap());
        paths("src", "rs").into_iter().map(read).collect()
    });
    &FILES
}

impl Function {
    pub fn is_closure(&self) -> bool {
        self.name == CLOSURE
    }
}

impl File {
    pub fn new(path: &str, text: &str) -> File {
        let stream: TokenStream = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut facts = Facts::default();
        facts.visit_file(&syntax);
        File {
            path: path.to_owned(),
            tokens: flatten(stream.clone(), true),
            code: flatten(stream, false),
            functions: facts.functions,
            types: facts.types,
            test_modules: facts.test_modules,
        }
    }

    /// The module, from the crate on: `["model", "world"]`; none for the crate itself.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
    }

    /// The module right below the crate.
    pub fn top(&self) -> String {
        self.module().first().cloned().unwrap_or_default()
    }

    /// Whether tokens, written with spaces between them, stand one after the other somewhere.
    pub fn contains(&self, tokens: &str) -> bool {
        let wanted: Vec<Token> = tokens.split(' ').map(Token::of).collect();
        self.tokens.windows(wanted.len()).any(|window| window == wanted)
    }
}

impl Token {
    fn of(text: &str) -> Token {
        match text.chars().next() {
            Some(mark) if !mark.is_alphanumeric() && mark != '_' => Token::Mark(mark),
            _ => Token::Word(text.to_owned()),
        }
    }
}

/// The tokens one after the other, without attributes, and on wish without what is below `#[cfg(test)]`.
fn flatten(stream: TokenStream, has_tests: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut trees = stream.into_iter().peekable();
    let mut is_skipped = false;
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(mark) if mark.as_char() == '#' && is_attribute(&mut trees) => {
                let attribute = trees.next().map(|tree| tree.to_string().replace(' ', ""));
                is_skipped |= !has_tests && attribute.is_some_and(|attribute| attribute == "[cfg(test)]");
            }
            TokenTree::Group(group) => {
                if !is_skipped {
                    let (open, close) = marks(group.delimiter());
                    tokens.push(Token::Mark(open));
                    tokens.extend(flatten(group.stream(), has_tests));
                    tokens.push(Token::Mark(close));
                }
                is_skipped &= group.delimiter() != Delimiter::Brace;
            }
            TokenTree::Punct(mark) if is_skipped => is_skipped = mark.as_char() != ';',
            _ if is_skipped => (),
            TokenTree::Punct(mark) => tokens.push(Token::Mark(mark.as_char())),
            TokenTree::Ident(word) => tokens.push(Token::Word(word.to_string())),
            TokenTree::Literal(_) => tokens.push(Token::Literal),
        }
    }
    tokens
}

/// Whether `[...]` follows; takes the `!` of an inner attribute.
fn is_attribute(trees: &mut Peekable<IntoIter>) -> bool {
    trees.next_if(|tree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == '!'));
    matches!(trees.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket)
}

fn marks(delimiter: Delimiter) -> (char, char) {
    match delimiter {
        Delimiter::Parenthesis => ('(', ')'),
        Delimiter::Brace => ('{', '}'),
        Delimiter::Bracket => ('[', ']'),
        Delimiter::None => (' ', ' '),
    }
}

#[derive(Default)]
struct Facts {
    functions: Vec<Function>,
    types: Vec<String>,
    test_modules: Vec<String>,
    /// The complexity of the functions around, the innermost last.
    open: Vec<usize>,
}

impl Facts {
    fn function<'ast>(&mut self, signature: &'ast syn::Signature, block: &'ast syn::Block) {
        let has_name = |input: &&syn::FnArg| matches!(input, syn::FnArg::Typed(_));
        let parameters = signature.inputs.iter().filter(has_name).count();
        let lines = block.brace_token.span.close().end().line + 1 - signature.fn_token.span.start().line;
        self.open.push(1);
        visit::visit_block(self, block);
        let complexity = self.open.pop().unwrap();
        self.functions.push(Function { name: signature.ident.to_string(), lines, parameters, complexity });
    }

    fn branch(&mut self, count: usize) {
        if let Some(complexity) = self.open.last_mut() {
            *complexity += count;
        }
    }

    fn types_of_macro(&mut self, tokens: &TokenStream) {
        for pair in flatten(tokens.clone(), true).windows(2) {
            if let [Token::Word(keyword), Token::Word(name)] = pair
                && ["struct", "enum", "union", "trait"].contains(&keyword.as_str())
            {
                self.types.push(name.clone());
            }
        }
    }
}

impl<'ast> Visit<'ast> for Facts {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = |attribute: &syn::Attribute| match &attribute.meta {
            syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
            _ => false,
        };
        if item.content.is_none() && item.attrs.iter().any(is_test) {
            self.test_modules.push(item.ident.to_string());
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.open.push(1);
        visit::visit_expr_closure(self, closure);
        let complexity = self.open.pop().unwrap();
        let parameters = closure.inputs.len();
        self.functions.push(Function { name: CLOSURE.to_owned(), lines: 0, parameters, complexity });
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.types.push(item.ident.to_string());
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.types.push(item.ident.to_string());
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.types.push(item.ident.to_string());
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.types.push(item.ident.to_string());
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.types.push(item.ident.to_string());
        visit::visit_item_trait(self, item);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.types_of_macro(&item.tokens);
    }

    fn visit_expr_if(&mut self, node: &'ast syn::ExprIf) {
        self.branch(1);
        visit::visit_expr_if(self, node);
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.branch(1);
        visit::visit_expr_while(self, node);
    }

    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.branch(1);
        visit::visit_expr_for_loop(self, node);
    }

    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.branch(1);
        visit::visit_expr_loop(self, node);
    }

    fn visit_expr_match(&mut self, node: &'ast syn::ExprMatch) {
        self.branch(node.arms.len());
        visit::visit_expr_match(self, node);
    }

    fn visit_expr_try(&mut self, node: &'ast syn::ExprTry) {
        self.branch(1);
        visit::visit_expr_try(self, node);
    }

    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        if matches!(node.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) {
            self.branch(1);
        }
        visit::visit_expr_binary(self, node);
    }
}
