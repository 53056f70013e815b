//! Files of people in the column form of Entra's "Download users" or of the admin centre's
//! "Export users", told apart by the header alone. An empty cell is "not mentioned".

use super::{ReportItem, ReportKind, Row, guid, tidy};
use crate::command::{UserFields, UserRow};
use crate::ids::UserId;
use crate::refusal::{Cause, Code};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Upn,
    DisplayName,
    GivenName,
    Surname,
    Mail,
    JobTitle,
    Department,
    UserType,
    AccountEnabled,
    /// The admin centre's opposite of the column above.
    SignInBlocked,
    UsageLocation,
    Country,
    State,
    City,
    Office,
    PostalCode,
    StreetAddress,
    Phone,
    Mobile,
}

/// The headers, without case and blanks, in either form.
const HEADERS: &[(&str, Column)] = &[
    ("objectid", Column::Id),
    ("id", Column::Id),
    ("userprincipalname", Column::Upn),
    ("username", Column::Upn),
    ("displayname", Column::DisplayName),
    ("givenname", Column::GivenName),
    ("firstname", Column::GivenName),
    ("surname", Column::Surname),
    ("lastname", Column::Surname),
    ("mail", Column::Mail),
    ("emailaddress", Column::Mail),
    ("jobtitle", Column::JobTitle),
    ("title", Column::JobTitle),
    ("department", Column::Department),
    ("usertype", Column::UserType),
    ("accountenabled", Column::AccountEnabled),
    ("blockcredential", Column::SignInBlocked),
    ("signinblocked", Column::SignInBlocked),
    ("usagelocation", Column::UsageLocation),
    ("country", Column::Country),
    ("countryorregion", Column::Country),
    ("country/region", Column::Country),
    ("state", Column::State),
    ("stateorprovince", Column::State),
    ("city", Column::City),
    ("physicaldeliveryofficename", Column::Office),
    ("office", Column::Office),
    ("officename", Column::Office),
    ("postalcode", Column::PostalCode),
    ("ziporpostalcode", Column::PostalCode),
    ("zip/postalcode", Column::PostalCode),
    ("streetaddress", Column::StreetAddress),
    ("address", Column::StreetAddress),
    ("telephonenumber", Column::Phone),
    ("phonenumber", Column::Phone),
    ("officephone", Column::Phone),
    ("mobile", Column::Mobile),
    ("mobilephone", Column::Mobile),
];

/// Which cell of a row says what; columns that mean nothing here are passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserColumns {
    columns: Vec<Option<Column>>,
    header: Vec<String>,
}

impl UserColumns {
    /// Reads a header.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` when there is no column for the user principal name, or two columns
    /// say the same.
    pub fn recognise(header: &[String]) -> Result<Self, Cause> {
        let columns: Vec<Option<Column>> = header.iter().map(|name| column(name)).collect();
        if !columns.contains(&Some(Column::Upn)) {
            let message = format!(
                "The file has no column userPrincipalName or \"User principal name\" (its columns: {})",
                header.join(", ")
            );
            return Err(Cause::new(Code::InvalidArgument, message).field("header"));
        }
        for (at, column) in columns.iter().enumerate() {
            if column.is_some() && columns[..at].contains(column) {
                let message = format!("Two columns say the same: the second is \"{}\"", header[at]);
                return Err(Cause::new(Code::InvalidArgument, message).field("header"));
            }
        }
        Ok(Self {
            columns,
            header: header.to_vec(),
        })
    }

    /// The user that a row speaks of.
    ///
    /// # Errors
    /// A refusal with line and column for a wrong GUID, a truth value that is none, or no UPN.
    /// What only the planner can judge (lengths, forms, countries) is left to it.
    pub fn row(&self, row: &Row) -> Result<UserRow, ReportItem> {
        let mut user = UserRow::default();
        for (at, raw) in row.cells.iter().enumerate() {
            let Some(Some(column)) = self.columns.get(at) else {
                continue;
            };
            let cell = tidy(raw);
            if !cell.is_empty() {
                put(&mut user, *column, &cell).map_err(|message| self.refuse(row, at, message))?;
            }
        }
        if user.fields.upn.is_none() {
            let at = self.columns.iter().position(|c| *c == Some(Column::Upn));
            let message = "The row has no user principal name".to_owned();
            return Err(self.refuse(row, at.unwrap_or_default(), message));
        }
        Ok(user)
    }

    /// The file's header for a field that the planner names; the field itself where the file has no
    /// such column.
    #[must_use]
    pub fn header_of<'a>(&'a self, field: &'a str) -> &'a str {
        let column = match field {
            "id" => Column::Id,
            "upn" => Column::Upn,
            "display_name" => Column::DisplayName,
            "given_name" => Column::GivenName,
            "surname" => Column::Surname,
            "mail" => Column::Mail,
            "job_title" => Column::JobTitle,
            "department" => Column::Department,
            "user_type" => Column::UserType,
            "usage_location" => Column::UsageLocation,
            "country" => Column::Country,
            "state" => Column::State,
            "city" => Column::City,
            "office" => Column::Office,
            "postal_code" => Column::PostalCode,
            "street_address" => Column::StreetAddress,
            "phone" => Column::Phone,
            "mobile" => Column::Mobile,
            _ => return field,
        };
        let at = self.columns.iter().position(|known| *known == Some(column));
        at.and_then(|at| self.header.get(at))
            .map_or(field, |name| name.trim())
    }

