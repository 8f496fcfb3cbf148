use std::any::type_name;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use icosian_core::BoxError;

use crate::hook::{NodeEnd, NodeInfo, RunEnd, RunInfo};

/// Observes executions and their nodes with async methods, which the driver awaits.
///
/// The execution waits for each call of a hook, while other nodes run:
///
/// - The first node starts after `before_run`.
/// - The body of a node starts after `before_node`.
/// - The consumers of a node start after `after_node`.
/// - `execute` returns after `after_run`.
///
/// If a hook awaits nothing, implement [`Hook`](crate::Hook) instead, which has a lower overhead.
///
/// # Cancellation
///
/// When a run fails or is dropped, the driver does not call `after_node` for the nodes that are running. For a dropped execution, it does
/// not call `after_run` either. A [`Hook`](crate::Hook) observes the end of these nodes and executions.
///
/// # Differences to `Hook`
///
/// - [`NodeInfo::queue_time`] is zero.
/// - [`NodeInfo::span`] and [`RunInfo::span`] are `None`, because the span is the current span.
/// - The driver calls the hook for each node of the graph, including the nodes that check or split an output, but not for skipped nodes.
/// - A sync node becomes an async node.
/// - The hook does not observe a sync function that reads a `CollectStream`. If the nodes of the stream are observed, the request is an
///   error.
///
/// # Errors
///
/// A hook that returns an error or panics aborts the execution. The error of the execution names the hook, but no node. If the node
/// has failed too, the execution reports both errors, also if a parameter accepts the failure of the node. After the execution has failed,
/// errors of the hook are ignored.
///
/// # Examples
/// ```
/// use icosian_adapter::{AsyncHook, NodeInfo, async_trait};
/// use icosian_core::BoxError;
///
/// /// Waits until a server allows the node to run.
/// #[derive(Debug)]
/// struct Admission;
///
/// # async fn ask_server(_: &str) -> Result<bool, BoxError> { Ok(true) }
/// #[async_trait]
/// impl AsyncHook for Admission {
///     async fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
///         if ask_server(node.outline().name()).await? { Ok(()) } else { Err("the server refused the node".into()) }
///     }
/// }
/// ```
#[async_trait]
pub trait AsyncHook: fmt::Debug + Send + Sync + 'static {
    /// Returns the name of the hook in errors. The default is the name of its type.
    fn name(&self) -> &str {
        type_name::<Self>()
    }

    /// Called when an execution begins.
    ///
    /// # Errors
    /// An error of the hook aborts the execution.
    async fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        let _ = run;
        Ok(())
    }

    /// Called when an execution ends. If it already failed, the hook's error is ignored.
    ///
    /// # Errors
    /// An error of the hook fails the execution.
    async fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        let _ = (run, end);
        Ok(())
    }

    /// Called when a node begins.
    ///
    /// # Errors
    /// An error of the hook aborts the execution, and the node does not run.
    async fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        let _ = node;
        Ok(())
    }

    /// Called when a node ends. If the node failed, the hook's error is ignored.
    ///
    /// # Errors
    /// An error of the hook aborts the execution.
    async fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        let _ = (node, end);
        Ok(())
    }
}

/// A shared hook is a hook.
#[async_trait]
impl<H: AsyncHook + ?Sized> AsyncHook for Arc<H> {
    fn name(&self) -> &str {
        (**self).name()
    }

    async fn before_run(&self, run: &RunInfo<'_>) -> Result<(), BoxError> {
        (**self).before_run(run).await
    }

    async fn after_run(&self, run: &RunInfo<'_>, end: RunEnd) -> Result<(), BoxError> {
        (**self).after_run(run, end).await
    }

    async fn before_node(&self, node: &NodeInfo<'_>) -> Result<(), BoxError> {
        (**self).before_node(node).await
    }

    async fn after_node(&self, node: &NodeInfo<'_>, end: &NodeEnd<'_>) -> Result<(), BoxError> {
        (**self).after_node(node, end).await
    }
}
