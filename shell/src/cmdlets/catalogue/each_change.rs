//! One change of the catalogue for each thing that is named or comes down the pipeline, one after another: each is
//! judged on what the one before left.

use usher_object::Value;

use crate::cmdlet::{Call, ChangeOptions, Host, Objects, Targets};
use crate::cmdlets::{OnRefusal, Preview, etag, names_nothing};
use crate::error::Result;

/// What is asked of one of them.
pub(super) struct Asked {
    pub(super) target: String,
    pub(super) etag: String,
    pub(super) request_id: String,
}

/// Sends `change` for each target of `param`.
pub(super) fn each_change<'a>(
    mut call: Call<'a>,
    param: &'static str,
    change: impl Fn(Host<'a>, &ChangeOptions, Asked) -> Result<Value> + 'a,
) -> Result<Objects<'a>> {
    let options = ChangeOptions::of(&call);
    let host = call.host;
    options.ask_once(host, &format!("change what {param} says"))?;
    let targets = Targets::of(&mut call, param)?;
    let (single, name_of) = (targets.single, targets.name_of());
    let on_refusal = OnRefusal::of(&call.args, single);
    let shared = options.clone();
    let rows = targets.items.enumerate().filter_map(move |(row, item)| {
        let named = item.and_then(|item| Ok((name_of(&call, &item)?, etag(&call, &item)?)));
        let (name, etag) = match named {
            Ok(named) => named,
            Err(error) if names_nothing(&error) => {
                let about = format!("object {}", row.saturating_add(1));
                return on_refusal.keep(host, error, &about).map(Err);
            }
            Err(error) => return Some(Err(error)),
        };
        if !options.what_if
            && let Err(error) = host.session.count_writes(1)
        {
            return Some(Err(error));
        }
        let asked = Asked {
            target: name.clone(),
            etag,
            request_id: options.row_request_id(row, single),
        };
        match change(host, &options, asked) {
            Ok(object) => Some(Ok(object)),
            Err(error) => on_refusal.keep(host, error, &name).map(Err),
        }
    });
    Ok(Box::new(Preview::new(host, shared, "changed", rows)))
}
