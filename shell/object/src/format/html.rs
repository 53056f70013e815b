//! Objects as one page that needs nothing else: a table, and bars where there are figures to show. Everything that comes
//! from data is escaped, and nothing in the page runs.

use super::chart::{Bar, longest};

const STYLE: &str = "
:root { color-scheme: light dark; --line: #8884; --bar: #2a6fb0; --rest: #8882; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
figure { margin: 1rem 0 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
text { fill: currentColor; font-size: 13px; }
footer { margin-top: 2rem; opacity: .7; font-size: .85rem; }
";
/// Pixels of the drawing.
const WIDTH: usize = 900;
const NAMES: usize = 240;
const FIGURES: usize = 120;
const ROW: usize = 24;

/// A cell of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HtmlCell {
    /// What it says.
    pub text: String,
    /// Whether it is a number, which stands at the right.
    pub number: bool,
}

/// The page. `made` says when, in words.
pub fn html_page(
    title: &str,
    made: &str,
    columns: &[String],
    rows: &[Vec<HtmlCell>],
    bars: &[Bar],
) -> String {
    let title = escaped(title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    if !bars.is_empty() {
        page.push_str(&drawing(bars));
    }
    page.push_str("<table>\n<thead><tr>");
    for column in columns {
        page.push_str(&format!("<th scope=\"col\">{}</th>", escaped(column)));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let class = if cell.number { " class=\"number\"" } else { "" };
            page.push_str(&format!("<td{class}>{}</td>", escaped(&cell.text)));
        }
        page.push_str("</tr>\n");
    }
    let count = rows.len();
    let noun = if count == 1 { "row" } else { "rows" };
    page.push_str(&format!(
        "</tbody>\n</table>\n<footer>{count} {noun}, {}</footer>\n</body>\n</html>\n",
        escaped(made)
    ));
    page
}

fn drawing(bars: &[Bar]) -> String {
    let longest = longest(bars);
    let room = WIDTH - NAMES - FIGURES;
    let height = bars.len() * ROW;
    let mut svg = format!(
        "<figure><svg viewBox=\"0 0 {WIDTH} {height}\" width=\"100%\" role=\"img\" aria-label=\"Bars of the figures below\">\n"
    );
    for (place, bar) in bars.iter().enumerate() {
        let top = place * ROW;
        let middle = top + ROW / 2 + 4;
        let full = bar.share(longest) * room as f64;
        let (name, figures) = (escaped(&bar.name), escaped(&bar.figures()));
        svg.push_str(&format!(
            "<text x=\"0\" y=\"{middle}\">{name}</text>\
             <rect x=\"{NAMES}\" y=\"{}\" width=\"{room}\" height=\"14\" rx=\"3\" fill=\"var(--rest)\"/>\
             <rect x=\"{NAMES}\" y=\"{}\" width=\"{full:.1}\" height=\"14\" rx=\"3\" fill=\"var(--bar)\"/>\
             <text x=\"{}\" y=\"{middle}\">{figures}</text>\n",
            top + 5,
            top + 5,
            NAMES + room + 10,
        ));
    }
    svg.push_str("</svg></figure>\n");
    svg
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' && letter != '\t' => {
                safe.push(char::REPLACEMENT_CHARACTER);
            }
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_text_and_nothing_else() {
        let evil = "<script>alert('x')</script>&\"\u{1b}";
        let cell = HtmlCell {
            text: evil.to_owned(),
            number: false,
        };
        let bar = Bar {
            name: evil.to_owned(),
            value: 1.0,
            whole: None,
        };
        let page = html_page(evil, evil, &[evil.to_owned()], &[vec![cell]], &[bar]);
        assert!(
            !page.contains("<script") && !page.contains('\u{1b}'),
            "{page}"
        );
        assert_eq!(page.matches("&lt;script&gt;").count(), 6);
        assert!(page.contains("1 row, "));
    }

    #[test]
    fn numbers_stand_at_the_right_and_bars_only_where_there_are_some() {
        let cell = |text: &str, number| HtmlCell {
            text: text.to_owned(),
            number,
        };
        let columns = ["Product", "Free"].map(str::to_owned);
        let rows = [vec![cell("SPE_E3", false), cell("12", true)]];
        let page = html_page("Seats", "now", &columns, &rows, &[]);
        assert!(
            page.contains("<td>SPE_E3</td><td class=\"number\">12</td>"),
            "{page}"
        );
        assert!(!page.contains("<svg"), "{page}");
    }
}
