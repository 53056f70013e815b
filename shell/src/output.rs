//! Results on standard output, in the form that was asked for. How a table or JSON is written is in `usher-object`.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::rc::Rc;

use usher_object::csv_write::CsvWriter;
use usher_object::format::{FormatOptions, Formatter, Layout, Style};
use usher_object::json_write::{JsonStyle, write as json};
use usher_object::{Record, RecordType, Value};

use crate::error::{Result, Severity, ShellError};
use crate::script::Output;

/// A form of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OutputFormat {
    /// Tables where they fit, lists where they do not.
    #[default]
    Auto,
    /// Tables.
    Table,
    /// A line for each property.
    List,
    /// One JSON array.
    Json,
    /// A JSON object a line.
    Jsonl,
    /// Comma-separated, with a header.
    Csv,
}

impl OutputFormat {
    /// The forms by name.
    pub(crate) const NAMED: [(&'static str, Self); 6] = [
        ("auto", Self::Auto),
        ("table", Self::Table),
        ("list", Self::List),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("csv", Self::Csv),
    ];

    /// Its name, as the command line has it.
    pub(crate) fn name(self) -> &'static str {
        let mut named = Self::NAMED.iter();
        let found = named.find(|(_, format)| *format == self);
        found.map_or("auto", |(name, _)| name)
    }
}

/// What surrounds the results.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OutputOptions {
    /// The form.
    pub(crate) format: OutputFormat,
    /// Columns of the terminal; none where there is no terminal.
    pub(crate) width: Option<usize>,
    /// Whether headings may be set off.
    pub(crate) colour: bool,
}

/// Columns of the terminal that shows the results; none where they go elsewhere.
pub(crate) fn terminal_width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Takes results, writes them on.
pub(crate) struct Results<W: Write> {
    sink: RefCell<Sink<W>>,
}

struct Sink<W: Write> {
    form: Form<W>,
    /// Flush after each object: somebody is watching.
    live: bool,
}

enum Form<W> {
    Text {
        out: W,
        formatter: Box<Formatter>,
    },
    Json {
        out: W,
        count: u64,
    },
    Lines {
        out: W,
    },
    Csv {
        out: W,
        writer: Box<CsvWriter<Vec<u8>>>,
        /// Type of the rows under the last header.
        rows: Option<Rc<RecordType>>,
    },
}

impl<W: Write> Results<W> {
    /// Results that are written to `out`.
    pub(crate) fn new(options: OutputOptions, out: W) -> Result<Self> {
        let text = |out, layout| Form::Text {
            out,
            formatter: Box::new(Formatter::new(FormatOptions {
                layout,
                width: options.width,
                style: if options.colour {
                    Style::Ansi
                } else {
                    Style::Plain
                },
                all_properties: false,
                ..FormatOptions::default()
            })),
        };
        let form = match options.format {
            OutputFormat::Auto => text(out, Layout::Automatic),
            OutputFormat::Table => text(out, Layout::Table),
            OutputFormat::List => text(out, Layout::List),
            OutputFormat::Json => Form::Json { out, count: 0 },
            OutputFormat::Jsonl => Form::Lines { out },
            OutputFormat::Csv => Form::Csv {
                out,
                writer: Box::new(CsvWriter::new(Vec::new(), ',')?),
                rows: None,
            },
        };
        Ok(Self {
            sink: RefCell::new(Sink {
                form,
                live: options.width.is_some(),
            }),
        })
    }

    /// Writes what was held back.
    pub(crate) fn finish(&self) -> Result<()> {
        self.sink.borrow_mut().finish()
    }
}

impl<W: Write> Output for Results<W> {
    fn write(&self, value: Value) -> Result<()> {
        self.sink.borrow_mut().write(&value)
    }
}

