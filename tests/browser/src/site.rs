//! A static host, as plain as they come, that serves the page below a sub-path.

use std::fs;
use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

/// Not the root, so that an absolute URL in the page would be found out.
const SUB_PATH: &str = "/school/retailq/";

/// Address of the page while this process lives.
pub fn serve(directory: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let directory = directory.clone();
            // A browser that hangs up in the middle is no fault of the page.
            thread::spawn(move || answer(&directory, stream));
        }
    });
    format!("http://{address}{SUB_PATH}")
}

fn answer(directory: &Path, mut stream: TcpStream) -> Result<()> {
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
    let (status, mime, body) = match body {
        Some((mime, body)) => ("200 OK", mime, body),
        None => ("404 Not Found", "text/plain", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
