//! The engine in its own thread: answers the page's messages.

#[cfg(target_arch = "wasm32")]
mod thread {
    use std::cell::RefCell;

    use js_sys::{Array, Float64Array};
    use retailq::protocol::{Event, Reply};
    use retailq::session::Session;
    use wasm_bindgen::prelude::*;
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    type Handler = Closure<dyn FnMut(MessageEvent) -> Result<(), JsValue>>;

    thread_local! {
        /// The handler belongs to the thread, and lives as long.
        static HANDLER: RefCell<Option<Handler>> = const { RefCell::new(None) };
    }

    fn send(scope: &DedicatedWorkerGlobalScope, reply: &Reply) -> Result<(), JsValue> {
        let numbers = Float64Array::from(reply.numbers.as_slice());
        scope.post_message(&Array::of2(&serde_wasm_bindgen::to_value(&reply.event)?, &numbers))
    }

    /// Listens, then says so.
    pub fn run() -> Result<(), JsValue> {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let (mut session, replies) = (Session::default(), scope.clone());
        let handler =
            Handler::new(move |message: MessageEvent| send(&replies, &session.handle(&serde_wasm_bindgen::from_value(message.data())?)));
        scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
        HANDLER.set(Some(handler));
        send(&scope, &Event::Ready { version: env!("CARGO_PKG_VERSION").to_owned() }.into())
    }
}

#[cfg(target_arch = "wasm32")]
fn main() -> Result<(), wasm_bindgen::JsValue> {
    thread::run()
}

/// The worker exists in the browser only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
