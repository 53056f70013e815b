//! A folder with a small catalogue, its rules, a staff list, and the shell's data about them: what a person has who
//! drives the shell by files.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::usher::{Finished, Usher};

const PRODUCTS: &str = "\
Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names
Desk,DESK,a0000000-0000-4000-8000-000000000001,MAIL,b0000000-0000-4000-8000-000000000001,Mail
Desk,DESK,a0000000-0000-4000-8000-000000000001,FILES,b0000000-0000-4000-8000-000000000002,Files
Desk,DESK,a0000000-0000-4000-8000-000000000001,NOTES,b0000000-0000-4000-8000-000000000003,Notes
Suite,SUITE,a0000000-0000-4000-8000-000000000002,MAIL,b0000000-0000-4000-8000-000000000001,Mail
Suite,SUITE,a0000000-0000-4000-8000-000000000002,FILES,b0000000-0000-4000-8000-000000000002,Files
Suite,SUITE,a0000000-0000-4000-8000-000000000002,CALLS,b0000000-0000-4000-8000-000000000004,Calls
Small,SMALL,a0000000-0000-4000-8000-000000000003,MAIL_SMALL,b0000000-0000-4000-8000-000000000005,Small mail
";
const EXCLUSIONS: &str = "\
set_id,service,service_plan_name,service_plan_id
mail,Mail,MAIL,b0000000-0000-4000-8000-000000000001
mail,Mail,MAIL_SMALL,b0000000-0000-4000-8000-000000000005
";

/// The folder.
pub struct Office {
    folder: TempDir,
}

impl Office {
    /// The files, and data that hold the catalogue and this many people, `p0000@contoso.com` and on. Those whose number
    /// `has_location` denies have no usage location.
    ///
    /// # Panics
    /// If the shell refuses them.
    #[must_use]
    pub fn of(people: usize, has_location: fn(usize) -> bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut staff = String::from("userPrincipalName,displayName,department,usageLocation\n");
        for number in 0..people {
            let country = if has_location(number) { "DE" } else { "" };
            let _ = writeln!(
                staff,
                "p{number:04}@contoso.com,Person {number},Sales,{country}"
            );
        }
        for (name, text) in [
            ("products.csv", PRODUCTS),
            ("exclusions.csv", EXCLUSIONS),
            ("staff.csv", &staff),
        ] {
            fs::write(folder.path().join(name), text).expect("a file can be written");
        }
        let office = Self { folder };
        let _ = office
            .commands(
                "Import-Product products.csv | Out-Null; Import-LicenseRule exclusions.csv | Out-Null
                Import-User staff.csv | Out-Null",
            )
            .expect_code(0);
        office
    }

    /// Another folder with a copy of everything.
    ///
    /// # Panics
    /// If a file cannot be copied.
    #[must_use]
    pub fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        copy(self.path(), folder.path());
        Self { folder }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).expect("a file can be written");
        path
    }

    /// A shell on the data, to be given more arguments.
    #[must_use]
    pub fn shell(&self) -> Usher {
        Usher::new().args(["--data", "data"]).within(self.path())
    }

    /// Runs commands to their end.
    #[must_use]
    pub fn commands(&self, commands: &str) -> Finished {
        self.shell().args(["-c", commands]).run()
    }

    /// Runs commands that succeed; gives what they print.
    ///
    /// # Panics
    /// If they fail.
    #[must_use]
    pub fn says(&self, commands: &str) -> String {
        let run = self.commands(commands).expect_code(0);
        run.stdout.trim_end().to_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder can be made");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
