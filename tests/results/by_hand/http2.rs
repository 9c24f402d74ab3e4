//! HTTP/2, worked out by hand: HPACK from its RFC, and what one connection for a browser changes.

use crate::hand::{OPEN, every, one_client, run, websocket};
use cometsim::model::scenario::*;
use cometsim::units::{Bytes, Probability, Time};

/// The published example: the request of a page that polls, field by field.
const REQUEST: [(&str, &str); 11] = [
    (":method", "GET"),
    (":scheme", "http"),
    (":path", "/PollingStock//PollingStock"),
    (":authority", "localhost:8080"),
    ("user-agent", "Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.9.1.5) Gecko/20091102 Firefox/3.5.5"),
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("accept-language", "en-us"),
    ("accept-encoding", "gzip,deflate"),
    ("accept-charset", "ISO-8859-1,utf-8;q=0.7,*;q=0.7"),
    ("referer", "http://www.example.com/PollingStock/"),
    (
        "cookie",
        "showInheritedConstant=false; showInheritedProtectedConstant=false; showInheritedProperty=false; \
         showInheritedProtectedProperty=false; showInheritedMethod=false; showInheritedProtectedMethod=false; \
         showInheritedEvent=false; showInheritedStyle=false; showInheritedEffect=false",
    ),
];

