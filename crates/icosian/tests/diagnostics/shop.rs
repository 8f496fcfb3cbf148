//! A second file of dataflows, which conflict with those of the first file.

/// Reads nodes of other files as other types.
#[icosian::dataflow]
pub(crate) mod shop {
    pub fn total(summed: &str, basket: &[f64]) -> f64 {
        summed.len() as f64 + basket.iter().sum::<f64>()
    }

    pub fn receipt(total: f64, basket: &str) -> String {
        format!("{basket} {total}")
    }
}

/// Defines a node that another file also defines.
#[icosian::dataflow]
pub(crate) mod twin {
    pub fn summed(basket: Vec<f64>) -> f64 {
        basket.iter().sum()
    }
}

/// Closes a cycle with [`answers`].
#[icosian::dataflow]
pub(crate) mod questions {
    pub fn question(answer: u64) -> u64 {
        answer
    }

    pub fn doubt(question: u64) -> u64 {
        question
    }
}

/// Closes a cycle with [`questions`].
#[icosian::dataflow]
pub(crate) mod answers {
    pub fn answer(doubt: u64) -> u64 {
        doubt
    }
}
