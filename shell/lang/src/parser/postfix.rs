//! What may follow a value: calls, properties, indexes.

use super::expression::Expression;
use super::operand::VALUE;
use super::{MAX_CHAIN, Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::spec::{SpotKind, TokenKind};

impl Parser<'_> {
    /// Calls, properties and indexes after a value.
    pub(crate) fn postfix(&mut self, root: Expression, callable: bool) -> Parse<Expression> {
        let (mut callable, mut steps) = (callable, 0);
        loop {
            let before = self.at;
            self.skip()?;
            let step = self.postfix_step(callable)?;
            let Some(calls_next) = step else {
                self.at = before;
                return Ok(if steps == 0 { root } else { VALUE });
            };
            callable = calls_next;
            steps += 1;
            if steps > MAX_CHAIN {
                return Err(Fault::new(
                    self.here(),
                    format!("More than {MAX_CHAIN} properties, indexes and calls stand in one row"),
                )
                .help("put a part of it into a variable"));
            }
        }
    }

    /// Reads one step after a value; says whether what stands then can be called.
    pub(crate) fn postfix_step(&mut self, callable: bool) -> Parse<Option<bool>> {
        if callable && (self.starts("(") || self.starts("!(")) {
            if self.starts("!") {
                self.copy(1);
            }
            self.call_arguments()?;
            return Ok(Some(false));
        }
        if callable && self.starts("::") {
            self.copy(2);
            self.skip()?;
            let name = self.word_here().ok_or_else(|| self.expected("a name"))?;
            self.check_name(name, "a part of a module")?;
            self.copy_as(TokenKind::Name, name.end - name.start);
            return Ok(Some(true));
        }
        if self.starts("[") || self.starts("?[") {
            let open = self.here();
            self.copy(if self.starts("?") { 2 } else { 1 });
            let result = self.nested(|p| {
                p.expression()?;
                p.symbol("]", "after the index")
            });
            result.map_err(|fault| self.blame_opening(self.blame_line(fault, open), open))?;
            return Ok(Some(false));
        }
        let dot = if self.starts("?.") {
            2
        } else {
            usize::from(self.starts(".") && !self.starts(".."))
        };
        if dot == 0 {
            return Ok(None);
        }
        self.property(dot)?;
        Ok(Some(true))
    }

    /// An index that begins a line was most likely meant as a list of its own.
    fn blame_line(&self, fault: Box<Fault>, open: Span) -> Box<Fault> {
        let before = self.text.get(..open.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        if fault.incomplete || !before.contains('\n') || !line.trim().is_empty() {
            return fault;
        }
        fault.help(
            "a line that begins with `[` goes on with the line before; end that line with `;`",
        )
    }

    fn property(&mut self, dot: usize) -> Parse<()> {
        self.copy(dot);
        self.skip()?;
        if self.at_end() {
            self.spot_at_word(SpotKind::Property, self.at);
        }
        let Some(name) = self.word_here() else {
            return Err(self
                .expected("a property name after `.`")
                .help("a name with blanks goes into brackets: `$_['User name']`"));
        };
        if name.end == self.text.len() {
            self.spot_at_word(SpotKind::Property, name.start);
        }
        let text = self.slice(name);
        if !text.contains(|c: char| c.is_ascii_alphabetic()) {
            return Err(Fault::new(name, format!("`{text}` cannot name a property")));
        }
        self.refuse_block_method(name)?;
        if self.asks_a_map(name) {
            // A map answers to its own keys only, which a native function looks at first.
            self.mark(TokenKind::Property, name);
            self.out.write(format!("__of_any(\"{text}\")"), name);
            self.at = name.end;
        } else {
            self.copy_as(TokenKind::Property, name.end - name.start);
        }
        Ok(())
    }

    /// `.Count`, `.Keys` and `.Values` that are read, and not called or set.
    fn asks_a_map(&self, name: Span) -> bool {
        let known = ["Count", "Keys", "Values"];
        let text = self.slice(name);
        let rest = self.text.get(name.end..).unwrap_or_default().trim_start();
        let is_set = ["=", "+=", "-=", "*=", "/=", "%=", "??=", "++", "--"]
            .iter()
            .any(|symbol| rest.starts_with(symbol))
            && !["==", "=>"].iter().any(|symbol| rest.starts_with(symbol));
        known.iter().any(|known| known.eq_ignore_ascii_case(text))
            && !is_set
            && !rest.starts_with(['(', '!'])
    }

    /// `.Where({ $_ … })`, `.ForEach({ … })`
    fn refuse_block_method(&self, name: Span) -> Parse<()> {
        let command = match self.slice(name).to_ascii_lowercase().as_str() {
            "where" => "Where-Object",
            "foreach" => "ForEach-Object",
            _ => return Ok(()),
        };
        let rest = self.text.get(name.end..).unwrap_or_default().trim_start();
        let takes_block = rest
            .strip_prefix('(')
            .is_some_and(|inner| inner.trim_start().starts_with('{'));
        if !takes_block && !rest.starts_with('{') {
            return Ok(());
        }
        let shown = self.slice(name);
        Err(
            Fault::new(name, format!("`.{shown}` takes no block here")).help(format!(
                "write `list | {command} {{ … }}`, in brackets as a value"
            )),
        )
    }

    fn call_arguments(&mut self) -> Parse<()> {
        let open = self.here();
        self.copy(1);
        let result = self.nested(|p| p.expressions_up_to(")"));
        result.map_err(|fault| self.blame_opening(fault, open))
    }

    /// Expressions separated by commas, up to and with `close`.
    pub(crate) fn expressions_up_to(&mut self, close: &str) -> Parse<()> {
        loop {
            if self.symbol_if(close)? {
                return Ok(());
            }
            self.expression()?;
            if self.symbol_if(close)? {
                return Ok(());
            }
            self.symbol(",", &format!("or `{close}`"))?;
        }
    }
}
