//! A tab of the browser, over the Chrome DevTools Protocol.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket, connect};

/// How long anything may take: on two cores with much else to do, a page takes many times as long as alone.
const PATIENCE: Duration = Duration::from_secs(180);

/// A tab with what it has said.
pub struct Tab {
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    last: u64,
    /// Errors of the script and of the console.
    pub errors: Vec<String>,
    /// Addresses that were asked for.
    pub requests: Vec<String>,
    /// The last document whose load is complete, by the name that the browser gives each.
    loaded: Option<String>,
    is_down: bool,
    saved: PathBuf,
}

impl Tab {
    pub fn new(address: &str, saved: PathBuf) -> Tab {
        let (mut socket, _) = connect(address).unwrap();
        if let MaybeTlsStream::Plain(stream) = socket.get_mut() {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
        }
        let (errors, requests) = (Vec::new(), Vec::new());
        let mut tab = Tab { socket, session: None, last: 0, errors, requests, loaded: None, is_down: false, saved };
        let target = tab.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = tab.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        tab.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        tab.call("Page.setLifecycleEventsEnabled", json!({ "enabled": true }));
        let folder = tab.saved.display().to_string();
        tab.call("Page.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": folder }));
        tab.size(1180, 900);
        tab
    }

    /// Calls a method and gives its result.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let id = self.last;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(message.to_string())).unwrap();
        loop {
            let answer = self.read();
            if answer["id"] == json!(id) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    /// The next message; what it tells is kept.
    fn read(&mut self) -> Value {
        let message = self.socket.read().unwrap_or_else(|error| panic!("the browser is silent: {error}"));
        let Message::Text(text) = message else { return Value::Null };
        let message: Value = serde_json::from_str(&text).unwrap();
        let told = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => self.errors.push(told["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" if told["type"] != "log" => self.errors.push(told["args"].to_string()),
            "Log.entryAdded" if told["entry"]["level"] != "info" => self.errors.push(told["entry"].to_string()),
            "Network.requestWillBeSent" => {
                self.requests.push(told["request"]["url"].as_str().unwrap_or_default().to_owned());
            }
            "Page.lifecycleEvent" if told["name"] == "load" => {
                self.loaded = told["loaderId"].as_str().map(str::to_owned);
            }
            _ => {}
        }
        message
    }

    pub fn size(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Light or dark, on a screen or on paper.
    pub fn media(&mut self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }));
    }

    /// Opens a file and waits until it is there.
    pub fn open(&mut self, file: &Path) {
        let opened = self.call("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        // The empty page of a new tab may say late that it is there.
        while self.loaded.as_deref() != opened["loaderId"].as_str() {
            self.read();
        }
    }

    /// Clicks a link and waits until its page is there.
    pub fn follow(&mut self, selector: &str) {
        let before = self.loaded.clone();
        self.click(selector);
        while self.loaded == before {
            self.read();
        }
    }

    /// The value of an expression.
    pub fn value(&mut self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let result = self.call("Runtime.evaluate", ask);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {}", result["exceptionDetails"]);
        result["result"]["value"].clone()
    }

    pub fn text(&mut self, selector: &str) -> String {
        let found = self.value(&format!("document.querySelector({})?.textContent ?? '(none)'", json!(selector)));
        found.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn number(&mut self, expression: &str) -> f64 {
        self.value(expression).as_f64().unwrap_or_else(|| panic!("{expression} is no number"))
    }

    /// Waits until an expression is true.
    pub fn wait_until(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != json!(true) {
            assert!(start.elapsed() < PATIENCE, "never true: {expression}");
            sleep(Duration::from_millis(20));
        }
    }

    /// The middle of an element, which is scrolled into view, and its size.
    pub fn place(&mut self, selector: &str) -> [f64; 4] {
        let script = format!(
            "(() => {{ const it = document.querySelector({}); it.scrollIntoView({{ block: 'center' }}); \
             const box = it.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; }})()",
            json!(selector)
        );
        let found = self.value(&script);
        [0, 1, 2, 3].map(|place| found[place].as_f64().unwrap_or_else(|| panic!("there is no {selector}")))
    }

    pub fn mouse(&mut self, kind: &str, x: f64, y: f64) {
        let is_held = self.is_down || kind == "mousePressed";
        let (button, buttons, clicks) = if is_held { ("left", 1, 1) } else { ("none", 0, 0) };
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": clicks });
        self.call("Input.dispatchMouseEvent", event);
        self.is_down = is_held && kind != "mouseReleased";
    }

    pub fn click(&mut self, selector: &str) {
        let [x, y, width, height] = self.place(selector);
        for kind in ["mousePressed", "mouseReleased"] {
            self.mouse(kind, x + width / 2.0, y + height / 2.0);
        }
    }

    /// Presses a key: `Tab`, `ArrowRight`, `Enter`, `+`.
    pub fn press(&mut self, key: &str) {
        let codes = [
            ("Tab", 9),
            ("Enter", 13),
            ("Escape", 27),
            ("End", 35),
            ("Home", 36),
            ("ArrowLeft", 37),
            ("ArrowUp", 38),
            ("ArrowRight", 39),
            ("ArrowDown", 40),
            (" ", 32),
        ];
        let code = codes.iter().find(|(name, _)| *name == key).map(|(_, code)| *code);
        let text = match key {
            "Enter" => "\r",
            _ if key.chars().count() == 1 => key,
            _ => "",
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code.unwrap_or(0) });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Moves a slider, as its reader would.
    pub fn slide(&mut self, selector: &str, value: f64) {
        self.value(&format!(
            "(() => {{ const it = document.querySelector({}); it.value = {value}; \
             it.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()",
            json!(selector)
        ));
    }

    /// The text of a file that was saved, when it is there.
    pub fn saved(&self, name: &str) -> String {
        let (path, start) = (self.saved.join(name), Instant::now());
        loop {
            // The browser makes the file before it fills it.
            match std::fs::read_to_string(&path) {
                Ok(text) if !text.is_empty() => return text,
                _ => assert!(start.elapsed() < PATIENCE, "{name} was not saved"),
            }
            sleep(Duration::from_millis(20));
        }
    }

    /// No error of the script, and nothing from the network.
    pub fn is_clean(&self) {
        assert!(self.errors.is_empty(), "{:#?}", self.errors);
        let is_local =
            |address: &&String| !["file:", "data:", "blob:", "about:"].iter().any(|it| address.starts_with(it));
        let foreign: Vec<&String> = self.requests.iter().filter(is_local).collect();
        assert!(foreign.is_empty(), "{foreign:?}");
    }
}
