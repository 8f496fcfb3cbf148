//! Calls that block their thread.
//!
//! A table lists the functions and methods that are known to block. [`Finder`] also finds the helpers that call them.

use std::collections::VecDeque;

use icosian_core::decorator::{BuiltIn, Verdict, judge};
use icosian_core::node::Asyncness;
use icosian_core::{AdapterSpec, Caps};

use crate::{BodyFacts, Call, DecoratorFacts, Edit, Facts, Fix, FunctionFacts};

const SLEEP: &str = "await a timer such as `tokio::time::sleep`";
const FILES: &str = "await the counterpart in `tokio::fs`";
const NET: &str = "await the counterpart in `tokio::net`";
const PROCESS: &str = "await the counterpart in `tokio::process`";
const STDIN: &str = "await the counterpart in `tokio::io`";
const THREAD: &str = "await `tokio::task::spawn_blocking`";
const CHANNEL: &str = "await a channel or lock of `tokio::sync`";
const CLIENT: &str = "await an async client";
const DATABASE: &str = "await an async driver";
const OTHER: &str = "move it to `tokio::task::spawn_blocking`";

/// Modules and types, their blocking functions and methods, and the alternative to them.
const BLOCKING: [(&str, &[&str], &str); 58] = [
    ("std::thread", &["sleep", "park", "park_timeout", "scope"], SLEEP),
    ("std::thread::JoinHandle", &["join"], THREAD),
    (
        "std::fs",
        &[
            "canonicalize",
            "copy",
            "create_dir",
            "create_dir_all",
            "exists",
            "hard_link",
            "metadata",
            "read",
            "read_dir",
            "read_link",
            "read_to_string",
            "remove_dir",
            "remove_dir_all",
            "remove_file",
            "rename",
            "set_permissions",
            "symlink_metadata",
            "write",
        ],
        FILES,
    ),
    (
        "std::fs::File",
        &[
            "create",
            "create_new",
            "open",
            "read",
            "read_exact",
            "read_to_end",
            "read_to_string",
            "sync_all",
            "sync_data",
            "write",
            "write_all",
        ],
        FILES,
    ),
    ("std::fs::OpenOptions", &["open"], FILES),
    ("std::fs::DirBuilder", &["create"], FILES),
    (
        "std::path::Path",
        &[
            "canonicalize",
            "exists",
            "is_dir",
            "is_file",
            "is_symlink",
            "metadata",
            "read_dir",
            "read_link",
            "symlink_metadata",
            "try_exists",
        ],
        FILES,
    ),
    ("std::io", &["read_to_string"], FILES),
    (
        "std::io::Stdin",
        &["bytes", "lines", "read", "read_line", "read_to_end", "read_to_string", "read_until", "split"],
        STDIN,
    ),
    (
        "std::net::TcpStream",
        &[
            "connect",
            "connect_timeout",
            "peek",
            "read",
            "read_exact",
            "read_to_end",
            "read_to_string",
            "write_all",
        ],
        NET,
    ),
    ("std::net::TcpListener", &["accept", "bind", "incoming"], NET),
    ("std::net::UdpSocket", &["bind", "peek_from", "recv", "recv_from", "send", "send_to"], NET),
    ("std::net::ToSocketAddrs", &["to_socket_addrs"], NET),
    (
        "std::os::unix::net::UnixStream",
        &["connect", "read_exact", "read_to_end", "read_to_string", "write_all"],
        NET,
    ),
    ("std::process::Command", &["output", "status"], PROCESS),
    ("std::process::Child", &["wait", "wait_with_output"], PROCESS),
    ("std::sync::mpsc::Receiver", &["into_iter", "iter", "recv", "recv_timeout"], CHANNEL),
    ("std::sync::mpsc::SyncSender", &["send"], CHANNEL),
    ("crossbeam_channel::Receiver", &["into_iter", "iter", "recv", "recv_deadline", "recv_timeout"], CHANNEL),
    (
        "crossbeam::channel::Receiver",
        &["into_iter", "iter", "recv", "recv_deadline", "recv_timeout"],
        CHANNEL,
    ),
    ("flume::Receiver", &["into_iter", "iter", "recv", "recv_deadline", "recv_timeout"], CHANNEL),
    ("std::sync::Condvar", &["wait", "wait_timeout", "wait_timeout_while", "wait_while"], CHANNEL),
    ("parking_lot::Condvar", &["wait", "wait_for", "wait_until", "wait_while"], CHANNEL),
    ("std::sync::Barrier", &["wait"], CHANNEL),
    ("reqwest::blocking", &["get"], CLIENT),
    ("reqwest::blocking::Client", &["execute", "new"], CLIENT),
    ("reqwest::blocking::RequestBuilder", &["send"], CLIENT),
    (
        "ureq::Request",
        &["call", "send", "send_bytes", "send_empty", "send_form", "send_json", "send_string"],
        CLIENT,
    ),
    ("ureq::Agent", &["run"], CLIENT),
    ("attohttpc::RequestBuilder", &["send"], CLIENT),
    ("minreq::Request", &["send", "send_lazy"], CLIENT),
    ("lettre::SmtpTransport", &["send", "send_raw", "test_connection"], CLIENT),
    (
        "rusqlite::Connection",
        &[
            "execute",
            "execute_batch",
            "open",
            "open_in_memory",
            "open_with_flags",
            "pragma_query",
            "pragma_query_value",
            "pragma_update",
            "prepare",
            "prepare_cached",
            "query_one",
            "query_row",
            "query_row_and_then",
            "transaction",
            "unchecked_transaction",
        ],
        DATABASE,
    ),
    (
        "rusqlite::Statement",
        &["execute", "exists", "insert", "query", "query_and_then", "query_map", "query_one", "query_row"],
        DATABASE,
    ),
    (
        "rusqlite::Transaction",
        &["commit", "execute", "execute_batch", "prepare", "query_row", "rollback"],
        DATABASE,
    ),
    ("diesel::Connection", &["establish", "batch_execute", "transaction"], DATABASE),
    (
        "diesel::RunQueryDsl",
        &["execute", "first", "get_result", "get_results", "load", "load_iter"],
        DATABASE,
    ),
    ("r2d2::Pool", &["get", "get_timeout", "new"], DATABASE),
    (
        "postgres::Client",
        &[
            "batch_execute",
            "connect",
            "copy_in",
            "copy_out",
            "execute",
            "prepare",
            "query",
            "query_one",
            "query_opt",
            "query_raw",
            "simple_query",
            "transaction",
        ],
        DATABASE,
    ),
    (
        "postgres::Transaction",
        &["batch_execute", "commit", "execute", "prepare", "query", "query_one", "query_opt", "rollback"],
        DATABASE,
    ),
    ("redis::Client", &["get_connection", "get_connection_with_timeout"], DATABASE),
    (
        "redis::Connection",
        &[
            "append",
            "blpop",
            "brpop",
            "decr",
            "del",
            "exists",
            "expire",
            "get",
            "getset",
            "hdel",
            "hexists",
            "hget",
            "hgetall",
            "hincr",
            "hkeys",
            "hset",
            "hset_multiple",
            "incr",
            "keys",
            "lindex",
            "llen",
            "lpop",
            "lpush",
            "lrange",
            "mget",
            "mset",
            "mset_nx",
            "publish",
            "req_command",
            "rpop",
            "rpush",
            "sadd",
            "scan",
            "scard",
            "set",
            "set_ex",
            "set_multiple",
            "set_nx",
            "set_options",
            "sismember",
            "smembers",
            "srem",
            "ttl",
            "xadd",
            "xread",
            "zadd",
            "zrange",
            "zrangebyscore",
            "zrem",
            "zscore",
        ],
        DATABASE,
    ),
    ("redis::Cmd", &["exec", "query"], DATABASE),
    ("redis::Pipeline", &["exec", "query"], DATABASE),
    (
        "mysql::Conn",
        &[
            "exec",
            "exec_drop",
            "exec_first",
            "exec_iter",
            "new",
            "query",
            "query_drop",
            "query_first",
            "query_iter",
            "query_map",
        ],
        DATABASE,
    ),
    ("mysql::Pool", &["get_conn", "new"], DATABASE),
    ("walkdir::WalkDir", &["into_iter"], FILES),
    ("ignore::Walk", &["into_iter", "new"], FILES),
    ("glob::Paths", &["into_iter"], FILES),
    ("csv::Reader", &["from_path"], FILES),
    ("csv::Writer", &["from_path"], FILES),
    ("image", &["open"], FILES),
    ("tempfile", &["tempdir", "tempfile"], FILES),
    ("tempfile::NamedTempFile", &["new"], FILES),
    ("tempfile::TempDir", &["new"], FILES),
    ("git2::Repository", &["clone", "discover", "init", "open"], FILES),
    ("futures::executor", &["block_on_stream"], CHANNEL),
    ("isahc", &["get", "post"], CLIENT),
];

