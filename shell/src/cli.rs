//! The command line of `usher`: its options, what they make of the session, and the exit code.

mod way;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;
use directories::ProjectDirs;
use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::client::Connection;
use crate::cmdlet::{Console, Registry};
use crate::cmdlets::{ALIASES, CMDLETS};
use crate::error::{Result, Severity, ShellError};
use crate::output::{OutputFormat, OutputOptions, Results, terminal_width};
use crate::profiles::Profile;
use crate::repl::{self, Terminal, error_width};
use crate::report::{self, Look};
use crate::script::{Interpreter, Output, stack_bytes};
use crate::session::{FileAccess, Limits, Session};

/// Exit code when everything went well but some rows were refused.
const SOME_ROWS_FAILED: i32 = 3;
/// Exit code of a process that the user stopped.
const STOPPED: i32 = 130;
/// How wide lines may be where no terminal sets a limit.
const NO_TERMINAL_WIDTH: usize = 4_096;
const MIB: usize = 1024 * 1024;

/// Who holds which licence: a prompt, scripts, single commands
#[derive(Debug, Parser)]
#[command(name = "usher", version, about, max_term_width = 100, after_help = AFTER_HELP)]
struct Options {
    /// A script to run, or - for standard input; none for the prompt
    script: Option<String>,

    /// Parameters of the script: -Name value …
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "PARAMETERS"
    )]
    words: Vec<String>,

    /// Commands to run instead of a script
    #[arg(
        short = 'c',
        long = "command",
        value_name = "COMMANDS",
        allow_hyphen_values = true,
        conflicts_with = "script"
    )]
    command: Option<String>,

    /// Address of the server [env: USHER_SERVER]; without one the service runs inside this process
    #[arg(long, value_name = "ADDRESS", conflicts_with = "data")]
    server: Option<String>,

    /// A named way to a service, of profiles.toml in the configuration folder [env: USHER_PROFILE]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["server", "data"])]
    profile: Option<String>,

    /// Does not run profile.usher of the configuration folder before the prompt opens
    #[arg(long)]
    no_profile: bool,

    /// A file with the token for the server, which nobody else may read [env: USHER_TOKEN holds the token itself]
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    token_file: Option<PathBuf>,

    /// Organisation that commands are about, by id or name, for who acts in several [env: USHER_TENANT]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,

    /// Certificate of the authority that signed the server's, PEM [env: USHER_CA]; the well-known ones unless given
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    ca: Option<PathBuf>,

    /// Your own certificate, PEM, for a server that asks for one [env: USHER_CLIENT_CERT]
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "data",
        requires = "client_key"
    )]
    client_cert: Option<PathBuf>,

    /// The key of your certificate, PEM, which nobody else may read [env: USHER_CLIENT_KEY]
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "data",
        requires = "client_cert"
    )]
    client_key: Option<PathBuf>,

    /// Sends a token over a network without TLS: something else protects the way
    #[arg(long)]
    allow_cleartext: bool,

    /// Folder of the data of the service inside this process; :memory: keeps nothing
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,

    /// Form of the results
    #[arg(long, value_enum, default_value = "auto", hide_default_value = true)]
    output: OutputFormat,

    /// Refuses every command that changes something
    #[arg(long)]
    read_only: bool,

    /// A folder that a script may reach besides the working folder; can be given several times
    #[arg(long, value_name = "FOLDER")]
    allow_path: Vec<PathBuf>,

    /// No colours [env: NO_COLOR]
    #[arg(long)]
    no_color: bool,

    /// Users that one command may change without being asked or -Force
    #[arg(long, value_name = "NUMBER")]
    max_people: Option<usize>,

    /// Rows that a script may change
    #[arg(long, value_name = "NUMBER")]
    max_writes: Option<u64>,

    /// Seconds that a script may run
    #[arg(long, value_name = "SECONDS")]
    max_time: Option<u64>,

    /// Memory that a script may hold, in MiB
    #[arg(long, value_name = "MIB")]
    max_memory: Option<usize>,

    /// Operations that a script may make
    #[arg(long, value_name = "NUMBER")]
    max_operations: Option<u64>,

    /// Calls of functions that may stand inside one another, and expressions, but these no fewer than 128
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=512))]
    max_depth: Option<u16>,
}

const AFTER_HELP: &str = "Results go to standard output, everything else to standard error.\n\
    Exit codes: 0 done, 1 script error, 2 wrong use, 3 some rows failed, 4 cannot reach or not allowed, 130 stopped.\n\n\
    usher                                     the prompt\n\
    usher sales.usher -Department Sales       a script with a parameter\n\
    usher -c 'Get-License' --output json      one command";

