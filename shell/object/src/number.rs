//! Numbers of three kinds under one exact order: whole, decimal and floating point.
//! A float stands for the shortest decimal that reads back as it, so `0.1` equals the decimal `0.1`.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Digits to which every key is aligned; a decimal has at most 29, a whole float below 2^96 too.
const KEY_DIGITS: u32 = 38;
/// Below this, a float without a fraction is converted digit by digit, exactly.
const EXACT_FLOAT: f64 = 7.9e28;

/// A number as the comparison sees it: equal keys are equal numbers, and keys are totally ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberKey {
    /// -3 not a number, -2 and 2 the infinities, -1, 0 and 1 the sign of all others.
    class: i8,
    /// Place of the first digit; negated for negative numbers so that the derived order is right.
    exponent: i32,
    /// The digits, left-aligned; negated for negative numbers.
    digits: i128,
}

impl NumberKey {
    const ZERO: Self = Self::special(0);

    const fn special(class: i8) -> Self {
        Self {
            class,
            exponent: 0,
            digits: 0,
        }
    }

    fn scaled(negative: bool, magnitude: u128, power: i32) -> Self {
        let Ok(mut digits) = i128::try_from(magnitude) else {
            return Self::special(if negative { -2 } else { 2 });
        };
        if digits == 0 {
            return Self::ZERO;
        }
        let count = magnitude.ilog10() + 1;
        digits = digits.saturating_mul(10_i128.saturating_pow(KEY_DIGITS.saturating_sub(count)));
        let exponent = power.saturating_add(i32::try_from(count).unwrap_or(i32::MAX));
        if negative {
            Self {
                class: -1,
                exponent: -exponent,
                digits: -digits,
            }
        } else {
            Self {
                class: 1,
                exponent,
                digits,
            }
        }
    }
}

impl From<i64> for NumberKey {
    fn from(number: i64) -> Self {
        Self::scaled(number < 0, u128::from(number.unsigned_abs()), 0)
    }
}

impl From<Decimal> for NumberKey {
    fn from(number: Decimal) -> Self {
        let power = i32::try_from(number.scale()).map_or(0, |scale| -scale);
        Self::scaled(
            number.is_sign_negative(),
            number.mantissa().unsigned_abs(),
            power,
        )
    }
}

impl From<f64> for NumberKey {
    fn from(number: f64) -> Self {
        if number.is_nan() {
            return Self::special(-3);
        }
        if number.is_infinite() {
            return Self::special(if number < 0.0 { -2 } else { 2 });
        }
        if number.fract() == 0.0 && number.abs() < EXACT_FLOAT {
            return number.to_i128().map_or(Self::ZERO, |whole| {
                Self::scaled(whole < 0, whole.unsigned_abs(), 0)
            });
        }
        let text = format!("{:e}", number.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let fraction = mantissa
            .split_once('.')
            .map_or(0, |(_, digits)| digits.len());
        let digits = mantissa.replace('.', "").parse().unwrap_or(0);
        let power = exponent.parse().unwrap_or(0) - i32::try_from(fraction).unwrap_or(0);
        Self::scaled(number < 0.0, digits, power)
    }
}

/// Order of two floats: not-a-number first, both zeros equal.
pub fn order_floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right)
        .unwrap_or_else(|| right.is_nan().cmp(&left.is_nan()))
}

/// A number read from text, in the narrowest kind that keeps it exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Whole, within 64 bits.
    Int(i64),
    /// Exact, up to 28 digits.
    Decimal(Decimal),
    /// Anything else.
    Float(f64),
}

impl Number {
    /// Reads `5`, `-5`, `+5`, `1.50`, `.5`, `1e3`; blanks around it are ignored. Names such as
    /// `inf` and `NaN`, digit groups and currency signs are no numbers.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            return None;
        }
        if let Ok(whole) = text.parse() {
            return Some(Self::Int(whole));
        }
        let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        if unsigned.bytes().all(plain) && !unsigned.ends_with('.') {
            // Refused, rather than rounded, if a decimal cannot hold all digits.
            if let Ok(decimal) = Decimal::from_str_exact(text) {
                return Some(Self::Decimal(decimal));
            }
        }
        let float: f64 = text.parse().ok()?;
        float.is_finite().then_some(Self::Float(float))
    }

    /// What it compares by.
    pub fn key(self) -> NumberKey {
        match self {
            Self::Int(number) => number.into(),
            Self::Decimal(number) => number.into(),
            Self::Float(number) => number.into(),
        }
    }
}