/// Methods that block on every receiver, and the alternative to them.
const METHODS: [(&str, &str); 9] = [
    ("blocking_acquire", CHANNEL),
    ("blocking_lock", CHANNEL),
    ("blocking_lock_owned", CHANNEL),
    ("blocking_read", CHANNEL),
    ("blocking_recv", CHANNEL),
    ("blocking_recv_many", CHANNEL),
    ("blocking_send", CHANNEL),
    ("blocking_write", CHANNEL),
    ("to_socket_addrs", NET),
];

/// Returns the alternative to `call`, if it blocks its thread.
pub(crate) fn help(call: &Call, facts: &Facts) -> Option<&'static str> {
    if let Some(path) = call.path.known() {
        // `fs_err` has the functions of `std::fs`.
        let mirrored = path.strip_prefix("fs_err::").map(|rest| format!("std::fs::{rest}"));
        let (owner, name) = mirrored.as_deref().unwrap_or(path).rsplit_once("::").unwrap_or(("", path));
        let known = BLOCKING.iter().find(|(it, names, _)| *it == owner && names.contains(&name));
        if let Some((.., help)) = known {
            return Some(help);
        }
        if facts.blocking.iter().any(|named| is_named(named, path)) {
            return Some(OTHER);
        }
    }
    let method = call.method.as_deref()?;
    METHODS.iter().find(|(name, _)| *name == method).map(|(_, help)| *help)
}

