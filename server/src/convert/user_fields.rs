//! What a request says of a person: whole for a new one, by mask for a change.

use prost_types::FieldMask;
use usher::v1 as wire;
use usher_domain::command::UserFields;

use super::fields::Fields;

/// Fields that a mask names at most.
const MAX_MASK: usize = 64;

/// The fields of a new person: an empty one is not mentioned.
pub(crate) fn whole(user: &wire::User, fields: &mut Fields) -> UserFields {
    let said = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
    fields.required_name("user.user_principal_name", &user.user_principal_name);
    fields.required_name("user.display_name", &user.display_name);
    UserFields {
        upn: said(&user.user_principal_name),
        display_name: said(&user.display_name),
        given_name: said(&user.given_name),
        surname: said(&user.surname),
        mail: said(&user.mail),
        job_title: said(&user.job_title),
        department: said(&user.department),
        user_type: user_type(user, fields),
        account_enabled: user.account_enabled,
        usage_location: said(&user.usage_location),
        country: said(&user.country),
        state: said(&user.state),
        city: said(&user.city),
        office: said(&user.office_location),
        postal_code: said(&user.postal_code),
        street_address: said(&user.street_address),
        phone: said(&user.phone_number),
        mobile: said(&user.mobile_phone),
        retention_hold: said(&user.retention_hold),
    }
}

/// The fields that the mask names: an empty text clears.
pub(crate) fn masked(user: &wire::User, mask: &FieldMask, fields: &mut Fields) -> UserFields {
    let mut said = UserFields::default();
    if mask.paths.is_empty() {
        fields.fault(
            "update_mask",
            "The mask names no field. Name the fields to change.",
        );
    }
    fields.at_most("update_mask", mask.paths.len(), MAX_MASK);
    for path in mask.paths.iter().take(MAX_MASK) {
        set(&mut said, user, path, fields);
    }
    said
}

fn set(said: &mut UserFields, user: &wire::User, path: &str, fields: &mut Fields) {
    let (target, text) = match path {
        "user_principal_name" => (&mut said.upn, &user.user_principal_name),
        "display_name" => (&mut said.display_name, &user.display_name),
        "given_name" => (&mut said.given_name, &user.given_name),
        "surname" => (&mut said.surname, &user.surname),
        "mail" => (&mut said.mail, &user.mail),
        "job_title" => (&mut said.job_title, &user.job_title),
        "department" => (&mut said.department, &user.department),
        "usage_location" => (&mut said.usage_location, &user.usage_location),
        "country" => (&mut said.country, &user.country),
        "state" => (&mut said.state, &user.state),
        "city" => (&mut said.city, &user.city),
        "office_location" => (&mut said.office, &user.office_location),
        "street_address" => (&mut said.street_address, &user.street_address),
        "postal_code" => (&mut said.postal_code, &user.postal_code),
        "phone_number" => (&mut said.phone, &user.phone_number),
        "mobile_phone" => (&mut said.mobile, &user.mobile_phone),
        "retention_hold" => (&mut said.retention_hold, &user.retention_hold),
        "user_type" => {
            said.user_type = user_type(user, fields);
            if said.user_type.is_none() {
                fields.fault(
                    "user.user_type",
                    "Say whether the user is a member or a guest.",
                );
            }
            return;
        }
        "account_enabled" => {
            said.account_enabled = user.account_enabled;
            if user.account_enabled.is_none() {
                fields.fault("user.account_enabled", "Say true or false.");
            }
            return;
        }
        other => {
            fields.fault(
                "update_mask",
                format!("A user has no field `{other}` that can be changed."),
            );
            return;
        }
    };
    *target = Some(text.clone());
}

fn user_type(user: &wire::User, fields: &mut Fields) -> Option<String> {
    match wire::UserType::try_from(user.user_type) {
        Ok(wire::UserType::Unspecified) => None,
        Ok(wire::UserType::Member) => Some("Member".to_owned()),
        Ok(wire::UserType::Guest) => Some("Guest".to_owned()),
        Err(_) => {
            fields.fault(
                "user.user_type",
                format!("The user type {} is not known.", user.user_type),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(paths: &[&str]) -> FieldMask {
        FieldMask {
            paths: paths.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn only_what_the_mask_names_is_said_and_an_empty_text_clears() {
        let user = wire::User {
            city: "Berlin".into(),
            ..wire::User::default()
        };
        let mut fields = Fields::default();
        let said = masked(&user, &mask(&["department", "city"]), &mut fields);
        fields.check().unwrap();
        let expected = UserFields {
            department: Some(String::new()),
            city: Some("Berlin".into()),
            ..UserFields::default()
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_mask_that_cannot_be_followed_is_refused() {
        for paths in [
            &[][..],
            &["id"],
            &["nickname"],
            &["account_enabled"],
            &["user_type"],
            &["*"],
        ] {
            let mut fields = Fields::default();
            masked(&wire::User::default(), &mask(paths), &mut fields);
            assert!(fields.check().is_err(), "{paths:?}");
        }
    }
}
