//! Commands that work on any objects, without the service. What they do with values is in the crate
//! `usher-object`; here are their declarations and the stages.

pub mod convert_from_csv;
pub mod convert_from_json;
pub mod convert_to_csv;
pub mod convert_to_json;
mod csv_option;
pub mod export_csv;
pub mod for_each_object;
pub mod format_list;
pub mod format_table;
pub mod get_member;
pub mod group_object;
pub mod import_csv;
pub mod measure_object;
pub mod out_null;
mod replace_file;
pub mod select_object;
mod selector;
mod shown;
pub mod sort_object;
mod stage;
pub mod where_object;
pub mod write_output;

#[cfg(test)]
mod objects_test;
#[cfg(test)]
mod test_host;
