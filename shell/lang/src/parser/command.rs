//! Commands and pipelines: where they begin, what they are called, how their stages join.

use super::cursor::is_word_part;
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::names::CommandShape;
use crate::output::{Mark, PieceId};
use crate::spec::{
    Argument, ArgumentValue, CommandSpec, PipelineSpec, Spot, SpotKind, StageSpec, TokenKind,
};

/// A pipeline while its stages are read.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    pub(crate) stages: Vec<StageSpec>,
    pub(crate) slots: usize,
    /// Variables that blocks of its commands share, under their rhai names.
    pub(crate) shared: Vec<String>,
}

impl Parser<'_> {
    /// `Verb-Noun` begins here and is a command, known or not.
    pub(crate) fn command_begins(&self) -> bool {
        self.command_name_here().is_some()
    }

    /// The range of the command name that begins here.
    pub(crate) fn command_name_here(&self) -> Option<Span> {
        let verb = self.word_here()?;
        let rest = self.text.get(verb.end..)?;
        let noun = rest.strip_prefix('-')?;
        if !noun.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let run = rest
            .find(|c: char| !is_word_part(c) && c != '-')
            .unwrap_or(rest.len());
        let run = rest.get(..run)?.trim_end_matches('-').len();
        let span = Span::new(verb.start, verb.end + run);
        let whole = self.slice(span);
        let pair = whole
            .match_indices('-')
            .nth(1)
            .map_or(whole, |(at, _)| &whole[..at]);
        let capitals = pair
            .split('-')
            .all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()));
        let is_command = capitals
            || self.names.command(whole).is_some()
            || (pair.len() < whole.len() && self.names.command(pair).is_some());
        is_command.then_some(span)
    }

    pub(crate) fn resolve_command(&self, span: Span) -> Parse<CommandShape> {
        self.names
            .command(self.slice(span))
            .ok_or_else(|| self.unknown_command(span))
    }

    /// The alias that begins here, and the range of its name.
    fn alias_here(&self) -> Option<(Span, String)> {
        let span = match self.peek()? {
            '?' | '%' => Span::new(self.at, self.at + 1),
            _ => self.word_here()?,
        };
        let next = self.text.get(span.end..).and_then(|t| t.chars().next());
        let ends = next.is_none_or(|c| c.is_whitespace() || "{|;)]},".contains(c));
        let name = ends.then(|| self.names.alias(self.slice(span)))??;
        Some((span, name))
    }

    /// An alias begins a statement here: no variable or fn has its name.
    pub(crate) fn alias_begins(&self) -> bool {
        let Some((span, _)) = self.alias_here() else {
            return false;
        };
        let name = self.slice(span);
        let after = self.text.get(span.end..).unwrap_or_default().trim_start();
        let assigned = ["=", "+=", "-=", "*=", "/="]
            .iter()
            .any(|symbol| after.starts_with(symbol));
        !assigned
            && !self.functions.contains(name)
            && self.scopes.look_up(name) == crate::scopes::Seen::Nowhere
    }

    /// The command or alias after the `|` that comes next, if one stands there.
    pub(crate) fn command_after_pipe(&mut self) -> Parse<Option<Span>> {
        let before = self.at;
        self.at += 1;
        let skipped = self.skip();
        if self.at_end() {
            self.spot_at_word(SpotKind::Stage, self.at);
        } else if let Some(word) = self.command_name_here().or_else(|| self.word_here())
            && word.end == self.text.len()
        {
            self.spot_at_word(SpotKind::Stage, word.start);
        }
        let found = self
            .command_name_here()
            .or_else(|| self.alias_here().map(|(span, _)| span));
        self.at = before;
        skipped?;
        Ok(found)
    }

    /// A `|` with a command after it follows; the cursor stands on it then.
    pub(crate) fn pipe_to_command(&mut self) -> Parse<bool> {
        let before = self.at;
        self.skip()?;
        if self.starts("|") && !self.starts("||") && self.command_after_pipe()?.is_some() {
            return Ok(true);
        }
        self.at = before;
        Ok(false)
    }

    /// Reads a pipeline that begins with a command.
    pub(crate) fn pipeline_from_command(&mut self) -> Parse<PieceId> {
        let start = self.out.mark();
        let at = self.at;
        let id = self.reserve_pipeline();
        let name = self.command_name_here().unwrap_or_else(|| self.here());
        let call = self.out.write("__pipe(", name);
        self.out
            .write(format!("{}, [", id + self.first_pipeline), name);
        let mut stages = Stages::default();
        let depth = self.stages_before.len();
        self.nested(|p| p.command(&mut stages))?;
        self.further_stages(&mut stages)?;
        self.stages_before.truncate(depth);
        self.finish_pipeline(id, stages, start, at);
        Ok(call)
    }

    /// Goes on with a pipeline whose first stage, an expression, was read since `start`.
    pub(crate) fn pipeline_from_input(&mut self, start: Mark, input: Span) -> Parse<PieceId> {
        let id = self.reserve_pipeline();
        let head = format!("{}, [", id + self.first_pipeline);
        self.out.wrap_before(start, head, input);
        let call = self.out.wrap_before(start, "__pipe(", input);
        let end = Span::new(input.end, input.end);
        let mark = self.out.mark();
        self.out.wrap_after(mark, ", ", end);
        let mut stages = Stages {
            stages: vec![StageSpec::Input {
                slot: 0,
                span: input,
            }],
            slots: 1,
            shared: Vec::new(),
        };
        let depth = self.stages_before.len();
        self.further_stages(&mut stages)?;
        self.stages_before.truncate(depth);
        self.finish_pipeline(id, stages, start, input.start);
        Ok(call)
    }

    fn reserve_pipeline(&mut self) -> usize {
        self.pipelines.push(PipelineSpec::default());
        self.pipelines.len() - 1
    }

    fn further_stages(&mut self, stages: &mut Stages) -> Parse<()> {
        while self.pipe_to_command()? {
            self.mark(TokenKind::Operator, self.here());
            self.at += 1;
            self.skip()?;
            self.nested(|p| p.command(stages))?;
        }
        let before = self.at;
        self.skip()?;
        if self.starts("|") && !self.starts("||") {
            self.at += 1;
            self.skip()?;
            if self.at_end() {
                return Err(self.expected("a command after `|`"));
            }
            if let Some(word) = self.word_here() {
                return Err(self.unknown_stage(word));
            }
            return Err(self.expected("a command after `|`"));
        }
        self.at = before;
        Ok(())
    }

    fn unknown_stage(&self, word: Span) -> Box<Fault> {
        let name = self.slice(word);
        let all = self.names.all();
        let near = crate::names::nearest(name, all.iter().map(String::as_str));
        let fault = Fault::new(
            word,
            format!("`{name}` after `|` is not a command or an alias"),
        );
        match crate::names::did_you_mean(&near) {
            Some(help) => fault.help(help),
            None => fault.help("Get-Command lists the commands and their aliases"),
        }
    }

    fn finish_pipeline(&mut self, id: usize, stages: Stages, start: Mark, at: usize) {
        let end = Span::new(self.at, self.at);
        self.out.write("])", end);
        if !stages.shared.is_empty() {
            let names: Vec<String> = stages
                .shared
                .iter()
                .map(|name| format!("let {name} = ();"))
                .collect();
            let declarations = format!("{{ {} ", names.join(" "));
            self.out.wrap_before(start, declarations, end);
            let mark = self.out.mark();
            self.out.wrap_after(mark, " }", end);
        }
        self.command_end = self.at;
        if let Some(spec) = self.pipelines.get_mut(id) {
            *spec = PipelineSpec {
                stages: stages.stages,
                slots: stages.slots,
                span: Span::new(at, self.at),
            };
        }
    }

    /// Reads one command with its arguments.
    fn command(&mut self, stages: &mut Stages) -> Parse<()> {
        let (span, shape) = self.command_or_alias()?;
        self.mark(TokenKind::Command, span);
        self.at = span.end;
        if shape.shares_scope {
            self.scopes.enter_shared();
        }
        let arguments = self.arguments(&shape, stages);
        if shape.shares_scope {
            stages.shared.extend(self.scopes.leave_shared());
        }
        let arguments = arguments?;
        self.stages_before.push(shape.name.clone());
        let command = CommandSpec {
            name: shape.name,
            span,
            arguments,
        };
        let command = match self.names.command(HELP) {
            Some(help) if asks_for_help(&command) => explained(command, help.name),
            _ => command,
        };
        stages.stages.push(StageSpec::Command(command));
        Ok(())
    }

    fn command_or_alias(&self) -> Parse<(Span, CommandShape)> {
        if let Some(span) = self.command_name_here() {
            return Ok((span, self.resolve_command(span)?));
        }
        let Some((span, name)) = self.alias_here() else {
            return Err(self.expected("a command"));
        };
        let shape = self.names.command(&name).ok_or_else(|| {
            Fault::new(
                span,
                format!(
                    "The alias `{}` stands for `{name}`, which is not a command",
                    self.slice(span)
                ),
            )
        })?;
        Ok((span, shape))
    }

    /// Notes what completion would have to complete, when the text ends in it.
    pub(crate) fn spot_at_word(&mut self, kind: SpotKind, start: usize) {
        self.spot = Some(Spot {
            kind,
            start,
            command: None,
            arguments: Vec::new(),
            before: self.stages_before.clone(),
        });
    }

    /// The text may end in the first word of a statement.
    pub(crate) fn note_statement_spot(&mut self) {
        let word = self.command_name_here().or_else(|| self.word_here());
        if let Some(word) = word
            && word.end >= self.text.trim_end_matches('-').len()
        {
            self.spot_at_word(SpotKind::Statement, word.start);
        }
    }
}

const HELP: &str = "Get-Help";

/// `Get-User -?`
fn asks_for_help(command: &CommandSpec) -> bool {
    let mut arguments = command.arguments.iter();
    arguments.any(|argument| match argument {
        Argument::Value { value, .. } => *value == ArgumentValue::Word("-?".to_owned()),
        _ => false,
    })
}

/// `Get-Help Get-User`
fn explained(command: CommandSpec, help: String) -> CommandSpec {
    let span = command.span;
    CommandSpec {
        name: help,
        span,
        arguments: vec![Argument::Value {
            value: ArgumentValue::Text(command.name),
            span,
        }],
    }
}