/// What is to be run.
enum Work {
    Prompt,
    Text { name: &'static str, text: String },
    File(PathBuf, Vec<String>),
}

/// Runs the shell with these arguments; gives the exit code. `allocated` tells how many bytes the process holds.
pub fn run(arguments: impl IntoIterator<Item = OsString>, allocated: fn() -> usize) -> i32 {
    let options = match parsed(arguments.into_iter().collect()) {
        Ok(options) => options,
        Err(error) => return wrong_use(&error),
    };
    // The system's own stack is too small for a script at its limit of nested calls, and would end the process.
    let shell = thread::Builder::new()
        .stack_size(stack_bytes(&limits(&options, &Profile::default())))
        .spawn(move || start(options, allocated));
    match shell {
        Ok(shell) => shell.join().unwrap_or(1),
        Err(error) => {
            let error = ShellError::new(
                "STACK",
                format!("There is no room for calls inside one another: {error}"),
            )
            .fix("Give a smaller --max-depth");
            failed(&error, None, false)
        }
    }
}

/// The options; a question for help after a script is one about the script.
fn parsed(arguments: Vec<OsString>) -> std::result::Result<Options, clap::Error> {
    let is_help = |word: &OsString| word == "--help" || word == "-h";
    Options::try_parse_from(&arguments).or_else(|error| {
        let asked = arguments.iter().map(|word| match is_help(word) {
            true => OsString::from("-?"),
            false => word.clone(),
        });
        match Options::try_parse_from(asked) {
            Ok(options)
                if error.kind() == ErrorKind::DisplayHelp
                    && options
                        .script
                        .as_deref()
                        .is_some_and(|script| script != "-") =>
            {
                Ok(options)
            }
            _ => Err(error),
        }
    })
}

fn start(options: Options, allocated: fn() -> usize) -> i32 {
    let colour = !options.no_color
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let stop = Arc::new(AtomicBool::new(false));
    let error_colour = colour && io::stderr().is_terminal();
    let session = match session(&options, &stop, colour, allocated) {
        Ok(session) => Rc::new(session),
        Err(error) => return failed(&error, None, error_colour),
    };
    let output = OutputOptions {
        format: options.output,
        width: terminal_width(),
        colour: colour && io::stdout().is_terminal(),
    };
    let first = profile_script(&options);
    match work(options) {
        Ok(Work::Prompt) => {
            let done = watch(&stop, false).and_then(|()| repl::run(session, output, first));
            done.unwrap_or_else(|error| failed(&error, None, error_colour))
        }
        Ok(work) => {
            let watched = watch(&stop, true);
            watched.map_or_else(
                |error| failed(&error, None, error_colour),
                |()| batch(session, work, output, error_colour),
            )
        }
        Err(error) => failed(&error, None, error_colour),
    }
}

/// Runs a script or a text to its end.
fn batch(session: Rc<Session>, work: Work, options: OutputOptions, colour: bool) -> i32 {
    let results = match Results::new(options, io::BufWriter::new(io::stdout())) {
        Ok(results) => Rc::new(results),
        Err(error) => return failed(&error, None, colour),
    };
    let output = Rc::clone(&results) as Rc<dyn Output>;
    let mut interpreter = Interpreter::new(Rc::clone(&session), output);
    let ran = match &work {
        Work::Text { name, text } => interpreter.run_text(name, text),
        Work::File(path, words) => interpreter.run_file(path, words),
        Work::Prompt => Ok(()),
    };
    // What a script gave before it failed is shown all the same.
    let finished = results.finish();
    match ran.and(finished) {
        Ok(()) if session.failed_rows() > 0 => SOME_ROWS_FAILED,
        Ok(()) => 0,
        Err(error) => {
            let source = error
                .place
                .as_ref()
                .and_then(|place| interpreter.source(&place.source));
            failed(
                &error,
                source.as_ref().map(|source| source.text.as_str()),
                colour,
            )
        }
    }
}

fn session(
    options: &Options,
    stop: &Arc<AtomicBool>,
    colour: bool,
    allocated: fn() -> usize,
) -> Result<Session> {
    let (way, profile) = way::way(options)?;
    let limits = limits(options, &profile);
    let connection = Connection::new(way, Arc::clone(stop));
    let console: Rc<dyn Console> = Rc::new(Terminal::new(colour));
    let registry = Registry::new(CMDLETS, ALIASES);
    let session = Session::new(
        registry,
        connection,
        console,
        limits,
        Arc::clone(stop),
        allocated,
    );
    session.format.set(options.output);
    session
        .read_only
        .set(options.read_only || profile.read_only);
    session
        .width
        .set(terminal_width().unwrap_or(NO_TERMINAL_WIDTH));
    if options
        .script
        .as_deref()
        .is_some_and(|script| script != "-")
    {
        let working = std::env::current_dir().map_err(|error| {
            ShellError::new(
                "FILE_NOT_READ",
                format!("The working folder cannot be found: {error}"),
            )
            .severity(Severity::Usage)
        })?;
        let mut folders = vec![working];
        for folder in &options.allow_path {
            folders.push(allowed(folder)?);
        }
        session.files.replace(FileAccess::Below(folders));
    }
    Ok(session)
}

/// A folder that is named for scripts: one that is not there would let every file below it be refused without a word.
fn allowed(folder: &Path) -> Result<PathBuf> {
    let refused = |why: &str| {
        ShellError::new(
            "FOLDER_NOT_FOUND",
            format!("--allow-path names {}, {why}", folder.display()),
        )
        .fix("Check how it is written; it starts from the folder in which usher runs")
        .severity(Severity::Usage)
    };
    match folder.metadata() {
        Ok(found) if found.is_dir() => Ok(folder.to_owned()),
        Ok(_) => Err(refused("which is no folder")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(refused("which is not there")),
        Err(error) => Err(refused(&format!("which cannot be reached: {error}"))),
    }
}

/// What a script may use: as the options say, else as the profile says, else the usual.
fn limits(options: &Options, profile: &Profile) -> Limits {
    let usual = Limits::default();
    let people = options.max_people.or(profile.people);
    let depth = options.max_depth.map(usize::from);
    Limits {
        people: people.unwrap_or(usual.people),
        writes: options.max_writes.unwrap_or(usual.writes),
        operations: options.max_operations.unwrap_or(usual.operations),
        time: options.max_time.map_or(usual.time, Duration::from_secs),
        memory: options
            .max_memory
            .map_or(usual.memory, |mib| mib.saturating_mul(MIB)),
        call_depth: depth.unwrap_or(usual.call_depth),
        // Fewer would refuse what everybody writes.
        expression_depth: depth.map_or(usual.expression_depth, |depth| {
            depth.max(usual.expression_depth)
        }),
    }
}

/// What a person has run before each prompt.
fn profile_script(options: &Options) -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "usher")?;
    (!options.no_profile).then(|| folders.config_dir().join("profile.usher"))
}

