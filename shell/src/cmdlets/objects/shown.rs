//! Objects as lines of text: what Format-Table and Format-List share.

use std::collections::VecDeque;

use usher_object::Value;
use usher_object::format::{FormatOptions, Formatter, Layout, Style};
use usher_object::select::Projection;

use super::groups::Groups;
use super::select_object::columns;
use crate::cmdlet::{Block, Call, Host, Objects};
use crate::error::Result;

/// The input as lines in this form, with the properties that were asked for, under a heading for each run of what
/// `-GroupBy` gives.
pub(super) fn formatted(mut call: Call<'_>, form: FormatOptions) -> Result<Objects<'_>> {
    let host = call.host;
    let properties = call.args.properties("Property");
    let options = FormatOptions {
        width: Some(host.session.width.get()),
        // Attributes would be data for whatever comes after; the output sets off headings itself.
        style: Style::Plain,
        all_properties: !properties.is_empty(),
        ..form
    };
    let groups = Groups::of(&call)?;
    let (columns, blocks) = columns(properties)?;
    Ok(Box::new(Lines {
        host,
        projection: (!columns.is_empty()).then(|| Projection::new(columns)),
        blocks,
        groups,
        formatter: Formatter::new(options),
        ends_in_blank: form.layout == Layout::Table,
        input: Some(call.take_input()),
        ready: VecDeque::new(),
        shown: false,
    }))
}

struct Lines<'a> {
    host: Host<'a>,
    projection: Option<Projection>,
    blocks: Vec<Option<Block>>,
    groups: Option<Groups>,
    formatter: Formatter,
    /// A table ends in an empty line, as each object of a list does, so that what follows stands apart.
    ends_in_blank: bool,
    input: Option<Objects<'a>>,
    ready: VecDeque<Value>,
    shown: bool,
}

impl Lines<'_> {
    fn take(&mut self, item: Result<Value>, out: &mut String) -> Result<()> {
        self.host.check()?;
        let item = item?;
        if let Some(groups) = &mut self.groups
            && let Some(heading) = groups.heading_before(self.host, &item)?
        {
            self.formatter.begin_group(&heading);
        }
        let shown = match &mut self.projection {
            Some(projection) => {
                projection.apply(&item, |column, item| match self.blocks.get(column) {
                    Some(Some(block)) => self.host.blocks.value(block, item),
                    _ => Ok(Value::Null),
                })?
            }
            None => item,
        };
        self.formatter.push(&shown, out);
        self.shown = true;
        Ok(())
    }
}

impl Iterator for Lines<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Some(Ok(line));
            }
            let mut out = String::new();
            match self.input.as_mut()?.next() {
                Some(item) => {
                    if let Err(error) = self.take(item, &mut out) {
                        return Some(Err(error));
                    }
                }
                None => {
                    self.input = None;
                    self.formatter.finish(&mut out);
                    if self.ends_in_blank && self.shown {
                        out.push('\n');
                    }
                }
            }
            self.ready.extend(out.lines().map(Value::from));
        }
    }
}
