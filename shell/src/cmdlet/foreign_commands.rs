//! Commands that people know from PowerShell, Graph and the modules before it, with what does the same here.

use super::Registry;

/// Letters before the noun in the modules for the same job.
const MODULES: [&str; 4] = ["Mg", "Msol", "AzureAD", "Entra"];

/// Verb and noun, without the letters of a module; what to write.
const FOREIGN: &[(&str, &str)] = &[
    ("Get-SubscribedSku", "Get-License"),
    ("Get-AccountSku", "Get-License"),
    ("Get-Subscription", "Get-Subscription"),
    (
        "Get-UserLicenseDetail",
        "Get-UserLicense USER -ServicePlans",
    ),
    (
        "New-LicenseOptions",
        "Set-UserLicense USER -Add SPE_E3 -Disable PLAN, PLAN",
    ),
    ("Update-User", "Set-User"),
    (
        "Set-UserPassword",
        "Set-User changes what licences depend on; signing in is not its job",
    ),
    ("Get-DirectoryDeletedItem", "Get-User -Deleted"),
    ("Get-DeletedUser", "Get-User -Deleted"),
    ("Restore-DirectoryDeletedItem", "Restore-User"),
    ("Restore-DeletedUser", "Restore-User"),
    ("Get-AuditLogDirectoryAudit", "Get-AuditLog"),
    ("Get-Context", "Get-Session"),
    (
        "Connect-Graph",
        "Connect-Service https://usher.contoso.com:50443",
    ),
    (
        "Connect-Service",
        "Connect-Service https://usher.contoso.com:50443",
    ),
    (
        "Connect-ExchangeOnline",
        "Connect-Service https://usher.contoso.com:50443",
    ),
    ("Disconnect-Graph", "Disconnect-Service"),
    (
        "Select-String",
        "… | Where-Object { $_ -match 'words' }, or Where-Object Name -like '*word*'",
    ),
    ("Get-Unique", "… | Sort-Object -Unique"),
    (
        "Out-GridView",
        "… | Format-Table, or Export-Html FILE for a browser",
    ),
    ("ConvertTo-Html", "… | Export-Html FILE"),
    ("Set-Content", "… | Out-File FILE"),
    ("Add-Content", "… | Out-File FILE -Append"),
    ("Get-Error", "$Error[0]"),
    ("Write-Debug", "Write-Verbose"),
    ("Write-Information", "Write-Host"),
    ("New-Object", "@{ Name = value }"),
    ("Add-Member", "… | Select-Object *, Name={ … }"),
    ("Set-Variable", "$name = value"),
    ("Get-Variable", "Tab after $ offers all variables"),
    ("Clear-Host", "Ctrl-L, or cls"),
    ("Clear-Variable", "$name = $null"),
    (
        "Import-Module",
        "import \"lib.usher\" as lib; all commands are here already",
    ),
    (
        "Install-Module",
        "Nothing is installed: Get-Command lists all commands",
    ),
    ("Get-Module", "Get-Command lists all commands"),
    (
        "Set-ExecutionPolicy",
        "Scripts run as they are: usher script.usher",
    ),
    (
        "Invoke-Expression",
        "A text cannot be run; a block can: $b = || { … }; $b.call()",
    ),
    (
        "Get-ChildItem",
        "There are no folders to walk: files are named by their paths, and Tab completes them",
    ),
    (
        "Set-Location",
        "There are no folders to walk: files are named by their paths, and Tab completes them",
    ),
    (
        "Get-Location",
        "Files are named from the folder in which usher was started",
    ),
    ("Test-Path", "try { Get-Content FILE -First 1 } catch { … }"),
    ("Start-Job", "A pipeline sends many rows at once by itself"),
    (
        "Get-Credential",
        "Connect-Service asks for a token without showing it",
    ),
];

impl Registry {
    /// What to write instead of a command of another shell or module, where that is known.
    pub fn instead_of(&self, name: &str) -> Option<&'static str> {
        let plain = without_module(name);
        let mut known = FOREIGN.iter();
        if let Some((_, instead)) = known.find(|(foreign, _)| foreign.eq_ignore_ascii_case(&plain))
        {
            return Some(instead);
        }
        let same = plain.len() < name.len();
        same.then(|| self.find(&plain))
            .flatten()
            .map(|cmdlet| cmdlet.name)
    }
}

/// `Get-User` of `Get-MgUser`.
fn without_module(name: &str) -> String {
    let Some((verb, noun)) = name.split_once('-') else {
        return name.to_owned();
    };
    let rest = MODULES.iter().find_map(|module| {
        let (start, rest) = noun.split_at_checked(module.len())?;
        (start.eq_ignore_ascii_case(module) && !rest.is_empty()).then_some(rest)
    });
    match rest {
        Some(rest) => format!("{verb}-{rest}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::{ALIASES, CMDLETS};

    #[test]
    fn commands_of_other_modules_name_the_ones_of_this_shell() {
        let registry = Registry::new(CMDLETS, ALIASES);
        for (foreign, instead) in [
            ("Get-MgUser", "Get-User"),
            ("set-msoluserlicense", "Set-UserLicense"),
            ("Get-AzureADSubscribedSku", "Get-License"),
            ("Get-MsolAccountSku", "Get-License"),
            (
                "Connect-MgGraph",
                "Connect-Service https://usher.contoso.com:50443",
            ),
            (
                "Connect-MsolService",
                "Connect-Service https://usher.contoso.com:50443",
            ),
            (
                "Select-String",
                "… | Where-Object { $_ -match 'words' }, or Where-Object Name -like '*word*'",
            ),
        ] {
            assert_eq!(registry.instead_of(foreign), Some(instead), "{foreign}");
        }
        for none in ["Get-Usr", "Get-Mg", "nonsense", "Get-MgTeam"] {
            assert_eq!(registry.instead_of(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_called_foreign_is_no_command_of_this_shell_but_under_a_module() {
        let registry = Registry::new(CMDLETS, ALIASES);
        for (foreign, instead) in FOREIGN {
            let own = registry.find(foreign).map(|cmdlet| cmdlet.name);
            assert!(own.is_none_or(|own| instead.starts_with(own)), "{foreign}");
        }
    }
}
