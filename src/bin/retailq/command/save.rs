//! Writing a file that is there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

/// Where a file comes to stand, and the one beside it that it is written to first; `None` of what cannot be replaced, such as a device.
fn places(path: &str) -> Result<(PathBuf, Option<PathBuf>)> {
    let path = Path::new(path);
    let target = match fs::metadata(path) {
        Ok(there) if !there.is_file() => return Ok((path.to_owned(), None)),
        // A link stays one: what it leads to is replaced.
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let mut beside = target.clone().into_os_string();
    beside.push(format!(".{}.part", std::process::id()));
    Ok((target, Some(beside.into())))
}

/// Whether a file could be written, without leaving a trace.
pub fn check(path: &str) -> Result<()> {
    let (target, beside) = places(path)?;
    // A file that may not be written is not replaced either.
    if target.exists() {
        OpenOptions::new().append(true).open(&target)?;
    }
    match beside {
        Some(beside) => File::create_new(&beside).and_then(|_| fs::remove_file(&beside)),
        None => Ok(()),
    }
}

/// Writes a file beside the one that is there, and puts it in its place when all of it is written.
pub fn write(path: &str, text: &str) -> Result<()> {
    let (target, beside) = places(path)?;
    let Some(beside) = beside else { return fs::write(target, text) };
    let written = File::create_new(&beside).and_then(|mut file| {
        if let Ok(there) = fs::metadata(&target) {
            file.set_permissions(there.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &target)
    });
    if written.is_err() {
        // Of two faults the first is told.
        fs::remove_file(&beside).ok();
    }
    written
}