/// The decimal that a float stands for, if a decimal can hold it.
pub fn float_to_decimal(number: f64) -> Option<Decimal> {
    // By way of its shortest text: the conversions of the library round to 15 digits or keep the
    // binary tail.
    Decimal::from_str_exact(&number.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::str::FromStr;

    fn dec(text: &str) -> Decimal {
        Decimal::from_str(text).unwrap()
    }

    #[test]
    fn equal_numbers_of_different_kinds_have_equal_keys() {
        assert_eq!(NumberKey::from(0.1), NumberKey::from(dec("0.1")));
        assert_eq!(NumberKey::from(5), NumberKey::from(dec("5.000")));
        assert_eq!(NumberKey::from(5.0), NumberKey::from(5));
        assert_eq!(NumberKey::from(-0.0), NumberKey::from(0));
        assert_eq!(
            NumberKey::from(1_i64 << 60),
            NumberKey::from((1_i64 << 60) as f64)
        );
        assert_eq!(NumberKey::from(-2.5), NumberKey::from(dec("-2.50")));
    }

    #[test]
    fn order_across_kinds_and_sizes() {
        let ascending = [
            NumberKey::from(f64::NAN),
            NumberKey::from(f64::NEG_INFINITY),
            NumberKey::from(f64::MIN),
            NumberKey::from(Decimal::MIN),
            NumberKey::from(i64::MIN),
            NumberKey::from(-10),
            NumberKey::from(dec("-9.99")),
            NumberKey::from(-1),
            NumberKey::from(-1e-300),
            NumberKey::from(0),
            NumberKey::from(5e-324),
            NumberKey::from(dec("0.0000000000000000000000000001")),
            NumberKey::from(0.3),
            NumberKey::from(0.1 + 0.2),
            NumberKey::from(9),
            NumberKey::from(dec("9.5")),
            NumberKey::from(10),
            NumberKey::from(i64::MAX - 1),
            NumberKey::from(i64::MAX),
            NumberKey::from(i64::MAX as f64),
            NumberKey::from(Decimal::MAX),
            NumberKey::from(1e29),
            NumberKey::from(f64::INFINITY),
        ];
        for pair in ascending.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }

    #[test]
    fn texts_that_are_numbers_and_texts_that_are_not() {
        assert_eq!(Number::parse(" 42 "), Some(Number::Int(42)));
        assert_eq!(Number::parse("00123"), Some(Number::Int(123)));
        assert_eq!(Number::parse("1.50"), Some(Number::Decimal(dec("1.50"))));
        assert_eq!(
            Number::parse("9223372036854775808"),
            Some(Number::Decimal(dec("9223372036854775808")))
        );
        let long = "0.12345678901234567890123456789012";
        assert_eq!(
            Number::parse(long),
            Some(Number::Float(0.123_456_789_012_345_68))
        );
        assert_eq!(Number::parse("1e3"), Some(Number::Float(1000.0)));
        assert_eq!(Number::parse("-.5"), Some(Number::Decimal(dec("-0.5"))));
        for text in [
            "", "-", ".", "inf", "NaN", "1,000", "1_000", "0x10", "5 seats", "1.2.3", "1e999", "٣",
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn keys_of_floats_order_like_floats(left: f64, right: f64) {
            prop_assert_eq!(NumberKey::from(left).cmp(&NumberKey::from(right)), order_floats(left, right));
        }

        #[test]
        fn keys_of_whole_numbers_order_like_them(left: i64, right: i64) {
            prop_assert_eq!(NumberKey::from(left).cmp(&NumberKey::from(right)), left.cmp(&right));
        }

        #[test]
        fn keys_of_decimals_order_like_them(a: i64, b: i64, x in 0_u32..28, y in 0_u32..28) {
            let (left, right) = (Decimal::new(a, x), Decimal::new(b, y));
            prop_assert_eq!(NumberKey::from(left).cmp(&NumberKey::from(right)), left.cmp(&right));
        }
    }
}
