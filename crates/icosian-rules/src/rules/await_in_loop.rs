use crate::{Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds `.await`, `join!` and `try_join!` inside the `for` loops of async nodes.
    ///
    /// ## Why is this bad
    /// Each turn waits for the one before, so the loop takes as long as all of them together. Where they do not need each
    /// other they can wait at the same time. Where they do, the loop is right: this rule is off unless asked for.
    ///
    /// ## Example
    /// ```bad
    /// #[dataflow]
    /// pub mod rates {
    ///     /// All rates.
    ///     pub async fn rates(urls: &[String]) -> Vec<f64> {
    ///         let mut rates = Vec::new();
    ///         for url in urls {
    ///             rates.push(fetch(url).await);
    ///         }
    ///         rates
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[dataflow]
    /// pub mod rates {
    ///     /// All rates.
    ///     pub async fn rates(urls: &[String]) -> Vec<f64> {
    ///         futures::future::join_all(urls.iter().map(fetch)).await
    ///     }
    /// }
    /// ```
    pub(crate) struct AwaitInLoop {
        code: "ICO0210",
        name: "await-in-loop",
        level: Allow,
        stage: Source,
    }
    check
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async()) {
        let awaits = function.body.known().into_iter().flat_map(|body| &body.awaits);
        for (found, inside) in
            awaits.filter(|it| !it.is_elsewhere).filter_map(|it| Some((it, it.inside_for?)))
        {
            let message = format!("node `{}` awaits one turn of a loop after the other", function.name);
            let finding = Finding::new(found.span, message).also(inside, "in every turn of this loop");
            findings.push(finding.help("await all turns together, with `join_all` or a `FuturesUnordered`"));
        }
    }
    findings
}
