//! `param(…)` and the comment above it.

use super::text::quote;
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::spec::{ParamKind, ScriptParam, TokenKind};

impl Parser<'_> {
    /// Reads `param(…)` if the script begins with it, and the help above it.
    pub(crate) fn param_statement(&mut self) -> Parse<()> {
        self.skip()?;
        self.help = self.comment_above();
        if !self.is_keyword_here("param") {
            return Ok(());
        }
        let word = self.word_here().unwrap_or_default();
        self.at = word.end;
        self.skip()?;
        if !self.starts("(") {
            self.at = word.start;
            return Ok(());
        }
        self.mark(TokenKind::Keyword, word);
        let open = self.here();
        self.at += 1;
        self.params_up_to_close()
            .map_err(|fault| self.blame_opening(fault, open))
    }

    fn params_up_to_close(&mut self) -> Parse<()> {
        loop {
            self.skip()?;
            if self.starts(")") {
                self.at += 1;
                return Ok(());
            }
            self.param()?;
            self.skip()?;
            if self.starts(",") {
                self.at += 1;
            } else if !self.starts(")") {
                return Err(self.expected("`,` or `)` after the parameter"));
            }
        }
    }

    fn param(&mut self) -> Parse<()> {
        if self.starts("[") {
            return Err(
                Fault::new(self.here(), "The type of a parameter stands after its name")
                    .help("write `Name: text`; the types are text, number, bool, date and list"),
            );
        }
        let name = self.name_to_declare("a parameter name")?;
        let text = self.slice(name);
        self.mark(TokenKind::Variable, name);
        if self
            .params
            .iter()
            .any(|p| p.name.eq_ignore_ascii_case(text))
        {
            return Err(Fault::new(
                name,
                format!("The parameter `{text}` is given twice"),
            ));
        }
        let kind = self.param_type()?;
        self.skip()?;
        let has_default = self.starts("=");
        let quoted = quote(text);
        self.out.write("let", name);
        self.out.copy(self.text, name);
        let head = if has_default {
            self.at += 1;
            let typed = kind.map_or_else(String::new, |kind| format!("\"{}\", ", kind.name()));
            format!(
                " = if __given({quoted}) {{ __param({quoted}) }} else {{ __default({quoted}, {typed}"
            )
        } else {
            format!(" = __param({quoted});")
        };
        self.out.write(head, name);
        let mut default = None;
        let mut default_kind = ParamKind::Text;
        if has_default {
            self.skip()?;
            let start = self.at;
            default_kind = self.kind_of_default();
            self.value()?;
            default = Some(self.slice(Span::new(start, self.at)).trim_end().to_owned());
            self.out.write(") };", name);
        }
        self.out.end_line();
        self.scopes.declare(text);
        self.scopes.know_everywhere(text);
        self.params.push(ScriptParam {
            name: text.to_owned(),
            kind: kind.unwrap_or(default_kind),
            default,
            span: name,
        });
        Ok(())
    }

    fn param_type(&mut self) -> Parse<Option<ParamKind>> {
        self.skip()?;
        if !self.starts(":") {
            return Ok(None);
        }
        self.at += 1;
        self.skip()?;
        let word = self.word_here().ok_or_else(|| self.expected("a type"))?;
        let written = self.slice(word).to_ascii_lowercase();
        let kind = ParamKind::named(&written).ok_or_else(|| {
            Fault::new(word, format!("Unknown parameter type `{written}`"))
                .help("the types are text, number, bool, date and list")
        })?;
        self.mark(TokenKind::Keyword, word);
        self.at = word.end;
        Ok(Some(kind))
    }

    /// A parameter without a type takes that of its default.
    fn kind_of_default(&self) -> ParamKind {
        let rest = self.rest();
        let word = rest.trim_start_matches('$').to_ascii_lowercase();
        if rest.starts_with('[') {
            ParamKind::List
        } else if rest.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            ParamKind::Number
        } else if word.starts_with("true") || word.starts_with("false") {
            ParamKind::Bool
        } else {
            ParamKind::Text
        }
    }

    /// The last run of comments that was skipped, without its markers.
    fn comment_above(&self) -> Option<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut next_start = None;
        for token in self.tokens.iter().rev() {
            if token.kind != TokenKind::Comment {
                break;
            }
            let comment = self.slice(token.span);
            if comment.starts_with("#!") {
                break;
            }
            if let Some(start) = next_start {
                let between = self.slice(Span::new(token.span.end, start));
                if between.matches('\n').count() > 1 {
                    break;
                }
            }
            next_start = Some(token.span.start);
            lines.extend(comment_lines(comment).into_iter().rev());
        }
        lines.reverse();
        let help = lines.join("\n").trim().to_owned();
        (!help.is_empty()).then_some(help)
    }
}

fn comment_lines(comment: &str) -> Vec<String> {
    if let Some(line) = comment.strip_prefix("//") {
        let line = line.trim_start_matches('/');
        return vec![line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()];
    }
    if let Some(body) = comment.strip_prefix("<#") {
        let body = body.trim_end_matches("#>");
        return body.lines().filter_map(powershell_line).collect();
    }
    if let Some(line) = comment.strip_prefix('#') {
        let line = line.trim_start_matches('#');
        return vec![line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()];
    }
    let body = comment.trim_start_matches("/*").trim_end_matches("*/");
    body.lines()
        .map(|line| {
            let line = line.trim();
            line.strip_prefix('*')
                .map_or(line, str::trim_start)
                .to_owned()
        })
        .collect()
}

/// A line of PowerShell's comment-based help: what `.SYNOPSIS` and `.DESCRIPTION` head speaks for itself.
fn powershell_line(line: &str) -> Option<String> {
    let line = line.trim();
    let heading = line
        .strip_prefix('.')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    match heading {
        Some("SYNOPSIS" | "DESCRIPTION") => None,
        Some(heading) => Some(heading.to_owned()),
        None => Some(line.to_owned()),
    }
}
