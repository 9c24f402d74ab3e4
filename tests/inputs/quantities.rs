//! Quantities with units: they are read exactly or refused, and printed as they are read.

use cometsim::units::{BitRate, Bytes, Probability, Rate, Time};

#[test]
fn quantities_are_exact() {
    for (text, nanoseconds) in [
        ("0.5 s", 500_000_000),
        ("500 ms", 500_000_000),
        ("80s", 80_000_000_000),
        ("2 min", 120_000_000_000),
        ("1 h", 3_600_000_000_000),
        ("0 s", 0),
        ("1.5 us", 1_500),
        ("1.5 µs", 1_500),
        ("1e-3 s", 1_000_000),
        ("+.25 s", 250_000_000),
    ] {
        assert_eq!(text.parse::<Time>(), Ok(Time(nanoseconds)), "{text}");
    }
    for (text, bytes) in [("871 B", 871), ("2 KiB", 2048), ("1 kB", 1000), ("1.5 kB", 1500)] {
        assert_eq!(text.parse::<Bytes>(), Ok(Bytes(bytes)), "{text}");
    }
    assert_eq!("0.03 /s".parse::<Rate>().unwrap(), Rate::new(3, 100).unwrap());
    assert_eq!("6 /min".parse::<Rate>().unwrap(), Rate::new(1, 10).unwrap());
    assert_eq!("15/999".parse::<Probability>().unwrap(), Probability::new(5, 333).unwrap());
    assert_eq!("5 %".parse::<Probability>().unwrap(), Probability::new(1, 20).unwrap());
    assert_eq!("0.01".parse::<Probability>().unwrap(), Probability::new(1, 100).unwrap());
}

#[test]
fn what_would_be_rounded_or_is_out_of_range_is_refused() {
    for text in ["0.3 ns", "0.5 B", "x", "", "5", "5 parsecs", "-1 s", "100000 d", "1e999999999999 s", "1e400 s", ". s"]
    {
        assert!(text.parse::<Time>().is_err(), "{text}");
    }
    for text in ["0.5 B", "5 GiB", "7 KB"] {
        assert!(text.parse::<Bytes>().is_err(), "{text}");
    }
    for text in ["0", "0/5", "1/0", "3/2", "1.01", "101 %", "-0.5", "a/b", "1e-300"] {
        assert!(text.parse::<Probability>().is_err(), "{text}");
    }
    assert!("0 /s".parse::<Rate>().is_err());
}

#[test]
fn recorded_instants_round_to_the_nearest_nanosecond() {
    assert_eq!(Time::from_seconds_rounded("61.76470588235294"), Ok(Time(61_764_705_882)));
    assert_eq!(Time::from_seconds_rounded("0.0000000005"), Ok(Time(1)));
    assert!(Time::from_seconds_rounded("1 s").is_err());
    assert!(Time::from_seconds_rounded("-1").is_err());
    assert!(Time::from_seconds_rounded("nan").is_err());
}

#[test]
fn printed_quantities_parse_back() {
    for (nanoseconds, text) in [
        (0, "0 s"),
        (500_000_000, "0.5 s"),
        (80_000_000_000, "80 s"),
        (50_000_000, "50 ms"),
        (1_500, "1.5 us"),
        (7, "7 ns"),
        (1_000_000_001, "1.000000001 s"),
    ] {
        assert_eq!(Time(nanoseconds).to_string(), text);
        assert_eq!(text.parse::<Time>(), Ok(Time(nanoseconds)));
    }
    for text in ["100 Mbit/s", "1 Gbit/s", "56 kbit/s", "300 bit/s"] {
        assert_eq!(text.parse::<BitRate>().unwrap().to_string(), text);
    }
    for text in ["0.03 /s", "1 /min", "0.1 /h", "5 /d"] {
        let rate: Rate = text.parse().unwrap();
        assert_eq!(rate.to_string().parse::<Rate>(), Ok(rate));
    }
    assert_eq!(Probability::new(15, 999).unwrap().to_string(), "5/333");
}