impl<W: Write> Sink<W> {
    fn write(&mut self, value: &Value) -> Result<()> {
        match &mut self.form {
            Form::Text { out, formatter } => {
                let mut text = String::new();
                formatter.push(value, &mut text);
                out.write_all(text.as_bytes())
                    .map_err(|error| not_written(&error))?;
            }
            Form::Json { out, count } => {
                let text = json(value, JsonStyle::INDENTED)?;
                let before = if *count == 0 { "[\n" } else { ",\n" };
                *count += 1;
                write!(out, "{before}{text}").map_err(|error| not_written(&error))?;
            }
            Form::Lines { out } => {
                let text = json(value, JsonStyle::COMPACT)?;
                writeln!(out, "{text}").map_err(|error| not_written(&error))?;
            }
            Form::Csv { out, writer, rows } => {
                let kind = value.as_record().map(Record::record_type);
                if rows.as_ref().is_some_and(|rows| !fits(rows, kind)) {
                    // Rows of another kind would stand under columns that are not theirs.
                    **writer = CsvWriter::new(Vec::new(), ',')?;
                    out.write_all(b"\n").map_err(|error| not_written(&error))?;
                    *rows = None;
                }
                if rows.is_none() {
                    *rows =
                        Some(kind.map_or_else(|| RecordType::typed::<&str>("", &[]), Rc::clone));
                }
                writer.write(value)?;
                let text = std::mem::take(writer.out());
                out.write_all(&text).map_err(|error| not_written(&error))?;
            }
        }
        if self.live { self.flush() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<()> {
        match &mut self.form {
            Form::Text { out, formatter } => {
                let mut text = String::new();
                formatter.finish(&mut text);
                out.write_all(text.as_bytes())
                    .map_err(|error| not_written(&error))?;
            }
            Form::Json { out, count } => {
                let end = if *count == 0 { "[]\n" } else { "\n]\n" };
                *count = 0;
                out.write_all(end.as_bytes())
                    .map_err(|error| not_written(&error))?;
            }
            Form::Lines { .. } | Form::Csv { .. } => {}
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<()> {
        let (Form::Text { out, .. }
        | Form::Json { out, .. }
        | Form::Lines { out }
        | Form::Csv { out, .. }) = &mut self.form;
        out.flush().map_err(|error| not_written(&error))
    }
}

/// Whether objects of this kind have the columns of the others; `None`: without properties.
fn fits(rows: &Rc<RecordType>, kind: Option<&Rc<RecordType>>) -> bool {
    let properties = kind.map_or(&[][..], |kind| kind.properties());
    rows.properties() == properties
}

/// Nobody reads on: the program ends quietly, as others in a pipeline do. Everything else is an error.
fn not_written(error: &io::Error) -> ShellError {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return ShellError::new("OUTPUT_CLOSED", "Nobody reads the results")
            .severity(Severity::Exit(0));
    }
    ShellError::new(
        "OUTPUT_FAILED",
        format!("The results could not be written: {error}"),
    )
    .fix("Check the free space and the permissions where the output goes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Written(Rc<RefCell<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    fn pool() -> Value {
        let pool = RecordType::typed("Pool", &["Product", "Free"]);
        Record::new(&pool, vec!["SPE_E3".into(), 5.into()]).into()
    }

    fn shown(format: OutputFormat, values: &[Value]) -> String {
        let written = Written::default();
        let results = Results::new(
            OutputOptions {
                format,
                ..OutputOptions::default()
            },
            written.clone(),
        )
        .unwrap();
        values
            .iter()
            .for_each(|value| results.write(value.clone()).unwrap());
        results.finish().unwrap();
        let bytes = written.0.borrow().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_form_says_the_same() {
        assert_eq!(shown(OutputFormat::Auto, &[2.into()]), "2\n");
        assert!(shown(OutputFormat::Table, &[pool()]).contains("SPE_E3"));
        assert!(shown(OutputFormat::List, &[pool()]).contains("Product"));
        assert_eq!(
            shown(OutputFormat::Jsonl, &[pool(), 2.into()]),
            "{\"Product\":\"SPE_E3\",\"Free\":5}\n2\n"
        );
        assert_eq!(
            shown(OutputFormat::Csv, &[pool()]),
            "Product,Free\nSPE_E3,5\n"
        );
        let seat = RecordType::typed("Seat", &["Free", "Total"]);
        let seat = Record::new(&seat, vec![1.into(), 2.into()]).into();
        assert_eq!(
            shown(OutputFormat::Csv, &[pool(), seat, 3.into(), 4.into()]),
            "Product,Free\nSPE_E3,5\n\nFree,Total\n1,2\n\nValue\n3\n4\n"
        );
        let json: serde_json::Value =
            serde_json::from_str(&shown(OutputFormat::Json, &[pool(), pool()])).unwrap();
        assert_eq!(json[1]["Free"], 5);
    }

    #[test]
    fn no_results_are_an_empty_array() {
        assert_eq!(shown(OutputFormat::Json, &[]), "[]\n");
        assert_eq!(shown(OutputFormat::Auto, &[]), "");
    }

    #[test]
    fn a_reader_that_is_gone_is_no_error() {
        for format in [
            OutputFormat::Auto,
            OutputFormat::Json,
            OutputFormat::Jsonl,
            OutputFormat::Csv,
        ] {
            let results = Results::new(
                OutputOptions {
                    format,
                    ..OutputOptions::default()
                },
                Closed,
            )
            .unwrap();
            let ended = results
                .write(pool())
                .and_then(|()| results.finish())
                .unwrap_err();
            assert_eq!(ended.severity, Severity::Exit(0), "{format:?}");
        }
    }
}
