//! The page in one file, which opens from a disk, from a mail or in a sandbox: no file beside it, no host, no storage.

use std::fs;
use std::io::{Error, Result};
use std::path::Path;

/// What the page is called.
pub const NAME: &str = "retailq.html";

/// Makes it from the page with its files beside it.
pub fn write(directory: &Path) -> Result<()> {
    let page = fs::read_to_string(directory.join("index.html"))?;
    fs::write(directory.join(NAME), inline(&page, |name| fs::read(directory.join(name)))?)
}

fn inline(page: &str, read: impl Fn(&str) -> Result<Vec<u8>>) -> Result<String> {
    let text = |name: &str| String::from_utf8(read(name)?).map_err(Error::other);
    let (page, _) = take(page, "<link rel=\"manifest\"", ">")?;
    let (page, style) = take(&page, "<link rel=\"stylesheet\"", ">")?;
    let (page, icon) = take(&page, "<link rel=\"icon\"", ">")?;
    let (page, call) = take(&page, "<script>load(", "</script>")?;
    let style = text(between(&style, "href=\"", "\"")?.trim_start_matches("./"))?;
    let icon = base64(&read(between(&icon, "href=\"", "\"")?)?);
    let mut files = call.split('\'').skip(1).step_by(2);
    let (Some(glue), Some(module)) = (files.next(), files.next()) else { return Err(missing("load('…', '…')")) };
    let (glue, module) = (text(glue)?, base64(&miniz_oxide::deflate::compress_to_vec_zlib(&read(module)?, 10)));
    if [&style, &glue].iter().any(|text| text.contains("</s") || text.contains("<!--")) {
        return Err(Error::other("style or script cannot stand within a page"));
    }
    let head = format!("<link rel=\"icon\" href=\"data:image/svg+xml;base64,{icon}\">\n<style>{style}</style>\n</head>");
    let body = format!(
        "<script type=\"text/plain\" id=\"glue\">{glue}</script>\n<script type=\"text/plain\" id=\"module\">{module}</script>\n\
         <script>unpack('glue', 'module')</script>\n</body>"
    );
    Ok(page.replacen("</head>", &head, 1).replacen("</body>", &body, 1))
}

/// The page without a piece of it, and the piece.
fn take(page: &str, start: &str, end: &str) -> Result<(String, String)> {
    let from = page.find(start).ok_or_else(|| missing(start))?;
    let length = page[from..].find(end).ok_or_else(|| missing(end))? + end.len();
    let (before, after) = (&page[..from], &page[from + length..]);
    Ok(([before, after].concat(), page[from..from + length].to_owned()))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Result<&'a str> {
    let rest = text.split_once(start).and_then(|(_, rest)| rest.split_once(end));
    rest.map(|(found, _)| found).ok_or_else(|| missing(start))
}

fn missing(what: &str) -> Error {
    Error::other(format!("index.html holds no {what}"))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) as usize & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[index]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_standard_one() {
        for (plain, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), text);
        }
        assert_eq!(base64(&[251, 255, 191]), "+/+/");
    }

    const PAGE: &str = "<html><head><link rel=\"icon\" href=\"i.svg\"><link rel=\"manifest\" href=\"m\">\
        <link rel=\"stylesheet\" href=\"./s.css\"/></head><body><script>load('a.js', 'a.wasm')</script></body></html>";

    #[test]
    fn nothing_is_left_beside_the_page() {
        let page = inline(PAGE, |name| Ok(format!("<{name}>").into_bytes())).unwrap();
        for expected in ["<style><s.css></style>", "id=\"glue\"><a.js></script>", "unpack('glue', 'module')"] {
            assert!(page.contains(expected), "{page}");
        }
        assert!(!page.contains("load(") && !page.contains("manifest") && !page.contains("href=\"i.svg\""), "{page}");
    }

    #[test]
    fn a_script_that_would_end_early_is_refused() {
        assert!(inline(PAGE, |_| Ok(b"'</script>'".to_vec())).is_err());
        assert!(inline("<html></html>", |_| Ok(Vec::new())).is_err());
    }
}
