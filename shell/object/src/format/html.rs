//! Objects as one page that needs nothing else: a table, and bars or a line where there are figures to show. Everything
//! that comes from data is escaped, and nothing in the page runs.

use super::chart::{Bar, Chart, longest};
use super::line::{Line, Point};

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
/// The drawing of a line: its height, and the room for texts at the left and below.
const HEIGHT: usize = 260;
const MARGIN: usize = 90;
const BELOW: usize = 30;
/// Points that are marked, and say what they are under the pointer; more would hide the line.
const MOST_MARKS: usize = 100;

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
    chart: Option<&Chart>,
) -> String {
    let title = escaped(title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    match chart {
        Some(Chart::Bars(bars)) if !bars.is_empty() => page.push_str(&drawing(bars)),
        Some(Chart::Line(line)) => page.push_str(&line_drawing(line)),
        _ => {}
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

fn line_drawing(line: &Line) -> String {
    let (right, bottom) = (WIDTH - 10, HEIGHT - BELOW);
    let place = |point: &Point, figure: f64| {
        let across = MARGIN as f64 + line.across(point.when) * (right - MARGIN) as f64;
        let down = 10.0 + (1.0 - line.up(figure)) * (bottom - 10) as f64;
        (across, down)
    };
    let path = |figure: &dyn Fn(&Point) -> Option<f64>| {
        let places = line.points().iter().filter_map(|point| {
            let (across, down) = place(point, figure(point)?);
            Some(format!("{across:.1},{down:.1}"))
        });
        places.collect::<Vec<_>>().join(" ")
    };
    let ((low, high), (first, last)) = (line.range(), line.span());
    let (text, left) = (HEIGHT - 8, MARGIN - 10);
    let mut svg = format!(
        "<figure><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"100%\" role=\"img\" \
         aria-label=\"A line of the figures below over time\">\n\
         <path d=\"M{MARGIN} 10V{bottom}H{right}\" fill=\"none\" stroke=\"var(--line)\"/>\n\
         <text x=\"{left}\" y=\"15\" text-anchor=\"end\">{}</text>\
         <text x=\"{left}\" y=\"{bottom}\" text-anchor=\"end\">{}</text>\
         <text x=\"{MARGIN}\" y=\"{text}\">{}</text>\
         <text x=\"{right}\" y=\"{text}\" text-anchor=\"end\">{}</text>\n",
        escaped(&high),
        escaped(&low),
        escaped(&first),
        escaped(&last),
    );
    let whole = path(&|point| point.whole);
    if !whole.is_empty() {
        svg.push_str(&format!(
            "<polyline points=\"{whole}\" fill=\"none\" stroke=\"currentColor\" stroke-opacity=\".5\" \
             stroke-dasharray=\"6 4\"/>\n"
        ));
    }
    svg.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"var(--bar)\" stroke-width=\"2\"/>\n",
        path(&|point| Some(point.value))
    ));
    if line.points().len() <= MOST_MARKS {
        for point in line.points() {
            let (across, down) = place(point, point.value);
            svg.push_str(&format!(
                "<circle cx=\"{across:.1}\" cy=\"{down:.1}\" r=\"3\" fill=\"var(--bar)\"><title>{}: {}</title></circle>\n",
                escaped(&point.when.to_string()),
                point.value
            ));
        }
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
        let page = html_page(
            evil,
            evil,
            &[evil.to_owned()],
            &[vec![cell]],
            Some(&Chart::Bars(vec![bar])),
        );
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
        let page = html_page("Seats", "now", &columns, &rows, None);
        assert!(
            page.contains("<td>SPE_E3</td><td class=\"number\">12</td>"),
            "{page}"
        );
        assert!(!page.contains("<svg"), "{page}");
    }

    #[test]
    fn figures_over_time_are_a_line() {
        let point = |day: i64, value| Point {
            when: crate::Instant::from_micros(day * 86_400_000_000),
            value,
            whole: Some(20.0),
        };
        let line = Line::new(vec![point(10, 20.0), point(0, 0.0), point(5, 10.0)]).unwrap();
        let page = html_page("Use", "now", &[], &[], Some(&Chart::Line(line)));
        for part in [
            "<polyline points=\"90.0,230.0 490.0,120.0 890.0,10.0\"",
            "<polyline points=\"90.0,10.0 490.0,10.0 890.0,10.0\"",
            ">1970-01-01</text>",
            ">1970-01-11</text>",
            "text-anchor=\"end\">20</text>",
            "<title>1970-01-06T00:00:00Z: 10</title>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }
}
