//! The engine in its own thread: answers the page's messages.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::worker_link::{read_command, send_reply};
use retailq::protocol::Event;
use retailq::session::Session;

type Handler = Closure<dyn FnMut(MessageEvent) -> Result<(), JsValue>>;

thread_local! {
    /// The handler belongs to the thread, and lives as long.
    static HANDLER: RefCell<Option<Handler>> = const { RefCell::new(None) };
}

/// Listens, then says so.
pub fn run() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut session = Session::default();
    let replies = scope.clone();
    let handler = Closure::new(move |message: MessageEvent| {
        let command = read_command(&message).map_err(|error| JsValue::from(js_sys::Error::new(&error)))?;
        send_reply(&replies, &session.handle(&command))
    });
    scope.set_onmessage(Some(AsRef::<JsValue>::as_ref(&handler).unchecked_ref()));
    HANDLER.set(Some(handler));
    if let Err(error) = send_reply(&scope, &Event::Ready.into()) {
        wasm_bindgen::throw_val(error);
    }
}
