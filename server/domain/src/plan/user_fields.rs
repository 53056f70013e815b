//! What is said of a user, judged field by field: forms, lengths, known values. Every field that
//! is wrong is named; none is taken over unless all are right.

use super::Context;
use super::names::shown;
use crate::command::UserFields;
use crate::ids::{Country, Instant, UserId};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::{Hold, UserProfile, UserType};

const MAX_UPN: usize = 113;
const MAX_UPN_LOCAL: usize = 64;
const MAX_DISPLAY_NAME: usize = 256;
const MAX_HOLD_REASON: usize = 1_024;

/// A profile that says nothing yet.
pub(crate) fn blank(id: UserId, created_at: Instant) -> UserProfile {
    UserProfile {
        id,
        upn: String::new(),
        display_name: String::new(),
        given_name: None,
        surname: None,
        mail: None,
        job_title: None,
        department: None,
        user_type: UserType::Member,
        account_enabled: true,
        usage_location: None,
        country: None,
        state: None,
        city: None,
        office: None,
        postal_code: None,
        street_address: None,
        phone: None,
        mobile: None,
        created_at,
        deleted_at: None,
        hold: None,
    }
}

/// The profile with the fields put in, or every cause why not.
pub(super) fn put(
    context: &Context<'_>,
    profile: &UserProfile,
    fields: &UserFields,
) -> Result<UserProfile, Vec<Cause>> {
    let mut new = profile.clone();
    let mut causes = Vec::new();
    put_upn(context, fields.upn.as_deref(), &mut new, &mut causes);
    put_display_name(fields.display_name.as_deref(), &mut new, &mut causes);
    put_texts(fields, &mut new, &mut causes);
    put_user_type(fields.user_type.as_deref(), &mut new, &mut causes);
    put_location(fields.usage_location.as_deref(), &mut new, &mut causes);
    put_hold(
        fields.retention_hold.as_deref(),
        context.now,
        &mut new,
        &mut causes,
    );
    if let Some(enabled) = fields.account_enabled {
        new.account_enabled = enabled;
    }
    if causes.is_empty() {
        Ok(new)
    } else {
        Err(causes)
    }
}

fn put_upn(
    context: &Context<'_>,
    said: Option<&str>,
    new: &mut UserProfile,
    causes: &mut Vec<Cause>,
) {
    let Some(upn) = said.map(str::trim) else {
        if new.upn.is_empty() {
            causes.push(wrong("upn", "A user principal name is needed".to_owned()));
        }
        return;
    };
    if let Some(why) = upn_is_wrong(upn) {
        causes.push(wrong(
            "upn",
            format!("\"{}\" is not a user principal name: {why}", shown(upn)),
        ));
        return;
    }
    if let Some(other) = context.snapshot.user_with_upn(upn)
        && other != new.id
    {
        causes.push(
            Cause::new(
                Code::UpnInUse,
                format!("The user principal name {upn} is in use"),
            )
            .field("upn")
            .with("user", other),
        );
        return;
    }
    upn.clone_into(&mut new.upn);
}

fn upn_is_wrong(upn: &str) -> Option<String> {
    let Some((local, domain)) = upn.split_once('@') else {
        return Some("it has no @".to_owned());
    };
    if local.is_empty() || domain.is_empty() {
        return Some("something must stand on both sides of the @".to_owned());
    }
    if domain.contains('@') {
        return Some("it has more than one @".to_owned());
    }
    if let Some(bad) = upn.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return Some(format!("it contains {bad:?}"));
    }
    if domain.split('.').any(str::is_empty) {
        return Some("a part of its domain is empty".to_owned());
    }
    if upn.chars().count() > MAX_UPN || local.chars().count() > MAX_UPN_LOCAL {
        return Some(format!(
            "at most {MAX_UPN} characters are allowed, {MAX_UPN_LOCAL} before the @"
        ));
    }
    None
}

fn put_display_name(said: Option<&str>, new: &mut UserProfile, causes: &mut Vec<Cause>) {
    match said.map(str::trim) {
        None if new.display_name.is_empty() => {
            causes.push(wrong("display_name", "A display name is needed".to_owned()));
        }
        None => {}
        Some("") => causes.push(wrong(
            "display_name",
            "The display name is empty".to_owned(),
        )),
        Some(name) => {
            if let Some(cause) = unfit("display_name", name, MAX_DISPLAY_NAME) {
                causes.push(cause);
            } else {
                name.clone_into(&mut new.display_name);
            }
        }
    }
}

