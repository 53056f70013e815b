//! The table of commands and aliases by name, and the nearest names for messages.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Cmdlet;

/// Similarity below which a name is not offered.
const NEAR: f64 = 0.75;
const NEAREST_SHOWN: usize = 3;

/// All commands by name, ignoring case, and their aliases.
pub struct Registry {
    cmdlets: Vec<&'static Cmdlet>,
    by_name: HashMap<String, &'static Cmdlet>,
    /// Grows while the session lives: Set-Alias.
    aliases: RefCell<HashMap<String, &'static str>>,
}

impl Registry {
    /// A registry of these commands; an alias stands for a command of the list.
    pub fn new(cmdlets: &[&'static Cmdlet], aliases: &[(&'static str, &'static str)]) -> Self {
        Self {
            cmdlets: cmdlets.to_vec(),
            by_name: cmdlets
                .iter()
                .map(|cmdlet| (cmdlet.name.to_ascii_lowercase(), *cmdlet))
                .collect(),
            aliases: RefCell::new(
                aliases
                    .iter()
                    .map(|(alias, name)| (alias.to_ascii_lowercase(), *name))
                    .collect(),
            ),
        }
    }

    /// Has a name stand for a command from now on, whatever it stood for.
    pub fn set_alias(&self, alias: &str, command: &'static Cmdlet) {
        let mut aliases = self.aliases.borrow_mut();
        aliases.insert(alias.to_ascii_lowercase(), command.name);
    }

    /// The command with this name or alias.
    pub fn find(&self, name: &str) -> Option<&'static Cmdlet> {
        let folded = name.to_ascii_lowercase();
        let full = self
            .aliases
            .borrow()
            .get(&folded)
            .map(|name| name.to_ascii_lowercase())
            .unwrap_or(folded);
        self.by_name.get(&full).copied()
    }

    /// Whether it is an alias.
    pub fn is_alias(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.aliases.borrow().contains_key(&name)
    }

    /// All commands, in the order of the list.
    pub fn all(&self) -> &[&'static Cmdlet] {
        &self.cmdlets
    }

    /// Aliases of one command, ascending.
    pub fn aliases_of(&self, name: &str) -> Vec<String> {
        let aliases = self.aliases.borrow();
        let mut found: Vec<String> = aliases
            .iter()
            .filter(|(_, full)| full.eq_ignore_ascii_case(name))
            .map(|(alias, _)| alias.clone())
            .collect();
        found.sort_unstable();
        found
    }

    /// Commands with similar names, the nearest first.
    pub fn nearest(&self, name: &str) -> Vec<&'static str> {
        nearest(name, self.cmdlets.iter().map(|cmdlet| cmdlet.name))
    }
}

/// The names most like this one, the nearest first.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let wanted = name.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(&wanted, &known.to_lowercase()), known))
        .filter(|(score, _)| *score >= NEAR)
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
    scored
        .into_iter()
        .take(NEAREST_SHOWN)
        .map(|(_, known)| known)
        .collect()
}
