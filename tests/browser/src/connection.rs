//! One conversation in the Chrome DevTools Protocol, or in WebDriver BiDi, which looks the same: calls out, replies and events in.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Error, Message, WebSocket};

use crate::log::Log;

/// Longest wait for a reply; a page test is judged by shorter ones of its own.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to the browser, or to one tab and the workers and frames in it.
pub struct Connection {
    socket: WebSocket<TcpStream>,
    calls: u64,
    /// The frame that is called, where it is not the tab itself.
    pub frame: Option<String>,
    /// What was heard on it.
    pub log: Log,
}

impl Connection {
    /// Connects to an address of the browser's, `path` being `/devtools/…` or `/session`.
    pub fn open(port: u16, path: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the browser's DevTools port");
        stream.set_nodelay(true).expect("a socket without delay");
        let url = format!("ws://127.0.0.1:{port}{path}");
        let (socket, _) = tungstenite::client(url, stream).expect("a DevTools connection");
        socket.get_ref().set_read_timeout(Some(Duration::from_millis(20))).expect("a read timeout");
        Self { socket, calls: 0, frame: None, log: Log::default() }
    }

    /// Calls a method and waits for its result; the error of the protocol otherwise.
    pub fn try_call(&mut self, method: &str, parameters: Value) -> Result<Value, String> {
        let call = self.send(self.frame.clone().as_deref(), method, parameters);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let Some(mut message) = self.read() else { continue };
            if message["id"] == call {
                let [devtools, bidi] = [&message["error"]["message"], &message["message"]];
                let error = devtools.as_str().or(bidi.as_str()).map(str::to_owned);
                return error.map_or_else(|| Ok(message["result"].take()), Err);
            }
        }
        Err(format!("no reply within {PATIENCE:?}"))
    }

    /// Calls a method that must succeed.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.try_call(method, parameters).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Listens until the condition holds for what was heard, or the time is over.
    pub fn listen_until(&mut self, time: Duration, holds: impl Fn(&Log) -> bool) -> bool {
        let deadline = Instant::now() + time;
        while !holds(&self.log) {
            if Instant::now() > deadline {
                return false;
            }
            self.read();
        }
        true
    }

    /// Takes in all that has arrived.
    pub fn drain(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(1);
        while self.read().is_some() && Instant::now() < deadline {}
    }

    /// Tells every frame and worker that is followed the same.
    pub fn call_all(&mut self, method: &str, parameters: &Value) {
        for session in self.log.followed.clone() {
            self.send(Some(&session), method, parameters.clone());
        }
        self.call(method, parameters.clone());
    }

    fn send(&mut self, session: Option<&str>, method: &str, parameters: Value) -> u64 {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if let Some(session) = session {
            call["sessionId"] = session.into();
        }
        self.socket.send(Message::text(call.to_string())).expect("the browser still listens");
        self.calls
    }

    /// The next message, noted if it is an event; `None` if nothing came for a moment.
    fn read(&mut self) -> Option<Value> {
        let message = match self.socket.read() {
            Ok(message) => message,
            Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return None,
            Err(error) => panic!("the browser hung up: {error}"),
        };
        let message: Value = serde_json::from_str(message.to_text().unwrap_or("null")).expect("JSON from the browser");
        if message["method"] == "Target.attachedToTarget" {
            self.follow(&message["params"]["sessionId"]);
        }
        self.log.hear(&message);
        Some(message)
    }

    /// Listens to a worker or a frame, which waits for that before its first line, and to those it starts.
    fn follow(&mut self, session: &Value) {
        let session = session.as_str().unwrap_or_default().to_owned();
        self.send(Some(&session), "Target.setAutoAttach", follow_others());
        for method in ["Runtime.enable", "Log.enable", "Network.enable", "Runtime.runIfWaitingForDebugger"] {
            self.send(Some(&session), method, json!({}));
        }
    }
}

/// How to hear of workers and frames.
pub fn follow_others() -> Value {
    json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true })
}