fn put_texts(fields: &UserFields, new: &mut UserProfile, causes: &mut Vec<Cause>) {
    let texts = [
        ("given_name", 64, &fields.given_name, &mut new.given_name),
        ("surname", 64, &fields.surname, &mut new.surname),
        ("mail", 254, &fields.mail, &mut new.mail),
        ("job_title", 128, &fields.job_title, &mut new.job_title),
        ("department", 64, &fields.department, &mut new.department),
        ("country", 128, &fields.country, &mut new.country),
        ("state", 128, &fields.state, &mut new.state),
        ("city", 128, &fields.city, &mut new.city),
        ("office", 128, &fields.office, &mut new.office),
        ("postal_code", 40, &fields.postal_code, &mut new.postal_code),
        (
            "street_address",
            1_024,
            &fields.street_address,
            &mut new.street_address,
        ),
        ("phone", 64, &fields.phone, &mut new.phone),
        ("mobile", 64, &fields.mobile, &mut new.mobile),
    ];
    for (field, most, said, into) in texts {
        let Some(text) = said.as_deref().map(str::trim) else {
            continue;
        };
        match unfit(field, text, most) {
            Some(cause) => causes.push(cause),
            None if field == "mail" && !text.is_empty() && !text.contains('@') => {
                causes.push(wrong(
                    field,
                    format!("\"{}\" is not a mail address: it has no @", shown(text)),
                ));
            }
            None => *into = (!text.is_empty()).then(|| text.to_owned()),
        }
    }
}

fn put_user_type(said: Option<&str>, new: &mut UserProfile, causes: &mut Vec<Cause>) {
    let Some(text) = said.map(str::trim) else {
        return;
    };
    if text.eq_ignore_ascii_case("member") {
        new.user_type = UserType::Member;
    } else if text.eq_ignore_ascii_case("guest") {
        new.user_type = UserType::Guest;
    } else {
        causes.push(wrong(
            "user_type",
            format!("\"{}\" is not a type of user: Member or Guest", shown(text)),
        ));
    }
}

/// A location can change, not be cleared (R17).
fn put_location(said: Option<&str>, new: &mut UserProfile, causes: &mut Vec<Cause>) {
    let Some(text) = said.map(str::trim) else {
        return;
    };
    match (text.parse::<Country>(), new.usage_location) {
        (Ok(country), _) => new.usage_location = Some(country),
        (Err(_), None) if text.is_empty() => {}
        (Err(_), Some(now)) if text.is_empty() => causes.push(wrong(
            "usage_location",
            format!("A usage location can be changed, not cleared; it is {now}"),
        )),
        (Err(error), _) => {
            let message = format!("\"{}\" is not a usage location: {error}", shown(text));
            let cause = wrong("usage_location", message).with("given", shown(text));
            let near: Vec<String> = error.nearest.into_iter().map(String::from).collect();
            causes.push(if near.is_empty() {
                cause
            } else {
                let given = shown(text);
                cause.fix(Fix::NearName { given, near })
            });
        }
    }
}

/// A hold begins when it is first set; another reason does not begin it anew.
fn put_hold(said: Option<&str>, now: Instant, new: &mut UserProfile, causes: &mut Vec<Cause>) {
    let Some(text) = said.map(str::trim) else {
        return;
    };
    match unfit("retention_hold", text, MAX_HOLD_REASON) {
        Some(cause) => causes.push(cause),
        None if text.is_empty() => new.hold = None,
        None => {
            let since = new.hold.as_ref().map_or(now, |hold| hold.since);
            let reason = text.to_owned();
            new.hold = Some(Hold { reason, since });
        }
    }
}

fn unfit(field: &str, text: &str, most: usize) -> Option<Cause> {
    let length = text.chars().count();
    if length > most {
        let message = format!("The text has {length} characters; at most {most} are allowed here");
        return Some(wrong(field, message).with("max_length", most));
    }
    let bad = text.chars().find(|c| c.is_control())?;
    Some(wrong(
        field,
        format!("The text contains the control character {bad:?}"),
    ))
}

fn wrong(field: &str, message: String) -> Cause {
    Cause::new(Code::InvalidArgument, message).field(field)
}
