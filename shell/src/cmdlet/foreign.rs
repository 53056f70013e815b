//! Parameters that people know from PowerShell and that no command has here, with what does the same.

/// Command, or `*` for all of them; parameter; what to write.
const FOREIGN: &[(&str, &str, &str)] = &[
    (
        "Write-Host",
        "ForegroundColor",
        "Leave it out: Write-Warning and Write-Error are the ones in colour",
    ),
    (
        "Write-Host",
        "BackgroundColor",
        "Leave it out: Write-Warning and Write-Error are the ones in colour",
    ),
    (
        "Write-Host",
        "NoNewline",
        "One line is one call: Write-Host \"$name: $count\"",
    ),
    ("Get-Content", "TotalCount", "Write -First"),
    ("Get-Content", "Head", "Write -First"),
    ("Get-Content", "Tail", "Write -Last"),
    (
        "ForEach-Object",
        "Parallel",
        "Pipe into the command that changes: … | Set-UserLicense -Add SPE_E3 sends many rows at once",
    ),
    (
        "ForEach-Object",
        "ThrottleLimit",
        "Leave it out: a pipeline sends many rows at once by itself",
    ),
    (
        "Get-User",
        "All",
        "Leave it out: everybody is listed unless -Top says how many",
    ),
    (
        "Get-User",
        "ResultSize",
        "Leave it out: everybody is listed unless -Top says how many",
    ),
    (
        "Get-User",
        "Select",
        "… | Select-Object DisplayName, Department",
    ),
    (
        "Get-User",
        "Property",
        "… | Select-Object DisplayName, Department",
    ),
    ("Set-UserLicense", "AddLicenses", "Write -Add SPE_E3"),
    ("Set-UserLicense", "RemoveLicenses", "Write -Remove SPE_E3"),
    ("Set-UserLicense", "DisabledPlans", "Write -Disable PLAN"),
    (
        "Set-UserLicense",
        "LicenseOptions",
        "Write -Add SPE_E3 -Disable PLAN, PLAN",
    ),
    (
        "Export-Csv",
        "Property",
        "… | Select-Object DisplayName, Department | Export-Csv FILE",
    ),
    (
        "Export-Csv",
        "UseCulture",
        "Write -Delimiter ';' where the spreadsheet wants it",
    ),
    ("Out-File", "FilePath", "Write -Path"),
    (
        "*",
        "UserId",
        "The person is the first value: Set-UserLicense adele@contoso.com …, or comes by the pipeline",
    ),
    (
        "*",
        "UserPrincipalName",
        "The person is the first value: Get-User adele@contoso.com, or comes by the pipeline",
    ),
    (
        "*",
        "Identity",
        "What it is about is the first value, or comes by the pipeline",
    ),
    (
        "*",
        "ObjectId",
        "What it is about is the first value, or comes by the pipeline",
    ),
    (
        "*",
        "ErrorVariable",
        "$Error lists what went wrong, the newest first",
    ),
    ("*", "OutVariable", "… | Tee-Object -Variable name"),
    (
        "*",
        "WarningAction",
        "Warnings go to standard error, and stop nothing",
    ),
];

/// What to write instead of this parameter of this command, where it is known.
pub(super) fn instead_of(cmdlet: &str, param: &str) -> Option<&'static str> {
    let of = |whose: &str| {
        let mut known = FOREIGN.iter();
        let found =
            known.find(|(command, name, _)| *command == whose && name.eq_ignore_ascii_case(param));
        found.map(|(_, _, instead)| *instead)
    };
    of(cmdlet).or_else(|| of("*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::CMDLETS;

    #[test]
    fn no_command_has_what_is_called_foreign() {
        for (command, param, _) in FOREIGN {
            let named = CMDLETS.iter().find(|cmdlet| cmdlet.name == *command);
            assert!(*command == "*" || named.is_some(), "{command}");
            let has = named.is_some_and(|cmdlet| {
                cmdlet
                    .all_params()
                    .any(|known| known.name.eq_ignore_ascii_case(param))
            });
            assert!(!has, "{command} has -{param}");
        }
    }

    #[test]
    fn a_parameter_of_another_shell_names_the_one_of_this() {
        assert_eq!(
            instead_of("Get-Content", "totalcount"),
            Some("Write -First")
        );
        assert!(instead_of("Get-Product", "OutVariable").is_some());
        assert_eq!(instead_of("Get-Product", "Nonsense"), None);
    }
}
