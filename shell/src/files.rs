//! Which files a script may reach: any for commands typed by a person, only below given folders for script files.

use std::path::{Component, Path, PathBuf};

use crate::error::{Result, ShellError};
use crate::session::{FileAccess, Session};

/// The path to open for this text, or a refusal that says where files may be.
pub fn reach(session: &Session, text: &str) -> Result<PathBuf> {
    let access = session.files.borrow();
    let FileAccess::Below(folders) = &*access else {
        return Ok(PathBuf::from(text));
    };
    let real = real_path(Path::new(text)).map_err(|error| {
        ShellError::new(
            "FILE_NOT_REACHED",
            format!("`{text}` cannot be reached: {error}"),
        )
        .target(text)
    })?;
    let allowed = folders
        .iter()
        .filter_map(|folder| folder.canonicalize().ok())
        .any(|folder| real.starts_with(folder));
    if allowed {
        return Ok(real);
    }
    let folders: Vec<String> = folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    Err(ShellError::new(
        "FILE_NOT_ALLOWED",
        format!(
            "A script may not reach `{text}`: it lies outside {}",
            folders.join(", ")
        ),
    )
    .fix("Allow its folder: usher --allow-path DIR …")
    .target(text))
}

/// The text of a script: UTF-8, with or without a byte order mark.
pub fn read_text(path: &Path) -> Result<String> {
    let shown = path.display().to_string();
    let refused = |code: &str, why: String| {
        ShellError::new(code, format!("`{shown}` cannot be read: {why}")).target(shown.clone())
    };
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            refused("FILE_NOT_FOUND", "there is no such file".to_owned())
                .fix("Check the path; it starts from the folder in which usher runs")
        }
        _ => refused("FILE_NOT_READ", error.to_string()),
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        refused(
            "FILE_NOT_TEXT",
            format!("byte {} is not UTF-8", error.utf8_error().valid_up_to() + 1),
        )
        .fix("Save it as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

/// The path with links resolved as far as it exists, so that neither `..` nor a link leads out of a folder.
fn real_path(path: &Path) -> std::io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut existing = absolute.as_path();
    loop {
        match existing.canonicalize() {
            Ok(mut real) => {
                for name in missing.iter().rev() {
                    match Path::new(name).components().next() {
                        Some(Component::ParentDir) => {
                            real.pop();
                        }
                        _ => real.push(name),
                    }
                }
                return Ok(real);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                // A dangling link would be followed on open, to wherever it points.
                if existing.symlink_metadata().is_ok() {
                    return Err(error);
                }
                let (Some(parent), Some(last)) =
                    (existing.parent(), existing.components().next_back())
                else {
                    return Err(error);
                };
                missing.push(last.as_os_str().to_owned());
                existing = parent;
            }
            Err(error) => return Err(error),
        }
    }
}
