//! The registered commands as the translation asks for them.

use usher_lang::{CommandShape, Names};

use crate::cmdlet::{Kind, Registry, find_param};

impl Names for Registry {
    fn command(&self, name: &str) -> Option<CommandShape> {
        if self.is_alias(name) {
            return None;
        }
        self.find(name).map(|cmdlet| CommandShape {
            name: cmdlet.name.to_owned(),
            shares_scope: cmdlet
                .params
                .iter()
                .filter(|param| param.kind == Kind::Block)
                .count()
                > 1,
        })
    }

    fn alias(&self, name: &str) -> Option<String> {
        self.is_alias(name)
            .then(|| self.find(name).map(|cmdlet| cmdlet.name.to_owned()))
            .flatten()
    }

    fn instead_of(&self, command: &str) -> Option<String> {
        Registry::instead_of(self, command).map(str::to_owned)
    }

    fn declares(&self, command: &str, parameter: &str) -> bool {
        let param = self
            .find(command)
            .and_then(|cmdlet| find_param(cmdlet, parameter).ok());
        param.is_some_and(|param| param.kind == Kind::Variable)
    }

    fn all(&self) -> Vec<String> {
        let names = Registry::all(self).iter().flat_map(|cmdlet| {
            let short = self.aliases_of(cmdlet.name);
            short.into_iter().chain([cmdlet.name.to_owned()])
        });
        names.collect()
    }
}
