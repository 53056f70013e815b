//! How stages are put together: one object at a time, or all at once when the first is asked for.

use usher_object::Value;

use crate::cmdlet::{Host, Objects};
use crate::error::Result;

/// Objects that are made together; nothing is done before the first one is asked for.
pub(super) fn at_once<'a>(make: impl FnOnce() -> Result<Vec<Value>> + 'a) -> Objects<'a> {
    Box::new(std::iter::once_with(make).flat_map(|made| -> Objects<'a> {
        match made {
            Ok(values) => Box::new(values.into_iter().map(Ok)),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }))
}

/// Hands every object to `take`, and looks before each whether it should go on.
pub(super) fn drain(
    input: Objects<'_>,
    host: Host<'_>,
    mut take: impl FnMut(Value) -> Result<()>,
) -> Result<()> {
    for item in input {
        host.check()?;
        take(item?)?;
    }
    Ok(())
}

/// The objects that `make` gives for each one of the input.
pub(super) fn each<'a, I>(
    input: Objects<'a>,
    host: Host<'a>,
    mut make: impl FnMut(Value) -> Result<I> + 'a,
) -> Objects<'a>
where
    I: IntoIterator<Item = Value> + 'a,
{
    Box::new(input.flat_map(move |item| -> Objects<'a> {
        let made = host.check().and(item).and_then(&mut make);
        match made {
            Ok(values) => Box::new(values.into_iter().map(Ok)),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }))
}
