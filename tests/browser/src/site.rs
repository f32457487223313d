//! A static host, as plain as they come, that serves the page below a sub-path.

use std::fs;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Not the root, so that an absolute URL in the page would be found out.
const SUB_PATH: &str = "/school/retailq/";

/// A host that lives as long as this process.
pub struct Site {
    /// Where the page is.
    pub address: String,
    served: Arc<Mutex<Vec<String>>>,
    gone: Arc<AtomicBool>,
}

impl Site {
    /// Serves a directory.
    pub fn of(directory: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}{SUB_PATH}", listener.local_addr().expect("an address"));
        let served = Arc::new(Mutex::new(Vec::new()));
        let gone = Arc::new(AtomicBool::new(false));
        let (noted, silent) = (Arc::clone(&served), Arc::clone(&gone));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if silent.load(Ordering::Relaxed) {
                    continue;
                }
                let (directory, noted) = (directory.clone(), Arc::clone(&noted));
                // A browser that hangs up in the middle is no fault of the page.
                thread::spawn(move || answer(&directory, &noted, stream));
            }
        });
        Self { address, served, gone }
    }

    /// From now on it hangs up on everybody.
    pub fn unplug(&self) {
        self.gone.store(true, Ordering::Relaxed);
    }

    /// Names of the files served so far, in order.
    pub fn served(&self) -> Vec<String> {
        self.served.lock().expect("a list").clone()
    }
}

fn answer(directory: &Path, served: &Mutex<Vec<String>>, mut stream: TcpStream) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let target = request.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let name = path.strip_prefix(SUB_PATH).map(|name| if name.is_empty() { "index.html" } else { name });
    let body = name.filter(|name| !name.contains("..")).and_then(|name| Some((mime(name), fs::read(directory.join(name)).ok()?)));
    served.lock().expect("a list").push(name.unwrap_or(path).to_owned());
    let (status, mime, body) = match body {
        Some((mime, body)) => ("200 OK", mime, body),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    let length = body.len();
    // Browsers may keep files for some minutes, as those of most hosts.
    let headers = format!("Content-Type: {mime}\r\nContent-Length: {length}\r\nCache-Control: max-age=600\r\nConnection: close");
    write!(stream, "HTTP/1.1 {status}\r\n{headers}\r\n\r\n")?;
    stream.write_all(&body)
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}
