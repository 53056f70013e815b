//! Commands that work on any objects, without the service. What they do with values is in the crate
//! `usher-object`; here are their declarations and the stages.

mod as_text;
mod compare_object;
mod convert_from_csv;
mod convert_from_json;
mod convert_to_csv;
mod convert_to_json;
mod csv_below;
mod csv_option;
mod export_csv;
mod export_html;
mod figures;
mod for_each_object;
mod format_chart;
mod format_list;
mod format_table;
mod get_content;
mod get_member;
mod group_object;
mod groups;
mod import_csv;
mod measure_object;
mod out_file;
mod out_null;
mod replace_file;
mod select_object;
mod selector;
mod shown;
mod sort_object;
mod stage;
mod tee_object;
mod text_encoding;
mod where_object;
mod write_output;

pub use compare_object::COMPARE_OBJECT;
pub use convert_from_csv::CONVERT_FROM_CSV;
pub use convert_from_json::CONVERT_FROM_JSON;
pub use convert_to_csv::CONVERT_TO_CSV;
pub use convert_to_json::CONVERT_TO_JSON;
pub use export_csv::EXPORT_CSV;
pub use export_html::EXPORT_HTML;
pub use for_each_object::FOR_EACH_OBJECT;
pub use format_chart::FORMAT_CHART;
pub use format_list::FORMAT_LIST;
pub use format_table::FORMAT_TABLE;
pub use get_content::GET_CONTENT;
pub use get_member::GET_MEMBER;
pub use group_object::GROUP_OBJECT;
pub use import_csv::IMPORT_CSV;
pub use measure_object::MEASURE_OBJECT;
pub use out_file::OUT_FILE;
pub use out_null::OUT_NULL;
pub use select_object::SELECT_OBJECT;
pub use sort_object::SORT_OBJECT;
pub use tee_object::TEE_OBJECT;
pub use where_object::WHERE_OBJECT;
pub use write_output::WRITE_OUTPUT;

#[cfg(test)]
mod files_test;
#[cfg(test)]
mod format_test;
#[cfg(test)]
mod objects_test;
#[cfg(test)]
mod script_test;
#[cfg(test)]
mod test_host;
