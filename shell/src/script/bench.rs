//! The whole engine with commands made for tests.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use usher_object::{Record, RecordType, Value};

use super::{Interpreter, Output};
use crate::cmdlet::{
    Call, Cmdlet, Console, Effect, FromPipeline, Kind, Objects, Param, Registry, Single,
};
use crate::error::{Result, ShellError};
use crate::session::{Limits, Session};

fn users() -> Vec<Value> {
    let user = RecordType::typed(
        "User",
        &[
            "UserPrincipalName",
            "Department",
            "AccountEnabled",
            "Country",
        ],
    );
    [
        ("adele@contoso.com", "Sales", true),
        ("alex@contoso.com", "IT", true),
        ("grady@contoso.com", "Sales", false),
    ]
    .into_iter()
    .map(|(upn, department, enabled)| {
        Record::new(&user, vec![upn.into(), department.into(), enabled.into()]).into()
    })
    .collect()
}

fn get_user<'a>(call: Call<'a>) -> Result<Objects<'a>> {
    let wanted = call.args.text("User").map(str::to_owned);
    let department = call.args.text("Department").map(str::to_owned);
    let top = call
        .args
        .int("Top")
        .and_then(|top| usize::try_from(top).ok())
        .unwrap_or(usize::MAX);
    if let Some(wanted) = &wanted
        && !users()
            .iter()
            .any(|user| user.property("UserPrincipalName").unwrap().as_str() == Some(wanted))
    {
        return Err(
            ShellError::new("USER_NOT_FOUND", format!("There is no user {wanted}"))
                .fix("Get-User")
                .target(wanted),
        );
    }
    Ok(Box::new(
        users()
            .into_iter()
            .filter(move |user| {
                let is = |name: &str, text: &Option<String>| {
                    text.as_deref()
                        .is_none_or(|text| user.property(name).unwrap().as_str() == Some(text))
                };
                is("UserPrincipalName", &wanted) && is("Department", &department)
            })
            .take(top)
            .map(Ok),
    ))
}

fn for_each<'a>(mut call: Call<'a>) -> Result<Objects<'a>> {
    let input = call.take_input();
    let host = call.host;
    let mut out = Vec::new();
    if let Some(begin) = call.args.block("Begin") {
        out.extend(host.blocks.objects(begin, &Value::Null)?);
    }
    for item in input {
        if let Some(process) = call.args.block("Process") {
            out.extend(host.blocks.objects(process, &item?)?);
        }
    }
    if let Some(end) = call.args.block("End") {
        out.extend(host.blocks.objects(end, &Value::Null)?);
    }
    Ok(Box::new(out.into_iter().map(Ok)))
}

fn where_object<'a>(mut call: Call<'a>) -> Result<Objects<'a>> {
    let input = call.take_input();
    let host = call.host;
    let block = call.args.block("FilterScript").cloned().unwrap();
    Ok(Box::new(input.filter_map(move |item| {
        let item = match item {
            Ok(item) => item,
            Err(error) => return Some(Err(error)),
        };
        match host.blocks.value(&block, &item) {
            Ok(keep) => keep.is_truthy().then_some(Ok(item)),
            Err(error) => Some(Err(error)),
        }
    })))
}

fn echo<'a>(call: Call<'a>) -> Result<Objects<'a>> {
    let values: Vec<Value> = call.args.values("Value").to_vec();
    Ok(Box::new(values.into_iter().map(Ok)))
}

fn change<'a>(mut call: Call<'a>) -> Result<Objects<'a>> {
    let input = call.take_input();
    Ok(Box::new(
        input.collect::<Result<Vec<_>>>()?.into_iter().map(Ok),
    ))
}

const BASE: Cmdlet = Cmdlet {
    name: "",
    synopsis: "",
    description: "",
    params: &[],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[],
    related: &[],
    run: echo,
};

