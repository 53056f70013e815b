//! Cuts a filter into tokens with their positions. Knows no property and no operator.

use super::FilterError;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, keyword, number, id or moment, as written.
    Word(String),
    /// A text between single quotes, with doubled quotes undone.
    Quoted(String),
    Open,
    Close,
    Comma,
    Colon,
    Slash,
    End,
}

impl Token {
    /// The token as a person reads it, for messages.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Word(word) => format!("`{word}`"),
            Self::Quoted(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Open => "`(`".to_owned(),
            Self::Close => "`)`".to_owned(),
            Self::Comma => "`,`".to_owned(),
            Self::Colon => "`:`".to_owned(),
            Self::Slash => "`/`".to_owned(),
            Self::End => "the end".to_owned(),
        }
    }
}

/// A token and the position of its first character, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) position: usize,
}

/// All tokens of the text, the last one being [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Spanned>, FilterError> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let start = at;
        let token = match c {
            _ if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '\'' => {
                let (text, after) = quoted(&chars, at)?;
                at = after;
                tokens.push(Spanned {
                    token: Token::Quoted(text),
                    position: start + 1,
                });
                continue;
            }
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            ':' => Token::Colon,
            '/' => Token::Slash,
            _ if is_word(c) => {
                // A moment holds colons; nothing else that begins with a digit does.
                let moment = c.is_ascii_digit();
                let ends = |c: &char| !(is_word(*c) || (moment && *c == ':'));
                let length = chars[at..]
                    .iter()
                    .position(ends)
                    .unwrap_or(chars.len() - at);
                at += length;
                let word = chars[start..at].iter().collect();
                tokens.push(Spanned {
                    token: Token::Word(word),
                    position: start + 1,
                });
                continue;
            }
            other => {
                return Err(FilterError::Syntax {
                    position: start + 1,
                    message: unexpected_character(other),
                });
            }
        };
        at += 1;
        tokens.push(Spanned {
            token,
            position: start + 1,
        });
    }
    tokens.push(Spanned {
        token: Token::End,
        position: chars.len() + 1,
    });
    Ok(tokens)
}

fn quoted(chars: &[char], open: usize) -> Result<(String, usize), FilterError> {
    let mut text = String::new();
    let mut at = open + 1;
    loop {
        match (chars.get(at), chars.get(at + 1)) {
            (Some('\''), Some('\'')) => {
                text.push('\'');
                at += 2;
            }
            (Some('\''), _) => return Ok((text, at + 1)),
            (Some(&c), _) if c.is_control() => {
                return Err(FilterError::Syntax {
                    position: at + 1,
                    message: format!(
                        "the text holds the control character U+{:04X}. Leave it out.",
                        u32::from(c)
                    ),
                });
            }
            (Some(&c), _) => {
                text.push(c);
                at += 1;
            }
            (None, _) => {
                return Err(FilterError::Syntax {
                    position: open + 1,
                    message: "the text that begins here has no closing quote. Write a quote inside a text twice."
                        .to_owned(),
                });
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '+')
}

fn unexpected_character(c: char) -> String {
    match c {
        '"' | '“' | '”' | '‘' | '’' => {
            format!("`{c}` does not begin a text. Use single quotes, as in 'Sales'.")
        }
        '=' | '!' | '<' | '>' => {
            format!("`{c}` is not an operator. Use eq, ne, gt, ge, lt or le.")
        }
        _ => format!("`{c}` is not expected here. Put texts in single quotes."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Token> {
        tokens(text)
            .unwrap()
            .into_iter()
            .map(|spanned| spanned.token)
            .collect()
    }

    #[test]
    fn doubled_quotes_are_one() {
        assert_eq!(words("'it''s'"), [Token::Quoted("it's".into()), Token::End]);
        assert_eq!(words("''"), [Token::Quoted(String::new()), Token::End]);
        assert_eq!(words("''''"), [Token::Quoted("'".into()), Token::End]);
    }

    #[test]
    fn control_characters_stand_between_tokens_only() {
        assert_eq!(
            words("\t''\r\n"),
            [Token::Quoted(String::new()), Token::End]
        );
        for text in ["city eq 'K\0ln'", "city eq 'K\nln'"] {
            assert!(
                matches!(tokens(text), Err(FilterError::Syntax { position: 11, .. })),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_moment_keeps_its_colons_and_a_lambda_does_not() {
        assert_eq!(
            words("2026-01-31T12:00:00+02:00 x:x/a"),
            [
                Token::Word("2026-01-31T12:00:00+02:00".into()),
                Token::Word("x".into()),
                Token::Colon,
                Token::Word("x".into()),
                Token::Slash,
                Token::Word("a".into()),
                Token::End
            ]
        );
    }

    #[test]
    fn positions_count_characters_not_bytes() {
        let all = tokens("'äöü' eq").unwrap();
        assert_eq!(all[1].position, 7);
        assert!(matches!(
            tokens("city eq \"x\""),
            Err(FilterError::Syntax { position: 9, .. })
        ));
        assert!(matches!(
            tokens("city eq 'x"),
            Err(FilterError::Syntax { position: 9, .. })
        ));
    }
}