/// Its response, sent at this second.
fn response(second: u32) -> [(&'static str, String); 6] {
    [
        (":status", "200".to_owned()),
        ("x-powered-by", "Servlet/2.5".to_owned()),
        ("server", "Sun Java System Application Server 9.1_02".to_owned()),
        ("content-type", "text/html;charset=UTF-8".to_owned()),
        ("content-length", "21".to_owned()),
        ("date", format!("Sat, 07 Nov 2009 00:32:{second} GMT")),
    ]
}

/// The static table of RFC 7541, appendix A, as far as it is needed: fields that are there whole, and names.
const WHOLE: [(&str, &str); 3] = [(":method", "GET"), (":scheme", "http"), (":status", "200")];
const NAMES: [&str; 15] = [
    ":authority",
    ":path",
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "referer",
    "server",
    "user-agent",
    ":method",
    ":scheme",
];

/// The lengths of the Huffman codes of appendix B for the characters from space to `~`, in bits.
const CODE_LENGTHS: [u32; 95] = [
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6,
    6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
];

/// A string literal with its length (section 5.2): one byte below 127, two up to 254 (section 5.1).
fn literal(text: &str) -> u64 {
    let bits: u32 = text.bytes().map(|byte| CODE_LENGTHS[usize::from(byte - b' ')]).sum();
    let bytes = u64::from(bits.div_ceil(8));
    bytes + 1 + u64::from(bytes >= 127)
}

/// One side of a connection: what it has said before is in the dynamic table.
#[derive(Default)]
struct Encoder {
    said: Vec<(String, String)>,
}

impl Encoder {
    /// The size of a HEADERS frame with these fields: 9 bytes, and each field by its index (section 6.1), or literal with a
    /// name by its index and remembered from then on (section 6.2.1). All indices fit into the first byte.
    fn frame<V: AsRef<str>>(&mut self, fields: &[(&str, V)]) -> u64 {
        let mut size = 9;
        for (name, value) in fields {
            let (name, value) = (*name, value.as_ref());
            let field = (name.to_owned(), value.to_owned());
            if WHOLE.contains(&(name, value)) || self.said.contains(&field) {
                size += 1;
                continue;
            }
            let knows_name = NAMES.contains(&name) || self.said.iter().any(|(known, _)| known == name);
            size += if knows_name { 1 } else { 1 + literal(name) } + literal(value);
            self.said.push(field);
        }
        size
    }
}

/// The example has 692 + 179 visible characters, as published; with line ends 716 + 193.
#[test]
fn the_example_is_the_one_of_871_bytes() {
    let field = |name: &str, value: &str| name.len() + 2 + value.len();
    let request: usize = REQUEST[4..].iter().map(|(name, value)| field(name, value)).sum();
    let request = request
        + "GET /PollingStock//PollingStock HTTP/1.1".len()
        + field("Host", "localhost:8080")
        + field("Keep-Alive", "300")
        + field("Connection", "keep-alive");
    let response: usize = response(46)[1..].iter().map(|(name, value)| field(name, value)).sum();
    let response = response + "HTTP/1.x 200 OK".len();
    assert_eq!((request, response), (692, 179));
    assert_eq!((request + 2 * 12, response + 2 * 7), (716, 193));
}

#[test]
fn hpack_makes_67_bytes_of_a_later_poll() {
    let (mut client, mut server) = (Encoder::default(), Encoder::default());
    let sizes = Http2 {
        first_request: Bytes(client.frame(&REQUEST)),
        request: Bytes(client.frame(&REQUEST)),
        first_response: Bytes(server.frame(&response(46))),
        response: Bytes(server.frame(&response(46))),
        date: Bytes(server.frame(&response(47)) - server.frame(&response(47))),
    };
    assert_eq!(sizes, Http2::EXAMPLE);
    // The frame of the body has 9 bytes.
    assert_eq!((sizes.first_request.0, sizes.first_response.0 + 9), (435, 118));
    assert_eq!(sizes.request.0 + sizes.response.0 + sizes.date.0 + 9, 67);
}

/// Ten polls a second apart: 435 + 118 bytes and the body for the first, 67 and the body for the others.
#[test]
fn a_poll_of_the_example_is_67_bytes_and_its_body() {
    let mut scenario = one_client();
    scenario.http.http2 = Some(Http2::EXAMPLE);
    let totals = run(&scenario);
    assert_eq!(totals.http_up_bytes + totals.http_down_bytes, 435 + 118 + 9 * 67 + 10 * 21);
    // Within a second the date stays.
    scenario.transport = crate::hand::polls(250);
    let totals = run(&scenario);
    assert_eq!(totals.http_up_bytes + totals.http_down_bytes, 435 + 118 + 9 * 67 + 30 * (67 - 23) + 40 * 21);
}

/// 871, 909, 930 and 1,010 bytes a poll: visible characters, line ends, body, and one header of TCP and IP each way.
#[test]
fn the_published_accounts_of_a_poll() {
    let mut scenario = one_client();
    let totals = run(&scenario);
    assert_eq!(totals.header_bytes, 10 * 909);
    assert_eq!(totals.http_up_bytes + totals.http_down_bytes, 10 * 930);
    // Acknowledgements go with the next packet, if that comes within their delay.
    let wire = Wire { segment: Bytes(1460), header: Bytes(40), ack_delay: Time::from_secs(2), ..Wire::default() };
    scenario.wire = Some(wire);
    let wire = run(&scenario).served.wire.unwrap();
    assert_eq!(wire.bytes, 48 + 48 + 40 + 10 * 1_010);
    (scenario.wire, scenario.http.request_header, scenario.http.response_header) = (None, Bytes(692), Bytes(179));
    assert_eq!(run(&scenario).header_bytes, 10 * 871);
}

/// What is pushed goes in frames with 9 bytes each, in the place of chunks.
#[test]
fn pushes_are_frames() {
    let mut scenario = one_client();
    scenario.http.http2 = Some(Http2::EXAMPLE);
    scenario.source.arrivals = Arrivals::PerClient(every(1_000, 500));
    scenario.transport = TransportConfig::Streaming(OPEN);
    let totals = run(&scenario);
    assert_eq!((totals.http_up_bytes, totals.http_down_bytes), (435, 109 + 10 * (9 + 21)));
    scenario.transport = TransportConfig::Sse(Sse { stream: OPEN, ids: true });
    // `id: 1`, `data: `, the message and an empty line; the tenth number has two digits.
    assert_eq!(run(&scenario).http_down_bytes, 109 + 10 * (9 + 6 + 6 + 21 + 2) + 1);
    scenario.transport = websocket();
    // A WebSocket has an HTTP/1.1 connection of its own.
    assert_eq!(run(&scenario).http_up_bytes, 716 + 113);
}

/// Eight tabs of one browser with a stream each: over HTTP/1.1 six of them get theirs, over HTTP/2 all. They share what
/// HPACK remembers, and the one connection.
#[test]
fn tabs_share_one_connection() {
    let mut scenario = one_client();
    scenario.clients = Clients {
        browsers: Some(Browsers { tabs: 8, connections: 6 }),
        start_within: Time::from_secs(1),
        ..Clients::staying(8)
    };
    scenario.source.arrivals = Arrivals::Broadcast(every(1_000, 5_500));
    scenario.transport = TransportConfig::Streaming(OPEN);
    scenario.wire = Some(Wire::default());
    let alone = run(&scenario);
    assert_eq!((alone.delivered, alone.served.wire.unwrap().connections), (5 * 6, 6));
    scenario.http.http2 = Some(Http2::EXAMPLE);
    let shared = run(&scenario);
    assert_eq!((shared.delivered, shared.served.wire.unwrap().connections), (5 * 8, 1));
    assert_eq!(shared.http_up_bytes, 435 + 7 * 20);
}

/// Giving up a request resets it with a frame of 13 bytes. The connection stays, and so does what HPACK remembers.
#[test]
fn a_timeout_is_a_frame_and_no_new_connection() {
    let mut scenario = one_client();
    scenario.http.http2 = Some(Http2::EXAMPLE);
    scenario.source.arrivals = Arrivals::InRequest { hit: Probability::new(1, 1_000_000_000).unwrap() };
    scenario.clients.timeout = Time::from_secs(3);
    let check = Check::Every { every: Time::from_secs(5), count: 10, first: FirstCheck::AfterSleep };
    scenario.transport = TransportConfig::LongPoll(LongPoll::new(check));
    let totals = run(&scenario);
    assert_eq!((totals.requests, totals.timeouts), (4, 3));
    assert_eq!(totals.http_up_bytes, 435 + 3 * 20 + 3 * 13);
}

/// Two tabs share a connection and a worker, and both ask at 0. At 2 s the first one gives up: its reset arrives, then the
/// service of the second one ends, whose reply acknowledges the reset.
#[test]
fn a_reset_arrives_before_the_reply_of_the_worker_that_it_frees() {
    let mut scenario = one_client();
    scenario.clients = Clients {
        timeout: Time::from_secs(2),
        on_timeout: OnTimeout::Stop,
        browsers: Some(Browsers { tabs: 2, connections: 1 }),
        ..Clients::staying(2)
    };
    scenario.source.arrivals = Arrivals::PerClient(every(20_000, 1_000));
    scenario.server = Server {
        notices_disconnect: true,
        service: Some(Delay::Constant(Time::ZERO)),
        pool: Some(Pool { workers: 1, backlog: None }),
        ..Server::PLAIN
    };
    scenario.network = Network::constant(Time::ZERO);
    scenario.transport = TransportConfig::LongPoll(LongPoll {
        turnaround: Delay::Constant(Time::from_secs(60)),
        ..LongPoll::new(Check::Every { every: Time::from_secs(9), count: 9, first: FirstCheck::OnArrival })
    });
    scenario.http.http2 = Some(Http2::EXAMPLE);
    scenario.wire = Some(Wire { ack_delay: Time::ZERO, ..Wire::default() });
    let wire = run(&scenario).served.wire.unwrap();
    // Three open the connection. Two requests, of which the second is acknowledged at once; a reset; a reply and its
    // acknowledgement.
    assert_eq!((wire.connections, wire.packets), (1, 3 + 2 + 1 + 1 + 2));
}
