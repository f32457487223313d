//! The worker and the messages to and from it.
//!
//! A message is the pair of a control value and a typed array whose buffer is transferred. Nothing of JavaScript gets past this file.

use js_sys::{Array, Float64Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, ErrorEvent, Event as DomEvent, MessageEvent, Worker};

use retailq::protocol::{Command, Event, Reply};

#[wasm_bindgen]
extern "C" {
    /// `www/boot.js` knows how a worker comes to the code that the page already has.
    #[wasm_bindgen(catch, js_name = startWorker)]
    fn start_worker() -> Result<Worker, JsValue>;
}

/// A running worker; dropping it ends the thread.
pub struct WorkerLink {
    worker: Worker,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(DomEvent)>,
}

impl WorkerLink {
    /// Starts a worker; its replies, or what went wrong with it, go to `receive`.
    pub fn start(receive: impl Fn(Result<Reply, String>) + Clone + 'static) -> Result<Self, String> {
        let worker = start_worker().map_err(|error| text(&error))?;
        let deliver = receive.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| deliver(read_reply(&message.data())));
        let on_error = Closure::<dyn Fn(DomEvent)>::new(move |event: DomEvent| {
            event.prevent_default();
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            receive(Err(message));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a command.
    pub fn send(&self, command: &Command) -> Result<(), String> {
        let control = serde_wasm_bindgen::to_value(command).map_err(|error| error.to_string())?;
        self.worker.post_message(&control).map_err(|error| text(&error))
    }
}

impl Drop for WorkerLink {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}

fn text(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| error.as_string().unwrap_or_default(), |error| error.message().into())
}

fn read_reply(message: &JsValue) -> Result<Reply, String> {
    let pair: &Array = message.dyn_ref().ok_or("not a pair")?;
    let event: Event = serde_wasm_bindgen::from_value(pair.get(0)).map_err(|error| error.to_string())?;
    let numbers = pair.get(1).dyn_ref::<Float64Array>().map(Float64Array::to_vec).unwrap_or_default();
    Ok(Reply { event, numbers })
}

/// The worker's side: reads a command.
pub fn read_command(message: &MessageEvent) -> Result<Command, String> {
    serde_wasm_bindgen::from_value(message.data()).map_err(|error| error.to_string())
}

/// The worker's side: sends a reply.
pub fn send_reply(scope: &DedicatedWorkerGlobalScope, reply: &Reply) -> Result<(), JsValue> {
    let control = serde_wasm_bindgen::to_value(&reply.event)?;
    let numbers = Float64Array::from(reply.numbers.as_slice());
    scope.post_message_with_transfer(&Array::of2(&control, &numbers), &Array::of1(&numbers.buffer()))
}
