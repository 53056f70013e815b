//! Words that people type out of habit in other shells, and what to type here. They are no commands.

/// What to type instead of a word that names nothing here.
pub(super) fn hint(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "exit" | "quit" | "logout" => "Write exit(), or exit(1) for a failure",
        "help" | "man" => "Get-Help explains a command, Get-Command lists them",
        "gcm" => "Get-Command",
        "cls" | "clear" => "Ctrl-L clears the screen of the prompt",
        "echo" => "Write-Output",
        "cd" | "pwd" | "ls" | "dir" => {
            "There are no folders to walk here: files are named by their paths, and Tab completes them"
        }
        "cat" | "type" | "gc" => "Get-Content FILE",
        "history" => "The arrow keys and Ctrl-R go through what was typed",
        _ => return None,
    })
}