fn work(options: Options) -> Result<Work> {
    match (options.command, options.script.as_deref()) {
        (Some(text), _) => Ok(Work::Text {
            name: "<command>",
            text,
        }),
        (None, Some("-")) => Ok(Work::Text {
            name: "<stdin>",
            text: standard_input()?,
        }),
        (None, Some(script)) => Ok(Work::File(PathBuf::from(script), options.words)),
        (None, None) if io::stdin().is_terminal() => Ok(Work::Prompt),
        (None, None) => Ok(Work::Text {
            name: "<stdin>",
            text: standard_input()?,
        }),
    }
}

fn standard_input() -> Result<String> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| {
        ShellError::new(
            "FILE_NOT_READ",
            format!("Standard input cannot be read: {error}"),
        )
        .fix("Give it as UTF-8")
        .severity(Severity::Usage)
    })?;
    Ok(text)
}

/// Lets Ctrl-C set the stop flag. A script that does not heed it is ended by the second one.
fn watch(stop: &Arc<AtomicBool>, end_on_second: bool) -> Result<()> {
    let watched = if end_on_second {
        flag::register_conditional_shutdown(SIGINT, STOPPED, Arc::clone(stop)).map(drop)
    } else {
        Ok(())
    };
    watched
        .and_then(|()| flag::register(SIGINT, Arc::clone(stop)))
        .map(drop)
        .map_err(|error| ShellError::new("SIGNAL", format!("Ctrl-C cannot be watched: {error}")))
}

fn failed(error: &ShellError, text: Option<&str>, colour: bool) -> i32 {
    let look = Look {
        colour,
        width: error_width(),
    };
    let shown = report::render(error, text, look);
    if !shown.is_empty() {
        let _ = writeln!(io::stderr(), "{shown}");
    }
    error.exit_code()
}

fn wrong_use(error: &clap::Error) -> i32 {
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => 0,
        _ => 2,
    }
}

#[cfg(test)]
mod tests;
