//! The experiments on the network and on two-way use: what they say to expect is what happens.

use super::shipped::{experiment, measure};
use cometsim::model::scenario::Scenario;
use cometsim::model::{Metric, simulate};

const EVERYBODY: u32 = u32::MAX;

fn close(found: f64, expected: f64, tolerance: f64) -> bool {
    (found / expected - 1.0).abs() <= tolerance
}

/// 871, 909, 930 and 1,010 bytes for a poll, and 88 under HTTP/2: for 1,000 clients, once a second.
#[test]
fn the_published_accounts_are_met_to_the_byte() {
    let point = experiment("accounts", EVERYBODY).remove(0);
    let metrics = [Metric::HeaderBytesPerSecond, Metric::HttpBytesPerSecond, Metric::WireBytesPerSecond];
    let [visible, lines, http2] = [0, 1, 2].map(|place| measure(&point[place], metrics));
    let found = [visible[0], lines[0], lines[1], lines[2], http2[1]].map(|bytes| bytes as u64);
    assert_eq!(found, [871_000, 909_000, 930_000, 1_010_000, 88_000]);
}

/// On a link that is too small, polls at a fixed rate arrive too late, all of them; those paced after the reply share it.
#[test]
fn a_link_that_is_full_carries_nothing_in_time() {
    // Both links and the population, fifty times smaller.
    let scaled = |scenario: &Scenario| {
        let mut scenario = scenario.clone();
        let link = scenario.server_link.as_mut().unwrap();
        for capacity in [&mut link.up, &mut link.down].into_iter().flatten() {
            capacity.0 /= 50;
        }
        scenario
    };
    let points = experiment("saturated-link", 2_000);
    let of = |point: usize, place: usize, metric| measure(&scaled(&points[point][place]), [metric])[0];
    assert!(of(0, 0, Metric::GoodputPerSecond) <= 0.0);
    assert!(close(of(0, 0, Metric::RepliesPerSecond), 18_064.0 / 50.0, 0.01));
    assert!(close(of(0, 1, Metric::GoodputPerSecond), 18_064.0 / 50.0, 0.01));
    assert!(close(of(0, 1, Metric::UpLinkWaitMean), 4.5, 0.01));
    assert!(close(of(0, 2, Metric::UpLinkBusy), 1.0 / 6.0, 0.05));
    assert!(of(1, 0, Metric::UpLinkWaitMean) < 1e-3 && close(of(1, 0, Metric::GoodputPerSecond), 2_000.0, 0.001));
}

/// The seventh tab waits over HTTP/1.1, and its stream never comes; HTTP/2 knows no such limit.
#[test]
fn http2_knows_no_limit_of_six() {
    let points = experiment("http2", EVERYBODY);
    let metrics = [Metric::LatencyMean, Metric::MessagesDelivered, Metric::HttpBytesPerSecond];
    let [long, long2, events, events2] = [0, 1, 2, 3].map(|place| measure(&points[5][place], metrics));
    assert!(close(long[0], 0.0403, 0.01) && close(long[1], events[1], 1e-9), "{long:?} {events:?}");
    assert!(close(long[2] / long2[2], 11.0, 0.05) && close(events2[2] / events[2], 1.09, 0.005));
    let [long, long2, events, events2] = [0, 1, 2, 3].map(|place| measure(&points[9][place], metrics));
    assert!(close(long[0], 1.3, 0.1) && close(events[1] / events2[1], 0.6, 0.02), "{long:?} {events:?}");
    assert!(close(long2[0], 0.0403, 0.01) && close(events2[0], 0.04, 1e-9));
}

/// What is lost decides the worst of a hundred; a push waits for one packet, a long poll for two.
#[test]
fn loss_decides_the_worst() {
    let points = experiment("lossy-mobile", 150);
    let metrics = [Metric::LatencyMean, Metric::LatencyP99];
    // Rates of 0.1, 1, 2 and 10 %, each with a timeout of 1 s and one of 200 ms.
    let [few, some, many] = [0, 4, 6].map(|point| measure(&points[point][3], metrics));
    assert!(close(few[0], 0.0795, 0.02) && few[1] < 0.17, "{few:?}");
    assert!(close(some[1], 1.08, 0.02) && close(many[1], 3.05, 0.02), "{some:?} {many:?}");
    let [some, many_soon] = [3, 7].map(|point| measure(&points[point][3], metrics));
    assert!((0.2..0.3).contains(&some[1]) && (0.5..0.7).contains(&many_soon[1]), "{some:?} {many_soon:?}");
    let notified = measure(&points[6][1], metrics);
    assert!((1.08..1.25).contains(&(notified[0] / many[0])), "{notified:?} {many:?}");
    let polls = [0, 6].map(|point| measure(&points[point][0], metrics)[0]);
    assert!((1.04..1.08).contains(&(polls[1] / polls[0])), "{polls:?}");
}

/// Transports by today's account, HTTP/2 with TLS and TCP: bytes as a multiple of the WebSocket's.
fn today<const N: usize>(point: &[Scenario], socket: usize, places: [usize; N]) -> [f64; N] {
    let bytes = |place: usize| measure(&point[place], [Metric::WireBytesPerSecond])[0];
    let socket = bytes(socket);
    places.map(|place| bytes(place) / socket)
}

