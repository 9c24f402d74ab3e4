//! Checks a value against a JSON schema, as far as the schema of a job needs it.

use serde_json::Value;

/// What is wrong with a value, each with its place; a keyword of the schema that is not known is wrong too.
pub fn breaches(schema: &Value, definition: &str, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let schema = Schema { definitions: &schema["definitions"], of: &schema["definitions"][definition] };
    schema.check(value, definition, &mut found);
    found
}

struct Schema<'a> {
    definitions: &'a Value,
    of: &'a Value,
}

impl<'a> Schema<'a> {
    fn below(&self, of: &'a Value) -> Schema<'a> {
        Schema { definitions: self.definitions, of }
    }

    fn check(&self, value: &Value, place: &str, found: &mut Vec<String>) {
        let Some(keywords) = self.of.as_object() else {
            found.push(format!("{place}: there is no schema"));
            return;
        };
        for (keyword, rule) in keywords {
            match keyword.as_str() {
                "$ref" => self.below(&self.definitions[rule.as_str().unwrap()]).check(value, place, found),
                "type" if !is_of_type(value, rule) => found.push(format!("{place}: {value} is no {rule}")),
                "enum" if !rule.as_array().unwrap().contains(value) => {
                    found.push(format!("{place}: {value} is none of {rule}"));
                }
                "required" => {
                    let missing =
                        rule.as_array().unwrap().iter().filter(|name| value.get(name.as_str().unwrap()).is_none());
                    found.extend(missing.map(|name| format!("{place}: {name} is missing")));
                }
                "items" => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.below(rule).check(item, &format!("{place}[{number}]"), found);
                    }
                }
                "properties" | "additionalProperties" | "type" | "enum" => {}
                unknown => found.push(format!("{place}: the schema has {unknown}")),
            }
        }
        self.check_fields(value, place, found);
    }

    fn check_fields(&self, value: &Value, place: &str, found: &mut Vec<String>) {
        for (name, field) in value.as_object().into_iter().flatten() {
            let place = format!("{place}.{name}");
            match (self.of["properties"].get(name), self.of.get("additionalProperties")) {
                (Some(rule), _) => self.below(rule).check(field, &place, found),
                (None, Some(Value::Bool(false))) => found.push(format!("{place}: there is no such field")),
                (None, Some(rule)) => self.below(rule).check(field, &place, found),
                (None, None) => {}
            }
        }
    }
}

/// Whether a value has a type, or one of several.
fn is_of_type(value: &Value, name: &Value) -> bool {
    match name {
        Value::Array(names) => names.iter().any(|name| is_of_type(value, name)),
        _ => match name.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            other => panic!("no type {other}"),
        },
    }
}