static GET_USER: Cmdlet = Cmdlet {
    name: "Get-User",
    params: &[
        Param::new("User", Kind::Text, "")
            .at(0)
            .from(FromPipeline::Value(&["UserPrincipalName"])),
        Param::new("Department", Kind::Text, ""),
        Param::new("Top", Kind::Int, ""),
    ],
    single: Single::When(|args| args.has("User")),
    run: get_user,
    ..BASE
};
static FOR_EACH: Cmdlet = Cmdlet {
    name: "ForEach-Object",
    params: &[
        Param::new("Process", Kind::Block, "").at(0),
        Param::new("Begin", Kind::Block, ""),
        Param::new("End", Kind::Block, ""),
    ],
    run: for_each,
    ..BASE
};
static WHERE: Cmdlet = Cmdlet {
    name: "Where-Object",
    params: &[Param::new("FilterScript", Kind::Block, "").at(0)],
    run: where_object,
    ..BASE
};
static ECHO: Cmdlet = Cmdlet {
    name: "Write-Output",
    params: &[Param::new("Value", Kind::Any, "").at(0).many()],
    ..BASE
};
static CHANGE: Cmdlet = Cmdlet {
    name: "Set-Thing",
    effect: Effect::Changes,
    run: change,
    ..BASE
};

static NO_INPUT: Cmdlet = Cmdlet {
    name: "New-Thing",
    params: &[Param::new("Name", Kind::Text, "")
        .at(0)
        .from(FromPipeline::Property(&[]))],
    ..BASE
};
static MEASURE: Cmdlet = Cmdlet {
    name: "Measure-Object",
    run: |mut call| {
        let count = call.take_input().collect::<Result<Vec<_>>>()?.len();
        Ok(Box::new(std::iter::once(Ok(Value::from(count)))))
    },
    ..BASE
};

struct Silent;

impl Console for Silent {
    fn confirm(&self, _: &str) -> Option<bool> {
        None
    }
    fn note(&self, _: &str) {}
    fn warn(&self, _: &str) {}
    fn progress(&self, _: &str, _: Option<u64>, _: Option<u64>) {}
}

#[derive(Default)]
pub(super) struct Kept(pub(super) RefCell<Vec<Value>>);

impl Output for Kept {
    fn write(&self, value: Value) -> Result<()> {
        self.0.borrow_mut().push(value);
        Ok(())
    }
}

pub(super) struct Bench {
    pub(super) interpreter: Interpreter,
    pub(super) kept: Rc<Kept>,
    pub(super) session: Rc<Session>,
    pub(super) stop: Arc<AtomicBool>,
}

pub(super) fn bench_with(limits: Limits) -> Bench {
    bench_on(limits, || 0)
}

pub(super) fn bench_on(limits: Limits, allocated: fn() -> usize) -> Bench {
    let registry = Registry::new(
        &[
            &GET_USER, &FOR_EACH, &WHERE, &ECHO, &CHANGE, &NO_INPUT, &MEASURE,
        ],
        &[
            ("%", "ForEach-Object"),
            ("?", "Where-Object"),
            ("where", "Where-Object"),
        ],
    );
    let stop = Arc::new(AtomicBool::new(false));
    let session = Rc::new(Session::new(
        registry,
        crate::client::Connection::new(crate::client::Target::Memory, Arc::clone(&stop)),
        Rc::new(Silent),
        limits,
        Arc::clone(&stop),
        allocated,
    ));
    let kept = Rc::new(Kept::default());
    let interpreter = Interpreter::new(Rc::clone(&session), Rc::clone(&kept) as Rc<dyn Output>);
    Bench {
        interpreter,
        kept,
        session,
        stop,
    }
}

pub(super) fn bench() -> Bench {
    bench_with(Limits::default())
}

impl Bench {
    pub(super) fn run(&mut self, text: &str) -> Result<Vec<String>> {
        self.kept.0.borrow_mut().clear();
        self.interpreter.run_text("<command>", text)?;
        Ok(self.written())
    }

    pub(super) fn written(&self) -> Vec<String> {
        self.kept
            .0
            .borrow()
            .iter()
            .map(|value| value.to_string())
            .collect()
    }
}

pub(super) fn run(text: &str) -> Vec<String> {
    match bench().run(text) {
        Ok(lines) => lines,
        Err(error) => panic!("{text}: {error:?}"),
    }
}

pub(super) fn refused(text: &str) -> ShellError {
    bench().run(text).unwrap_err()
}
