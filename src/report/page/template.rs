//! The HTML of pages.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, Value, context};
use serde::Serialize;

use super::policy::policy;

/// The style of all pages.
const STYLE: &str = concat!(include_str!("style.css"), include_str!("parts.css"));

/// The script of a page, from its files in the order in which they build on each other.
const SCRIPT: &str = concat!(
    "'use strict';\n(() => {\n",
    include_str!("script/numbers.js"),
    include_str!("script/scales.js"),
    include_str!("script/dom.js"),
    include_str!("script/table.js"),
    include_str!("script/marks.js"),
    include_str!("script/chart.js"),
    include_str!("script/bars.js"),
    include_str!("script/map.js"),
    include_str!("script/pointer.js"),
    include_str!("script/tip.js"),
    include_str!("script/save.js"),
    include_str!("script/main.js"),
    "})();\n",
);

/// The page of a run, with the data of its script as JSON.
pub(super) fn page(shown: &impl Serialize, data: &str) -> Result<String, Error> {
    let fixed = context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        script => Value::from_safe_string(SCRIPT.to_owned()),
        data => Value::from_safe_string(in_html(data)),
        policy => policy(SCRIPT, STYLE),
    };
    rendered("page.html", context! { ..Value::from(Serde(shown)), ..fixed })
}

/// The page over several runs.
pub(super) fn index(shown: &impl Serialize) -> Result<String, Error> {
    let style = concat!(include_str!("style.css"), include_str!("index.css"));
    let fixed = context! { style => Value::from_safe_string(style.to_owned()), policy => policy("", style) };
    rendered("index.html", context! { ..Value::from(Serde(shown)), ..fixed })
}

fn rendered(name: &str, shown: Value) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("page.html", include_str!("page.html"))?;
    environment.add_template("index.html", include_str!("index.html"))?;
    environment.get_template(name)?.render(shown)
}

/// JSON that no reader of HTML takes for a tag or the end of its element.
fn in_html(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_page_has_no_tags_and_is_the_same() {
        let name = "</script><script>alert(1)</script> & \"长轮询\"";
        let text = in_html(&serde_json::to_string(name).unwrap());
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), name);
    }
}
