//! Sums of exact and of binary numbers: what comes out of JSON and CSV is exact, what a script writes with a point is
//! binary, and the engine alone would not add the two.

use rhai::Engine;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Registers `+ - * / %` and the comparisons between a decimal and a float, which give a float.
pub(super) fn register(engine: &mut Engine) {
    arithmetic(engine, "+", |left, right| left + right);
    arithmetic(engine, "-", |left, right| left - right);
    arithmetic(engine, "*", |left, right| left * right);
    arithmetic(engine, "/", |left, right| left / right);
    arithmetic(engine, "%", |left, right| left % right);
    comparison(engine, "==", |left, right| left == right);
    comparison(engine, "!=", |left, right| left != right);
    comparison(engine, "<", |left, right| left < right);
    comparison(engine, "<=", |left, right| left <= right);
    comparison(engine, ">", |left, right| left > right);
    comparison(engine, ">=", |left, right| left >= right);
}

fn float(number: Decimal) -> f64 {
    number.to_f64().unwrap_or(f64::NAN)
}

fn arithmetic(engine: &mut Engine, symbol: &str, work: fn(f64, f64) -> f64) {
    engine.register_fn(symbol, move |left: Decimal, right: f64| {
        work(float(left), right)
    });
    engine.register_fn(symbol, move |left: f64, right: Decimal| {
        work(left, float(right))
    });
}

fn comparison(engine: &mut Engine, symbol: &str, holds: fn(f64, f64) -> bool) {
    engine.register_fn(symbol, move |left: Decimal, right: f64| {
        holds(float(left), right)
    });
    engine.register_fn(symbol, move |left: f64, right: Decimal| {
        holds(left, float(right))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_and_binary_numbers_meet() {
        let mut engine = Engine::new();
        register(&mut engine);
        let mut scope = rhai::Scope::new();
        scope.push("price", Decimal::new(250, 2));
        assert_eq!(
            engine
                .eval_with_scope::<f64>(&mut scope, "price * 1.5")
                .unwrap(),
            3.75
        );
        assert_eq!(
            engine
                .eval_with_scope::<f64>(&mut scope, "1.5 - price")
                .unwrap(),
            -1.0
        );
        assert!(
            engine
                .eval_with_scope::<bool>(&mut scope, "price > 2.4 && 2.5 == price")
                .unwrap()
        );
        assert_eq!(
            engine
                .eval_with_scope::<Decimal>(&mut scope, "price * 2")
                .unwrap(),
            Decimal::new(500, 2)
        );
    }
}