/// Returns whether the path `named` in the settings refers to `path`.
///
/// The source stage knows the modules of one file only. Below `crate`, it therefore compares only the ends of the paths.
fn is_named(named: &str, path: &str) -> bool {
    let own = |path: &str| {
        let mut rest = path.strip_prefix("crate::").or_else(|| path.strip_prefix("super::"))?;
        while let Some(shorter) = rest.strip_prefix("super::") {
            rest = shorter;
        }
        Some(rest.to_owned())
    };
    match (own(named), own(path)) {
        (Some(named), Some(path)) => named == path || named.ends_with(&format!("::{path}")),
        _ => named == path,
    }
}

/// A call in a node's body that blocks, itself or in a helper.
pub(crate) struct Blocked<'a> {
    /// The call in the body.
    pub(crate) call: &'a Call,
    /// The call that blocks, if it is in a helper.
    pub(crate) inside: Option<&'a Call>,
    /// The alternative to it.
    pub(crate) help: &'static str,
}

/// Finds blocking calls in bodies and in the helpers that they call.
pub(crate) struct Finder<'a> {
    facts: &'a Facts,
    blocks: fn(&Call, &Facts) -> Option<&'static str>,
    /// The first blocking call that each helper reaches.
    helpers: Vec<Option<(&'a Call, &'static str)>>,
}

