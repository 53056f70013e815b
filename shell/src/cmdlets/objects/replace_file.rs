//! Writes a file so that its old contents stay until the new ones are complete.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// A file being written beside the one that it is to replace. Dropped, it leaves that one as it was.
pub(super) struct Replacement {
    out: BufWriter<Target>,
    path: PathBuf,
}

enum Target {
    /// A new file in the same folder, so that renaming it is one step.
    Beside(NamedTempFile),
    /// A device or pipe, which cannot be replaced.
    Direct(File),
}

impl Replacement {
    pub(super) fn start(path: &Path) -> io::Result<Self> {
        // A link stays a link: what it points to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let existing = path.metadata().ok();
        if existing.as_ref().is_some_and(|existing| existing.is_dir()) {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "it is a folder",
            ));
        }
        let target = match existing {
            Some(existing) if !existing.is_file() => {
                Target::Direct(OpenOptions::new().write(true).open(&path)?)
            }
            existing => {
                // Renaming would get around a file's own protection.
                if existing
                    .as_ref()
                    .is_some_and(|existing| existing.permissions().readonly())
                {
                    return Err(io::Error::new(
                        io::ErrorKind::PermissionDenied,
                        "it is write-protected",
                    ));
                }
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty())
                    .unwrap_or(Path::new("."));
                if !folder.is_dir() {
                    return Err(io::Error::new(
                        io::ErrorKind::NotFound,
                        "its folder is not there",
                    ));
                }
                let mut builder = Builder::new();
                builder.prefix(".usher-");
                let permissions = existing
                    .map(|existing| existing.permissions())
                    .or_else(usual_permissions);
                if let Some(permissions) = permissions {
                    builder.permissions(permissions);
                }
                // The name of the temporary file would only puzzle.
                let beside = builder
                    .tempfile_in(folder)
                    .map_err(|error| io::Error::from(error.kind()))?;
                Target::Beside(beside)
            }
        };
        Ok(Self {
            out: BufWriter::new(target),
            path,
        })
    }

    /// Puts the new file in place of the old one.
    pub(super) fn finish(self) -> io::Result<()> {
        match self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?
        {
            Target::Beside(beside) => {
                beside.as_file().sync_all()?;
                beside.persist(&self.path).map_err(|error| error.error)?;
                Ok(())
            }
            Target::Direct(mut file) => file.flush(),
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file) => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

/// What a new file usually gets, less the user's mask; a temporary one would be private.
#[cfg(unix)]
fn usual_permissions() -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<std::fs::Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_file_stays_until_the_new_one_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        std::fs::write(&path, "old").unwrap();
        let mut dropped = Replacement::start(&path).unwrap();
        dropped.write_all(b"half").unwrap();
        drop(dropped);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        let mut finished = Replacement::start(&path).unwrap();
        finished.write_all(b"new").unwrap();
        finished.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_or_a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Replacement::start(folder.path()).is_err());
        let missing = Replacement::start(&folder.path().join("missing").join("out.csv"));
        assert_eq!(
            missing.err().unwrap().to_string(),
            "its folder is not there"
        );
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay_as_they_were() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (
            folder.path().join("out.csv"),
            folder.path().join("link.csv"),
        );
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let mut file = Replacement::start(&link).unwrap();
        file.write_all(b"new").unwrap();
        file.finish().unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}
