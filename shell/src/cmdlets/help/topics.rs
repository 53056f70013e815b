//! Pages about the shell as a whole. Their lines that begin with `>` are run by a test.

/// A page.
pub(crate) struct Topic {
    /// `about_Name`.
    pub(crate) name: &'static str,
    /// What it is about, in a line.
    pub(crate) synopsis: &'static str,
    /// The page.
    pub(crate) text: &'static str,
}

/// All pages, in the order in which they are best read.
pub(crate) static TOPICS: &[Topic] = &[
    Topic {
        name: "about_Prompt",
        synopsis: "Tab, hints, history, and the keys",
        text: include_str!("about/prompt.txt"),
    },
    Topic {
        name: "about_Language",
        synopsis: "Values, variables, conditions and loops",
        text: include_str!("about/language.txt"),
    },
    Topic {
        name: "about_Pipelines",
        synopsis: "Objects from one command to the next",
        text: include_str!("about/pipelines.txt"),
    },
    Topic {
        name: "about_Filters",
        synopsis: "Finding people, by parameters, by search and by filters",
        text: include_str!("about/filters.txt"),
    },
    Topic {
        name: "about_Safety",
        synopsis: "Previews, confirmation, limits",
        text: include_str!("about/safety.txt"),
    },
    Topic {
        name: "about_Errors",
        synopsis: "Refused rows, what throws, exit codes",
        text: include_str!("about/errors.txt"),
    },
    Topic {
        name: "about_Scripts",
        synopsis: "Files with parameters, functions and imports",
        text: include_str!("about/scripts.txt"),
    },
];

/// The page with this name, with or without `about_`.
pub(super) fn topic(name: &str) -> Option<&'static Topic> {
    let bare = |name: &str| {
        name.to_ascii_lowercase()
            .trim_start_matches("about_")
            .to_owned()
    };
    let wanted = bare(name);
    TOPICS.iter().find(|topic| bare(topic.name) == wanted)
}
