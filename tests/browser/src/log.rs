//! What a tab and its workers said and asked for.

use serde_json::Value;

/// A line of the console, or an exception nobody caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `log`, `info`, `warning`, `error`, `exception`.
    pub level: String,
    /// What was said.
    pub text: String,
}

/// Everything heard since the tab was opened.
#[derive(Default)]
pub struct Log {
    /// Console and exceptions, in order.
    pub messages: Vec<Message>,
    /// Addresses asked for, in order.
    pub requests: Vec<String>,
    /// Documents that finished loading.
    pub loads: u32,
    /// Sessions of workers and frames.
    pub followed: Vec<String>,
    /// Session and address of frames that have a process of their own.
    pub frames: Vec<(String, String)>,
}

impl Log {
    /// Takes note of an event of the DevTools protocol.
    pub fn hear(&mut self, event: &Value) {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.consoleAPICalled" => self.say(text("/params/type"), arguments(&event["params"]["args"])),
            "Runtime.exceptionThrown" => self.say("exception".into(), exception(&event["params"]["exceptionDetails"])),
            "Log.entryAdded" => {
                let address = text("/params/entry/url");
                self.say(text("/params/entry/level"), format!("{} {address}", text("/params/entry/text")));
            }
            "Inspector.targetCrashed" => self.say("exception".into(), "the tab crashed".into()),
            "Network.requestWillBeSent" => self.requests.push(text("/params/request/url")),
            "Page.loadEventFired" => self.loads += 1,
            "Target.attachedToTarget" => {
                self.followed.push(text("/params/sessionId"));
                if text("/params/targetInfo/type") == "iframe" {
                    self.frames.push((text("/params/sessionId"), text("/params/targetInfo/url")));
                }
            }
            "Target.detachedFromTarget" => {
                let gone = text("/params/sessionId");
                self.followed.retain(|session| *session != gone);
                self.frames.retain(|(session, _)| *session != gone);
            }
            _ => {}
        }
    }

    fn say(&mut self, level: String, text: String) {
        self.messages.push(Message { level, text });
    }
}

fn arguments(arguments: &Value) -> String {
    let texts = arguments.as_array().into_iter().flatten().map(|argument| match &argument["value"] {
        Value::String(text) => text.clone(),
        Value::Null => argument["description"].as_str().unwrap_or("null").to_owned(),
        value => value.to_string(),
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// Words of an exception the protocol reports.
pub fn exception(details: &Value) -> String {
    let thrown = &details["exception"];
    let thrown = thrown["description"].as_str().map_or_else(|| thrown["value"].to_string(), str::to_owned);
    format!("{} {thrown}", details["text"].as_str().unwrap_or_default())
}
