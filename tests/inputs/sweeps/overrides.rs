//! Overrides beside sweeps, and how both name a key.

use super::{SMALL, assert_round_trip, read, refused, swept, try_read};

/// In a file whose name has quotes or backslashes a TOML string with escapes names a transport.
#[test]
fn names_may_be_escaped_as_in_toml() {
    for name in ["a \"b\" c", "a\\\\b", "a.b 'c'"] {
        let literal = toml::Value::String(name.to_owned()).to_string();
        let basic = format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
        let file = format!("[[transport]]\nname = {literal}\nshort_poll = {{ interval = \"1 s\" }}\n");
        let set = format!("transport.{basic}.interval=7 s");
        let key = format!("transport.{basic}.interval").replace('\\', "\\\\").replace('"', "\\\"");
        let sweep = format!("{file}[sweep]\n\"{key}\" = [\"7 s\"]\n");
        let direct = format!("{file}[sweep]\ntransport.{basic}.interval = [\"7 s\"]\n");
        for experiment in [read(&file, &[&set]), read(&sweep, &[]), read(&direct, &[])] {
            let cycle = format!("{:?}", experiment.scenarios(0)[0].transport);
            assert!(cycle.contains("interval: Time(7000000000)"), "{name}: {cycle}");
            assert_round_trip(&experiment, name);
        }
    }
}

/// Where an override of a swept key leaves nothing that varies, one point is left.
#[test]
fn an_override_of_all_that_is_swept_leaves_one_point() {
    let text = swept("mode = \"zip\"\n\"clients.count\" = [1, 2]\n\"source.payload\" = [\"1 B\", \"2 B\"]");
    assert_eq!(read(&text, &["clients.count=7"]).points(), 2);
    assert_eq!(read(&text, &["clients.count=7", "source.payload=9 B"]).points(), 1);
    let text = swept("\"network.wire\" = [\"off\", {}]");
    let off = read(&text, &["network.wire=off"]);
    assert_eq!((off.points(), off.coordinates(0)), (1, vec!["off".to_owned()]));
}

#[test]
fn claims_about_other_values_go_with_the_values() {
    let claim = |text: &str, at: &str| {
        format!("[[claim]]\ntext = \"{text}\"\nmetric = \"requests_per_s\"\nof = \"short\"\n{at}is = \"> 0\"\n")
    };
    let claims = [
        claim("one", "at = { \"clients.count\" = 1 }\n"),
        claim("two", "at = { clients.count = 2, source.payload = \"2000 B\" }\n"),
        claim("many bytes", "at = { source.payload = \"2 kB\" }\n"),
        claim("all", ""),
    ];
    let text = swept("\"clients.count\" = [1, 2]\n\"source.payload\" = [\"1 B\", \"2 kB\"]") + &claims.concat();
    for (overrides, left) in [
        (&[][..], &["one", "two", "many bytes", "all"][..]),
        (&["clients.count=1"], &["one", "many bytes", "all"]),
        (&["clients.count=1", "clients.count=2"], &["two", "many bytes", "all"]),
        (&["source.payload=2000 B"], &["one", "two", "many bytes", "all"]),
        (&["source.payload=2001 B"], &["one", "all"]),
        (&["clients.count=7", "source.payload=7 B"], &["all"]),
        (&["experiment.replications=3"], &["one", "two", "many bytes", "all"]),
    ] {
        let experiment = read(&text, overrides);
        let texts: Vec<&str> = experiment.claims().iter().map(|claim| claim.text.as_str()).collect();
        assert_eq!(texts, left, "{overrides:?}");
        assert_round_trip(&experiment, &format!("{overrides:?}"));
    }
    let only = swept("\"clients.count\" = [1, 2]") + &claims[0];
    let none = read(&only, &["clients.count=7"]);
    assert!(none.claims().is_empty());
    assert_round_trip(&none, "no claim is left");
    let said = refused(&only.replace("= 1 }", "= 3 }"), &[]);
    assert!(said.contains("is never 3"), "{said}");
}

#[test]
fn lists_of_tables_are_no_keys() {
    for argument in ["transport={}", "population=[]", "chart={}", "transport.short.long_poll={}", "transport.short={}"]
    {
        assert!(try_read(SMALL, &[argument]).is_err(), "{argument}");
    }
    let said = refused(SMALL, &["transport.long.long_poll={ hold = \"3 s\", timeout = \"10 s\" }"]);
    assert!(said.contains("transport.\"NAME\".timeout"), "{said}");
}

/// What the sweep would undo is no override.
#[test]
fn an_override_that_a_sweep_would_undo_is_refused() {
    for (sweep, argument, wanted) in [
        (
            "\"network.up\" = [{ constant = \"1 s\" }]",
            "network.up.constant=5 ms",
            "--set 'network.up={ constant = \"5 ms\" }'",
        ),
        ("\"network.wire.segment\" = [\"1 kB\"]", "network.wire=off", "--set 'network.wire.segment=…'"),
        ("\"network.wire.segment\" = [\"1 kB\"]", "network.wire={ segment = \"1 B\" }", "the file sweeps"),
        ("\"network.up.constant\" = [\"1 s\"]", "network.up.exponential=5 ms", "the file sweeps `network.up.constant`"),
    ] {
        let said = refused(&swept(sweep), &[argument]);
        assert!(said.contains(wanted), "{argument}:\n{said}");
    }
    let below = read(&swept("\"network.wire.segment\" = [\"1 kB\"]"), &["network.wire={ header = \"40 B\" }"]);
    assert_eq!(below.scenarios(0)[0].wire.unwrap().header.0, 40);
}

/// Names of keys hold no dots, so a path that is quoted as a whole is that path.
#[test]
fn a_path_quoted_as_a_whole_is_that_path() {
    for key in [r#""\"clients.count\"""#, r#""'clients.count'""#, r#""clients.\"count\"""#] {
        let experiment = read(&swept(&format!("{key} = [5, 50]")), &[]);
        let counts: Vec<u32> = (0..2).map(|point| experiment.scenarios(point)[0].clients.count).collect();
        assert_eq!(counts, [5, 50], "{key}");
    }
    assert_eq!(read(SMALL, &["\"clients.count\"=7"]).scenarios(0)[0].clients.count, 7);
    assert!(refused(&format!("\"clients.count\" = 7\n{SMALL}"), &[]).contains("clients.count"));
    assert!(refused(&format!("\"source.tick\".hit = \"1/2\"\n{SMALL}"), &[]).contains("source.tick"));
}