impl<'a> Finder<'a> {
    /// Creates a finder. A call blocks if `blocks` returns its alternative.
    pub(crate) fn new(facts: &'a Facts, blocks: fn(&Call, &Facts) -> Option<&'static str>) -> Self {
        let mut finder = Self { facts, blocks, helpers: vec![None; facts.helpers.len()] };
        // Breadth first over the reversed call graph: each helper is entered once, so recursion ends.
        let mut callers = vec![Vec::new(); facts.helpers.len()];
        let mut queue = VecDeque::new();
        for (at, helper) in facts.helpers.iter().enumerate() {
            for call in helper.body.calls.iter().filter(|call| !call.is_elsewhere) {
                if let Some(callee) = finder.callee(call) {
                    callers[callee].push(at);
                }
                if let (None, Some(help)) = (finder.helpers[at], finder.direct(call)) {
                    finder.helpers[at] = Some((call, help));
                    queue.push_back(at);
                }
            }
        }
        while let Some(callee) = queue.pop_front() {
            let found = finder.helpers[callee];
            for &caller in &callers[callee] {
                if finder.helpers[caller].is_none() {
                    finder.helpers[caller] = found;
                    queue.push_back(caller);
                }
            }
        }
        finder
    }

    fn direct(&self, call: &Call) -> Option<&'static str> {
        // Awaiting a future does not block, even if its function has the name of a blocking one.
        if call.is_awaited { None } else { (self.blocks)(call, self.facts) }
    }

    /// Returns the helper whose body runs at `call`.
    fn callee(&self, call: &Call) -> Option<usize> {
        let helper = self.facts.helpers.get(call.helper?)?;
        (call.is_awaited || !helper.is_async).then_some(call.helper?)
    }

    /// Returns the calls in `body` that block.
    pub(crate) fn find(&self, body: &'a BodyFacts) -> Vec<Blocked<'a>> {
        let calls = body.calls.iter().filter(|call| !call.is_elsewhere);
        let found = calls.filter_map(|call| {
            if let Some(help) = self.direct(call) {
                return Some(Blocked { call, inside: None, help });
            }
            let (inside, help) = self.helpers[self.callee(call)?]?;
            Some(Blocked { call, inside: Some(inside), help })
        });
        found.collect()
    }
}

/// Returns the end of a help text that explains how to offload `function`.
pub(crate) fn offload_help(function: &FunctionFacts) -> &'static str {
    if has_permit_per_attempt(function) {
        "move `retry` below `limit` and put `#[offload]` above the node"
    } else {
        "put `#[offload]` above the node"
    }
}

/// Returns whether each attempt of `function` acquires a permit. The driver refuses to offload such a node.
fn has_permit_per_attempt(function: &FunctionFacts) -> bool {
    let mut outermost_first = function.decorators.iter();
    outermost_first.any(|it| it.is(BuiltIn::Retry)) && outermost_first.any(|it| it.is(BuiltIn::Limit))
}

/// Returns the fix that offloads `function`.
///
/// Returns `None` if the decorators do not allow it, or if it would change more than the thread of the body.
pub(crate) fn offload_fix(function: &FunctionFacts) -> Option<Fix> {
    // With `timeout`, the body could no longer be cancelled.
    let has_conflict =
        [BuiltIn::Offload, BuiltIn::Spawn, BuiltIn::Timeout].iter().any(|it| function.has(*it));
    let innermost_first = function.decorators.iter().rev().map(DecoratorFacts::spec);
    let specs = innermost_first.collect::<Option<Vec<_>>>()?;
    if has_conflict
        || has_permit_per_attempt(function)
        || function.has_misplaced_decorators
        || function.is_method
    {
        return None;
    }
    let specs = [BuiltIn::Offload.row().spec()].into_iter().chain(specs);
    let adapter = AdapterSpec::new("any").with_caps(Caps::ALL);
    let asyncness = if function.is_async() { Asyncness::Async } else { Asyncness::Sync };
    if matches!(judge(asyncness, specs, &adapter), Verdict::Unsupported { .. }) {
        return None;
    }
    let edit = Edit::inserted_above(function.head_span?, "#[offload]");
    Some(Fix::risky("run the node on a thread for blocking work, with `#[offload]`", [edit]))
}
