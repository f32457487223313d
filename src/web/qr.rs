//! A link as a picture that a phone reads.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// The largest code that a phone still reads from a projector: 97 by 97 fields, 858 bytes.
const LARGEST: u8 = 20;
/// White fields around it, which readers need.
const QUIET: i32 = 4;

/// The code, black on white in either theme; `None` where the text is too long for it.
pub fn qr(text: &str, label: String) -> Option<AnyView> {
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let code = QrCode::encode_segments_advanced(&segments, QrCodeEcc::Low, Version::MIN, Version::new(LARGEST), None, true).ok()?;
    let size = code.size() + 2 * QUIET;
    let view = view! {
        <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label=label shape-rendering="crispEdges">
            <path fill="#fff" d=format!("M0 0h{size}v{size}H0z")></path><path fill="#000" d=fields(&code)></path>
        </svg>
    };
    Some(view.into_any())
}

/// The black fields, as one path of horizontal runs.
fn fields(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let from = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > from {
                let run = x - from;
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", from + QUIET, y + QUIET));
            }
            x += 1;
        }
    }
    path
}
