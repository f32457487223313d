//! Fast signals made slow enough to read: whoever is woken reads everything at that one instant, so that it fits together.

use std::time::Duration;

use leptos::prelude::*;

use crate::store::Store;

/// Fires when what `track` watches has changed, at most once in so many milliseconds.
pub fn pulse(track: impl Fn() + 'static, milliseconds: u64) -> Trigger {
    let pulse = Trigger::new();
    // While a timer runs: whether anything has changed since it was set.
    let timer = StoredValue::new_local(None::<(TimeoutHandle, bool)>);
    Effect::new(move |_| {
        track();
        match timer.get_value() {
            Some((handle, _)) => timer.set_value(Some((handle, true))),
            None => {
                pulse.notify();
                rest(pulse, timer, milliseconds);
            }
        }
    });
    on_cleanup(move || {
        if let Some(Some((handle, _))) = timer.try_get_value() {
            handle.clear();
        }
    });
    pulse
}

/// Fires when the run has moved or another one begun, at most once in so many milliseconds.
pub fn run_pulse(store: Store, milliseconds: u64) -> Trigger {
    let track = move || {
        store.progress.track();
        store.experiment.track();
    };
    pulse(track, milliseconds)
}

fn rest(pulse: Trigger, timer: StoredValue<Option<(TimeoutHandle, bool)>, LocalStorage>, milliseconds: u64) {
    let wake = move || {
        let Some(Some((_, changed))) = timer.try_get_value() else { return };
        timer.set_value(None);
        if changed {
            pulse.notify();
            rest(pulse, timer, milliseconds);
        }
    };
    timer.set_value(set_timeout_with_handle(wake, Duration::from_millis(milliseconds)).ok().map(|handle| (handle, false)));
}
