use crate::{Facts, Finding, rule};

rule! {
    /// ## Check
    /// Finds `.await`, `join!` and `try_join!` in `for` loops with independent iterations, in async nodes.
    ///
    /// ## Rationale
    /// Each iteration waits for the previous one, so the durations add up. Independent futures can run concurrently.
    /// The rule is off by default, because the order can matter for other reasons.
    ///
    /// The rule skips loops that break or return early, and loops that wait for a timer or a permit. It also skips
    /// handles of running tasks, and futures that read a value which the loop changes.
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
            let message = format!("node `{}` awaits the iterations of a loop sequentially", function.name);
            let finding = Finding::new(found.span, message).also(inside, "in each iteration of this loop");
            findings
                .push(finding.help("await all iterations together, with `join_all` or a `FuturesUnordered`"));
        }
    }
    findings
}