/// Ways to run a chat room: what pushes has an eighth of the bytes of long polling. A line takes two transits of
/// 40 ms x exp(0.5^2 / 2) = 45 ms. Over HTTP/1.1 those exp(-75 s / 500 s) = 86 % whose writer has been quiet for 75 s take
/// four more, for a connection with TLS: 91 ms + 0.86 x 181 ms = 247 ms. In the messenger below, exp(-75 / 120) = 54 %.
#[test]
fn a_chat_room_is_best_pushed() {
    let point = experiment("chat-room", EVERYBODY).remove(0);
    let metrics = [Metric::LatencyMean, Metric::HttpBytesPerSecond];
    let [short, adaptive, checked, notified, streaming, events, socket] =
        [0, 1, 2, 3, 4, 5, 6].map(|place| measure(&point[place], metrics));
    assert!(close(short[0], 1.59, 0.03) && adaptive[0] > short[0], "{short:?} {adaptive:?}");
    assert!(close(checked[0], 0.50, 0.03) && (0.5..0.7).contains(&(checked[1] / short[1])), "{checked:?}");
    for pushed in [streaming, events, socket] {
        assert!((7.0..9.5).contains(&(notified[1] / pushed[1])), "{pushed:?}");
    }
    assert!(close(socket[0], 0.0915, 0.03) && close(streaming[0], 0.25, 0.04), "{socket:?} {streaming:?}");
    assert!(close(measure(&point[8], metrics)[0], 0.0925, 0.03), "one connection for polls and lines");
    let [polls, long, pushed] = today(&point, 6, [7, 8, 9]);
    assert!(close(polls, 2.3, 0.06) && close(long, 1.6, 0.03) && close(pushed, 1.07, 0.02), "{polls} {long} {pushed}");
    let totals = simulate(&point[6], 0, 0..100);
    // Each line reaches all hundred.
    assert!(totals.delivered.abs_diff(100 * totals.served.sends.unwrap().sent) <= 100);
}

/// What a user writes costs a request, except on a WebSocket.
#[test]
fn a_messenger_pays_for_what_its_users_write() {
    let point = experiment("instant-messenger", 500).remove(0);
    let metrics = [Metric::LatencyMean, Metric::HttpBytesPerMessage];
    let [every_2, every_10, adaptive, long, streaming, socket] =
        [0, 1, 2, 3, 5, 7].map(|place| measure(&point[place], metrics));
    assert!(close(long[0], 0.44, 0.03) && close(every_2[1] / long[1], 11.0, 0.05), "{long:?} {every_2:?}");
    assert!(adaptive[0] > 2.0 * every_10[0] && (0.8..1.0).contains(&(adaptive[1] / every_10[1])));
    assert!(close(streaming[1], 651.0, 0.02) && close(streaming[1] / socket[1], 3.0, 0.03), "{streaming:?}");
    assert!(close(every_2[1] / socket[1], 123.0, 0.03), "{every_2:?} {socket:?}");
    let [polls, long, pushed] = today(&point, 7, [8, 9, 10]);
    assert!(close(polls, 21.0, 0.03) && close(long, 2.3, 0.03) && close(pushed, 1.22, 0.02), "{polls} {long} {pushed}");
}

/// Piggy-backing helps little where customers write more seldom than the page polls.
#[test]
fn customers_write_too_seldom_to_piggyback() {
    let point = experiment("customer-service", EVERYBODY).remove(0);
    let metrics = [Metric::LatencyMean, Metric::HttpBytesPerSecond];
    let [plain, piggyback, long, socket] = [0, 1, 3, 7].map(|place| measure(&point[place], metrics));
    assert!((0.08..0.18).contains(&(plain[0] - piggyback[0])) && close(piggyback[1], plain[1], 0.001));
    assert!(close(plain[1] / long[1], 2.3, 0.03) && close(long[1] / socket[1], 5.9, 0.03), "{long:?} {socket:?}");
    let [polls, long, pushed] = today(&point, 7, [8, 9, 10]);
    assert!(close(polls, 2.9, 0.03) && close(long, 1.5, 0.03) && close(pushed, 1.19, 0.02), "{polls} {long} {pushed}");
}

/// Long polling with a short hold is the wrong tool for rare data.
#[test]
fn rare_mail_wants_long_holds_or_pushes() {
    let point = experiment("mailbox", 1_500).remove(0);
    let bytes = |place: usize| measure(&point[place], [Metric::HttpBytesPerSecond])[0];
    assert!(close(bytes(0) / bytes(3), 0.68, 0.03) && bytes(4) < bytes(1), "a hold of 10 min against 5 min");
    assert!(close(bytes(5) / bytes(4), 0.51, 0.05) && bytes(2) > bytes(1));
    let [polls, long, pushed] = today(&point, 7, [8, 9, 10]);
    assert!(
        close(polls, 1.68, 0.03) && close(long, 0.48, 0.03) && close(pushed, 0.81, 0.03),
        "{polls} {long} {pushed}"
    );
}