    fn refuse(&self, row: &Row, at: usize, message: String) -> ReportItem {
        let column = self.header.get(at).map(String::as_str);
        ReportItem::new(row.line, column, ReportKind::Refused, message)
    }
}

fn column(name: &str) -> Option<Column> {
    let plain: String = tidy(name)
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    HEADERS
        .iter()
        .find(|(header, _)| *header == plain)
        .map(|(_, column)| *column)
}

fn put(user: &mut UserRow, column: Column, cell: &str) -> Result<(), String> {
    let UserFields {
        upn,
        display_name,
        given_name,
        surname,
        mail,
        job_title,
        department,
        user_type,
        account_enabled,
        usage_location,
        country,
        state,
        city,
        office,
        postal_code,
        street_address,
        phone,
        mobile,
        retention_hold: _,
    } = &mut user.fields;
    let text = match column {
        Column::Id => {
            let id = guid(cell).ok_or_else(|| format!("\"{cell}\" is not a GUID"))?;
            user.id = Some(UserId(id));
            return Ok(());
        }
        Column::AccountEnabled | Column::SignInBlocked => {
            let said = truth(cell)?;
            *account_enabled = Some(said == (column == Column::AccountEnabled));
            return Ok(());
        }
        Column::Upn => upn,
        Column::DisplayName => display_name,
        Column::GivenName => given_name,
        Column::Surname => surname,
        Column::Mail => mail,
        Column::JobTitle => job_title,
        Column::Department => department,
        Column::UserType => user_type,
        Column::UsageLocation => usage_location,
        Column::Country => country,
        Column::State => state,
        Column::City => city,
        Column::Office => office,
        Column::PostalCode => postal_code,
        Column::StreetAddress => street_address,
        Column::Phone => phone,
        Column::Mobile => mobile,
    };
    *text = Some(cell.to_owned());
    Ok(())
}

fn truth(cell: &str) -> Result<bool, String> {
    match cell.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(format!("\"{cell}\" is neither True nor False")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::shared_rows;

    fn columns(header: &str) -> Result<UserColumns, Cause> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        UserColumns::recognise(&header)
    }

    fn row(cells: &str) -> Row {
        Row {
            line: 7,
            cells: cells.split(',').map(str::to_owned).collect(),
        }
    }

    #[test]
    fn both_column_forms_say_the_same() {
        let entra =
            columns("userPrincipalName,displayName,accountEnabled,usageLocation,x").unwrap();
        let centre =
            columns("User principal name,Display name,Block credential,Usage location,y").unwrap();
        let one = entra.row(&row("a@b.c,A B,False,DE,-")).unwrap();
        let two = centre.row(&row(" a@b.c,A  B,True,DE,-")).unwrap();
        assert_eq!(one, two);
        assert_eq!(one.fields.account_enabled, Some(false));
        assert_eq!(one.fields.department, None);
    }

    #[test]
    fn a_header_without_the_upn_and_bad_cells_are_refused() {
        assert!(
            columns("displayName,mail")
                .unwrap_err()
                .message
                .contains("displayName, mail")
        );
        assert!(columns("userPrincipalName,mail,Email address").is_err());
        let known = columns("userPrincipalName,objectId,accountEnabled").unwrap();
        for (cells, column) in [
            ("a@b.c,nope,True", "objectId"),
            ("a@b.c,,perhaps", "accountEnabled"),
            (",,True", "userPrincipalName"),
        ] {
            let item = known.row(&row(cells)).unwrap_err();
            assert_eq!((item.line, item.column.as_deref()), (7, Some(column)));
        }
    }

    #[test]
    fn a_field_is_named_as_the_file_names_it() {
        let centre = columns("User principal name,Usage location ,Office").unwrap();
        for (field, header) in [
            ("upn", "User principal name"),
            ("usage_location", "Usage location"),
            ("office", "Office"),
            ("mail", "mail"),
            ("", ""),
        ] {
            assert_eq!(centre.header_of(field), header);
        }
    }

    #[test]
    fn ten_thousand_people_are_read() {
        let Some((header, rows)) =
            shared_rows("ten_thousand_people_are_read", "users-entra-10k.csv")
        else {
            return;
        };
        let columns = UserColumns::recognise(&header).unwrap();
        let users: Vec<UserRow> = rows.iter().map(|row| columns.row(row).unwrap()).collect();
        assert_eq!(users.len(), 10_000);
        assert!(
            users
                .iter()
                .all(|user| user.id.is_some() && user.fields.display_name.is_some())
        );
        let sales = |user: &&UserRow| user.fields.department.as_deref() == Some("Sales");
        assert_eq!(users.iter().filter(sales).count(), 1_886);
    }
}
