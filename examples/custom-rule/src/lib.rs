//! A lint rule of a team: nodes that call the database must have a concurrency limit.

use icosian_rules::{BuiltIn, Finding, FunctionFacts, rule};

rule! {
    /// ## Check
    /// Finds nodes with a parameter `pool` that have no `#[limit(..)]`.
    ///
    /// ## Rationale
    /// The database of this team accepts few connections. A fan-out without a limit would take all of them.
    ///
    /// ## Example
    /// ```bad
    /// pub async fn user(pool: &Pool, id: u64) -> Result<User, DatabaseError> {
    ///     pool.user(id).await
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// #[limit("database", max_concurrency = 8)]
    /// pub async fn user(pool: &Pool, id: u64) -> Result<User, DatabaseError> {
    ///     pool.user(id).await
    /// }
    /// ```
    pub struct UnlimitedDatabaseNode {
        code: "TEAM0001",
        name: "unlimited-database-node",
        level: Deny,
        stage: Source,
    }
    |facts| {
        let reads_pool = |function: &&FunctionFacts| function.params.iter().any(|param| param.name == "pool");
        let has_limit = |function: &&FunctionFacts| function.has(BuiltIn::Limit);
        let unlimited = facts.functions().filter(|function| reads_pool(function) && !has_limit(function));
        let finding = |function: &FunctionFacts| {
            let message = format!("node `{}` reads `pool`, but has no concurrency limit", function.name);
            Finding::new(function.name_span, message).help("add `#[limit(\"database\", max_concurrency = 8)]`")
        };
        unlimited.map(finding).collect()
    }
}
