//! The pages of the errors that no rule reports: `ICO11xx` for an execution.

/// The page of an error that has no rule: the linter never reports it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorPage {
    /// `ICO` and four digits.
    pub(crate) code: &'static str,
    /// The name in kebab case.
    pub(crate) name: &'static str,
    /// One line: the fault, in lower case and without a full stop.
    pub(crate) title: &'static str,
    /// The explanation, in Markdown: the fault, its cause, an example, and the fix.
    pub(crate) text: &'static str,
}

/// All errors of an execution, by code.
pub(crate) const RUN_ERRORS: &[ErrorPage] = &[
    ErrorPage {
        code: "ICO1101",
        name: "node-failed",
        title: "a node returned an error",
        text: "\
## What happened
The function of a node returned `Err`. The execution cancelled the nodes that were still running and returned the error. \
The report names the node, its location, and the path to the requested output. The function's error is the source.

## Why
The first failure ends an execution, unless the driver has `ErrorPolicy::CollectAll`. A function with `#[retry(..)]` fails \
with the error of its last attempt.

## Example
```rust
#[dataflow]
pub mod ports {
    /// The port.
    pub fn port(text: &str) -> Result<u16, std::num::ParseIntError> { text.parse() }
}

driver.execute::<ports::port>(inputs! { text: \"http\" })
```

## What to do
Handle the error in the function, or decorate the function: `#[retry(..)]` calls it again and `#[fallback(..)]` replaces \
the error with a value. `ReturnedError::find` on the source returns an error of a given type.
",
    },
    ErrorPage {
        code: "ICO1102",
        name: "node-timed-out",
        title: "a node exceeded its time limit",
        text: "\
## What happened
A node ran longer than its limit. The execution cancelled the node and failed. An offloaded node keeps its thread until \
its function returns.

## Why
The limit comes from `#[timeout(..)]` on the function or from `TokioAdapter::with_node_timeout`. It starts with the body \
of the node, so time in a queue does not count.

## Example
```rust
#[dataflow]
pub mod rates {
    /// The rate.
    #[timeout(\"1s\")]
    pub async fn rate() -> f64 { std::future::pending().await }
}
```

## What to do
Raise the limit, or make the node faster. `#[retry(..)]` above `#[timeout(..)]` starts the node again, and \
`#[fallback(..)]` provides a value instead.
",
    },
    ErrorPage {
        code: "ICO1103",
        name: "node-panicked",
        title: "a node panicked",
        text: "\
## What happened
The function of a node panicked. The execution caught the panic, cancelled the running nodes, and returned an error with \
the panic message. The driver stays usable.

## Why
A panic is a bug in the function or in a crate that it calls: an index out of bounds, an `unwrap` of `None`.

## Example
```rust
#[dataflow]
pub mod prices {
    /// The first price.
    pub fn first(prices: &[f64]) -> f64 { prices[0] }
}

driver.execute::<prices::first>(inputs! { prices: Vec::<f64>::new() })
```

## What to do
Return a `Result` or an `Option` instead. `RUST_BACKTRACE=1` prints the location of the panic.
",
    },
    ErrorPage {
        code: "ICO1104",
        name: "cancelled",
        title: "the execution was cancelled",
        text: "\
## What happened
The `RunContext` of the execution was cancelled. Nodes that were still running were cancelled too.

## Why
The caller, or another owner of a clone of the context, called `RunContext::cancel`. Under a sync adapter the execution \
ends before its next node.

## Example
```rust
let context = RunContext::new();
context.cancel();
driver.execute::<prices::price>(inputs! {}.with_context(context))
```

## What to do
Nothing, if the cancellation was intended. Otherwise give each execution a separate context.
",
    },
    ErrorPage {
        code: "ICO1105",
        name: "deadline-exceeded",
        title: "the execution exceeded its deadline",
        text: "\
## What happened
The execution exceeded its deadline. Nodes that were still running were cancelled.

## Why
The deadline comes from `RunContext::with_time_limit` or from `TokioAdapter::with_deadline`; the earlier one counts. It includes \
the time in queues of concurrency limits.

## Example
```rust
let context = RunContext::new().with_time_limit(Duration::from_millis(10));
driver.execute::<rates::slow>(inputs! {}.with_context(context)).await
```

## What to do
Set a later deadline, or request fewer outputs. A `#[timeout(..)]` on single nodes shows which of them is slow.
",
    },
    ErrorPage {
        code: "ICO1106",
        name: "deadlock",
        title: "a nested execution would deadlock",
        text: "\
## What happened
An execution requested a permit of a limit. All permits of the limit are held by executions and nodes that wait for this \
execution, so it would deadlock. It fails instead.

## Why
A node that executes another dataflow holds its own permits while it waits. If the inner execution needs a permit of the \
same limit, or of a limit in a cycle of limits, no permit is ever released.

## Example
```rust
let adapter = TokioAdapter::default().with_max_concurrent_runs(1);
// A node of `outer` executes `inner` under a clone of the same adapter, with the only permit taken.
```

## What to do
Raise the limit, or execute the inner dataflow under a separate adapter.
",
    },
    ErrorPage {
        code: "ICO1107",
        name: "hook-failed",
        title: "a hook returned an error or panicked",
        text: "\
## What happened
A hook of the driver returned an error or panicked. The execution ended, although no node failed. The hook's error is the \
source.

## Why
An error of a hook is a request to end the execution. Errors of hooks after a failure are ignored.

## Example
```rust
impl Hook for Quota {
    fn before_node(&self, _: &NodeInfo<'_>) -> Result<(), BoxError> { Err(\"the quota is used up\".into()) }
}
```

## What to do
Return an error only to end the execution. Log other errors in the hook and return `Ok`.
",
    },
    ErrorPage {
        code: "ICO1108",
        name: "input-failed",
        title: "the future of an input failed",
        text: "\
## What happened
A future that was passed as an input returned an error or panicked. The nodes that read it cannot run. The error of the \
future is the source.

## Why
The execution awaits the futures of its inputs as separate jobs, so their errors appear during the run.

## Example
```rust
let user = Input::try_future(async { Err::<String, _>(\"no session\") });
driver.execute::<pages::page>(inputs! { user }).await
```

## What to do
Handle the error in the future, or await the value before the execution and pass the result.
",
    },
    ErrorPage {
        code: "ICO1109",
        name: "adapter-failed",
        title: "the adapter failed",
        text: "\
## What happened
The adapter returned an error that no node caused, and the execution ended. The adapter's error is the source.

## Why
Adapters report failures of the systems that they use, such as a thread that cannot start, and violations of the contract: \
a step that runs twice or before a step that it reads.

## Example
```rust
async fn run(&self, _: &mut AsyncRun<'_>) -> Result<(), RunAbort> { Err(RunAbort::adapter(\"the cluster is unreachable\")) }
```

## What to do
Read the source of the error. A violation of the contract is a bug of the adapter; report it to its authors.
",
    },
    ErrorPage {
        code: "ICO1110",
        name: "adapter-ended-early",
        title: "the adapter ended before all outputs existed",
        text: "\
## What happened
The adapter returned `Ok`, but a requested output has no value.

## Why
An adapter runs every step of a run, or returns the error that prevented it. This adapter skipped a step.

## Example
```rust
fn run(&self, _: &mut Run<'_>) -> Result<(), RunAbort> { Ok(()) }
```

## What to do
It is a bug of the adapter: execute each step of `Run::steps`, or report it to the adapter's authors.
",
    },
    ErrorPage {
        code: "ICO1111",
        name: "unsuitable-runtime",
        title: "the async runtime lacks a required part",
        text: "\
## What happened
The runtime that polls the execution has no timer or no threads for blocking work, and a node of the plan needs one. No \
node has run.

## Why
Timeouts, deadlines and retries with a delay need a timer. Offloaded nodes need threads. A tokio runtime that is built \
without `enable_time`, or another executor, provides neither.

## Example
```rust
let runtime = tokio::runtime::Builder::new_current_thread().build()?; // no timer
runtime.block_on(driver.execute::<rates::rate>(inputs! {}))
```

## What to do
Build the runtime with `enable_all`, or execute the driver within a tokio runtime.
",
    },
    ErrorPage {
        code: "ICO1112",
        name: "output-drop-panicked",
        title: "the output of a node panicked while it was dropped",
        text: "\
## What happened
The execution dropped the output of a node after its last use, and the output's `Drop` implementation panicked. The \
report names the node that produced the value; its consumers succeeded.

## Why
Each value is dropped as soon as no node reads it any more, so the panic ends the execution.

## Example
```rust
impl Drop for Lease {
    fn drop(&mut self) { self.release().unwrap() }
}
```

## What to do
Ignore or log errors in `drop`. If the release of a resource can fail, release it in a node.
",
    },
    ErrorPage {
        code: "ICO1113",
        name: "input-drop-panicked",
        title: "the value of an input panicked while it was dropped",
        text: "\
## What happened
The execution dropped the value of an input after its last use, and the value's `Drop` implementation panicked.

## Why
An execution owns its inputs and drops each one as soon as no node reads it any more.

## Example
```rust
driver.execute::<pages::page>(inputs! { session: PanicsOnDrop })
```

## What to do
Ignore or log errors in `drop`, or keep the value outside of the execution and pass an `Arc`.
",
    },
    ErrorPage {
        code: "ICO1114",
        name: "result-failed",
        title: "the outputs could not be collected into a result",
        text: "\
## What happened
All nodes succeeded, but the result could not be built from the outputs. The source names the cause.

## Why
A `ResultBuilder` returned an error, for example because a value cannot be serialized; or the `Clone` implementation of an \
output panicked.

## Example
```rust
// The keys of a JSON object are strings.
pub fn totals() -> HashMap<(u8, u8), f64> { HashMap::from([((1, 2), 3.0)]) }

driver.execute_with(&JsonObject, [\"totals\"], inputs! {})
```

## What to do
Fix the value or its implementation of `Serialize` or `Clone`, or use another result builder.
",
    },
    ErrorPage {
        code: "ICO1115",
        name: "check-failed",
        title: "the output of a node failed its checks",
        text: "\
## What happened
A validator of `#[check_output(..)]` or `#[check_output_custom(..)]` rejected the output of a node. The source lists the \
failed checks.

## Why
The check has `importance = \"fail\"`. With the default importance a failed check is a warning in the log.

## Example
```rust
#[dataflow]
pub mod rates {
    /// The rate.
    #[check_output(range = 0.0..=1.0, importance = \"fail\")]
    pub fn rate() -> f64 { 1.5 }
}
```

## What to do
Fix the function or the data that it reads. If the value is valid, change the check or its importance.
",
    },
    ErrorPage {
        code: "ICO1116",
        name: "fallback-failed",
        title: "a function and its fallback failed",
        text: "\
## What happened
A function with `#[fallback(..)]` failed, and its fallback function failed too. The message has the error of the \
function; the source is the error of the fallback.

## Why
The fallback runs only after the function has failed, so both errors belong to one execution.

## Example
```rust
#[dataflow]
pub mod rates {
    /// The rate.
    #[fallback(cached)]
    pub fn rate() -> Result<f64, String> { Err(\"no route\".into()) }
    fn cached() -> Result<f64, String> { Err(\"the cache is empty\".into()) }
}
```

## What to do
Make the fallback infallible, for example with a constant: `#[fallback(value = 1.0)]`.
",
    },
    ErrorPage {
        code: "ICO1117",
        name: "thread-pool-failed",
        title: "an adapter cannot start its threads",
        text: "\
## What happened
An adapter with its own thread pool could not start the threads, so the adapter was not built. The source is the error of \
the pool.

## Why
The operating system limits the threads of a process or a container, or the memory for their stacks.

## Example
```rust
let threads = NonZeroUsize::new(1_000_000).unwrap();
let adapter = RayonAdapter::with_threads(threads)?;
```

## What to do
Use fewer threads, or raise the limit of threads (`ulimit -u`, the limits of the container).
",
    },
    ErrorPage {
        code: "ICO1118",
        name: "item-failed",
        title: "a node failed for an item of an expansion",
        text: "\
## What happened
A node of a block failed for one item: it returned an error, panicked, or exceeded its time limit. The execution cancelled \
the other items and failed. The report names the node, the position of the item in its expansion, and the start of the \
item's text if it has one. In a nested expansion it also names the outer items. The function's error is the source.

## Why
Without `on_error` an expansion fails with its first item that fails. The item itself can be the failure: an expanding function \
that returns a sequence of `Result` fails an item with each `Err`.

## Example
```rust
#[dataflow]
pub mod numbers {
    /// A text.
    #[expand]
    pub fn text(texts: &[String]) -> Vec<String> { texts.to_vec() }
    /// The number in a text.
    pub fn number(text: &str) -> Result<u64, std::num::ParseIntError> { text.parse() }
    /// The sum of the numbers.
    pub fn total(number: Collect<u64>) -> u64 { number.iter().sum() }
}

driver.execute::<numbers::total>(inputs! { texts: vec![\"1\".to_owned(), \"two\".to_owned()] })
```

## What to do
Fix the item, or handle the error in the function. `#[expand(on_error = \"skip\")]` leaves failed items out of the results. \
`#[expand(on_error = \"collect\")]` passes the errors on: the collecting parameter is a `Collect<Result<T, ItemError>>`. \
`RunError::item` returns the failed item.
",
    },
    ErrorPage {
        code: "ICO1119",
        name: "layer-failed",
        title: "a layer around a node returned an error",
        text: "\
## What happened
A layer of `with_layer` or `with_layer_on` ended the call of a node with its own error. The function of the node did not \
run, was cancelled, or returned an error that the layer replaced. The report names the node and the type of the layer. The error \
of the layer is the source.

## Why
A timeout expired, a limit with `load_shed` refused the call, or the task of a `BufferLayer` ended. A buffer belongs to the \
runtime of the first execution: if the driver later runs on a second runtime, the buffer is closed.

## Example
```rust
let driver = AsyncDriver::builder()
    .with_dataflow(quotes::dataflow())
    .with_layer(tower::timeout::TimeoutLayer::new(Duration::from_millis(1)))
    .build()?;
driver.execute::<quotes::quote>(inputs! {})
```

## What to do
Raise the limit or the timeout, or handle the error in an outer layer. `ReturnedError::find` on the source returns the error of \
the layer by its type, such as `tower::timeout::error::Elapsed`.
",
    },
    ErrorPage {
        code: "ICO1122",
        name: "record-not-written",
        title: "a part of a run record is missing",
        text: "\
## What happened
`RunRecorder` could not write the record of an execution, or a part of it. The execution itself is not affected. The first \
error of a recorder is logged as a warning, and `RunRecorder::errors` returns all of them.

## Why
The disk is full, the folder cannot be written, or the process cannot start another thread. If executions produce events \
faster than the disk accepts them, the recorder drops events rather than slow down executions.

## Example
```rust
let recorder = Arc::new(RunRecorder::new(\"/read-only/runs\"));
let driver = Driver::builder().with_dataflow(flow::dataflow()).with_hook(Arc::clone(&recorder)).build()?;
driver.execute::<flow::total>(inputs! {})?;
recorder.flush();
assert_eq!(recorder.errors().len(), 1);
```

## What to do
Free space on the disk, or set another folder with `RunRecorder::new` or the environment variable `ICOSIAN_RUNS`. If events \
were dropped, record fewer executions, or record no values.
",
    },
];
