//! The page without a network: a service worker that knows every file of this edition.

use std::fs;
use std::io::{Error, Result};
use std::path::Path;

use crate::one_file;
use crate::step::say;

/// What the service worker is called; the name must never change, since browsers ask for it again by that name.
pub const NAME: &str = "offline.js";

const SCRIPT: &str = include_str!("../../../www/offline.js");

/// Writes the service worker, and has the page register it.
pub fn write(directory: &Path) -> Result<()> {
    let path = directory.join("index.html");
    let page = fs::read_to_string(&path)?;
    let (head, body) = page.split_once("</head>").ok_or_else(|| Error::other("index.html has no head"))?;
    fs::write(&path, format!("{head}<meta name=\"offline\" content=\"{NAME}\">\n</head>{body}"))?;
    let mut names: Vec<String> =
        fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<Result<_>>()?;
    names.retain(|name| name != one_file::NAME && name != NAME);
    names.sort();
    let mut contents = Vec::new();
    for name in &names {
        contents.extend(fs::read(directory.join(name))?);
    }
    let version = format!("{:016x}", hash(&contents));
    // The page is asked for by its address, which is that of the directory.
    let files: Vec<&str> = names.iter().map(|name| if name == "index.html" { "./" } else { name }).collect();
    fs::write(directory.join(NAME), SCRIPT.replace("{version}", &version).replace("{files}", &files.join(" ")))?;
    say(&format!("edition {version}"));
    Ok(())
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
