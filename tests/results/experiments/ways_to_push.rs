//! The experiments on ways to push: what they say to expect is what happens.

use super::shipped::{experiment, measure};
use cometsim::model::{Metric, simulate};

/// The published table, to the digits that are printed there: 2 bytes for a message on a WebSocket, 871 for a poll.
#[test]
fn the_published_table_of_websockets_is_met_to_the_digit() {
    let published = [(1_000, "0.0152588", "6.645"), (10_000, "0.152588", "66.45")];
    for (point, (clients, websocket, polling)) in experiment("websocket", u32::MAX).iter().zip(published) {
        let [polls] = measure(&point[0], [Metric::HttpMibitPerSecond]);
        let [pushes] = measure(&point[1], [Metric::HttpMibitPerSecond]);
        assert_eq!(point[1].clients.count, clients);
        assert!(format!("{pushes:.9}").starts_with(&websocket[..websocket.len() - 1]), "{pushes}");
        assert!((pushes / websocket.parse::<f64>().unwrap() - 1.0).abs() < 1e-5, "{pushes}");
        assert!(format!("{polls:.4}").starts_with(polling), "{polls}");
        assert!((polls / pushes - 435.5).abs() < 1e-9);
    }
}

/// Whatever pushes takes one transit for every message, and the bytes of its standard: 20 + 2 in a frame, 2 + 4 + 20 in a
/// chunk, 2 + 4 + (6 + 20 + 2) for an event in a chunk.
#[test]
fn pushes_take_one_transit_and_the_bytes_of_their_standard() {
    for point in experiment("transports", 50) {
        for (place, bytes) in [(4, 26), (5, 34), (6, 22)] {
            let scenario = &point[place];
            let totals = simulate(scenario, 0, 0..scenario.population());
            let [least, most] = [totals.latency.min(), totals.latency.max()];
            assert_eq!((least, most), (Some(50_000_000), Some(50_000_000)));
            let sent = totals.http_down_bytes / bytes;
            assert_eq!((totals.http_up_bytes, totals.http_down_bytes % bytes), (0, 0));
            assert!(totals.delivered.abs_diff(sent) <= 10, "{} of {sent}", totals.delivered);
        }
    }
}

/// A notified long poll is nearly as soon; polls are not, and an adaptive one least of all where messages are rare.
#[test]
fn polls_are_later_than_pushes() {
    let points = experiment("transports", 200);
    for (point, rate) in points.iter().zip([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]) {
        let latency = |place: usize| measure(&point[place], [Metric::LatencyMean])[0];
        let [short, adaptive, checked, notified] = [0, 1, 2, 3].map(latency);
        assert!(notified < 0.056 && (0.29..0.33).contains(&checked) && (0.52..0.58).contains(&short), "{rate}");
        assert!(adaptive > short && (rate > 0.015 || adaptive > 15.0), "{rate}: {adaptive}");
    }
}

/// By the account of today (HTTP/2, TLS, TCP) little is left of the 4,000 times and the 120 times of headers of 871 bytes.
#[test]
fn today_headers_decide_less() {
    let points = experiment("transports", 200);
    let metrics = [Metric::HttpBytesPerSecond, Metric::WireBytesPerSecond];
    let factors = |point: usize, account: usize, places: [usize; 2]| {
        let bytes = |place: usize| measure(&points[point][place], metrics)[account];
        places.map(|place| bytes(place) / bytes(6))
    };
    let [short, long] = factors(0, 0, [0, 3]);
    assert!((3_800.0..4_100.0).contains(&short) && (115.0..125.0).contains(&long), "{short} {long}");
    let [short, long] = factors(0, 1, [7, 8]);
    assert!((168.0..180.0).contains(&short) && (5.2..5.7).contains(&long), "{short} {long}");
    let [short, long] = factors(6, 1, [7, 8]);
    assert!((1.9..2.0).contains(&short) && (1.8..1.9).contains(&long), "{short} {long}");
}

/// Headers of packets weigh most on what is smallest.
#[test]
fn a_small_message_is_mostly_headers_of_packets() {
    let point = experiment("wire", 300).remove(0);
    let metrics = [Metric::HttpBytesPerSecond, Metric::WireBytesPerSecond];
    let [short, long, _, _, socket] = [0, 1, 2, 3, 4].map(|place| measure(&point[place], metrics));
    for polls in [short, long] {
        assert!((1.2..1.25).contains(&(polls[1] / polls[0])), "{polls:?}");
    }
    assert!((5.6..5.8).contains(&(socket[1] / socket[0])), "{socket:?}");
    assert!((31.0..33.0).contains(&(long[0] / socket[0])) && (6.7..7.1).contains(&(long[1] / socket[1])));
}

/// Polls that grow rarer cost a fifth of the bytes, and come later.
#[test]
fn adaptive_polls_trade_bytes_for_time() {
    let points = experiment("adaptive", 300);
    let metrics = [Metric::HttpBytesPerMessage, Metric::LatencyMean];
    let [fixed, falls_back, by_rate] = [0, 1, 2].map(|place| measure(&points[3][place], metrics));
    assert!((0.17..0.21).contains(&(falls_back[0] / fixed[0])), "{falls_back:?} {fixed:?}");
    assert!((2.5..3.3).contains(&falls_back[1]), "{falls_back:?}");
    assert!(by_rate[0] < 0.9 * falls_back[0] && by_rate[1] > 1.3 * falls_back[1], "{by_rate:?} {falls_back:?}");
}
