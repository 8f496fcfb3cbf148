use crate::{Call, Facts, Finding, rule};

rule! {
    /// ## What it does
    /// Finds calls in async nodes that keep their thread until something outside of the program is done: sleeping, files,
    /// sockets, processes, blocking web clients.
    ///
    /// ## Why is this bad
    /// An async adapter polls many nodes on one thread. While one of them blocks, none of the others goes on, timers are
    /// late, and a bounded number of such calls stops the whole service. Calls inside closures and `async` blocks of their
    /// own are left out: somebody else may run them where blocking does no harm. Functions are known by their paths, and methods
    /// by what they are called on right there (`File::options().open(..)`, `Path::new(..).exists()`): what a variable is, or a `*` brings, source does not tell.
    ///
    /// ## Example
    /// ```bad
    /// use std::time::Duration;
    ///
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///
    ///     /// The rate, a little later.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         std::thread::sleep(Duration::from_secs(1));
    ///         fetch(url).await
    ///     }
    /// }
    /// ```
    ///
    /// ## Use instead
    /// ```good
    /// use std::time::Duration;
    ///
    /// #[dataflow]
    /// pub mod rates {
    ///     use super::*;
    ///
    ///     /// The rate, a little later.
    ///     pub async fn rate(url: &str) -> f64 {
    ///         tokio::time::sleep(Duration::from_secs(1)).await;
    ///         fetch(url).await
    ///     }
    /// }
    /// ```
    pub(crate) struct BlockingCall {
        code: "ICO0201",
        name: "blocking-call-in-async-node",
        level: Deny,
        stage: Source,
    }
    check
}

/// The functions that block, and what to call instead.
const FUNCTIONS: [(&[&str], &str); 5] = [
    (
        &["std::thread::sleep", "std::thread::park", "std::thread::park_timeout"],
        "await a timer, `tokio::time::sleep(..).await` for instance",
    ),
    (
        &[
            "std::net::TcpStream::connect",
            "std::net::TcpStream::connect_timeout",
            "std::net::TcpListener::bind",
            "std::net::UdpSocket::bind",
            "std::net::ToSocketAddrs::to_socket_addrs",
        ],
        "await the async counterpart, in `tokio::net` for instance",
    ),
    (
        &[
            "std::fs::canonicalize",
            "std::fs::copy",
            "std::fs::create_dir",
            "std::fs::create_dir_all",
            "std::fs::exists",
            "std::fs::hard_link",
            "std::fs::metadata",
            "std::fs::read",
            "std::fs::read_dir",
            "std::fs::read_link",
            "std::fs::read_to_string",
            "std::fs::remove_dir",
            "std::fs::remove_dir_all",
            "std::fs::remove_file",
            "std::fs::rename",
            "std::fs::symlink_metadata",
            "std::fs::write",
            "std::fs::File::create",
            "std::fs::File::create_new",
            "std::fs::File::open",
            "std::io::read_to_string",
        ],
        "await the async counterpart, in `tokio::fs` for instance, or move it to a plain node",
    ),
    (
        &["reqwest::blocking::get", "reqwest::blocking::Client::new", "ureq::get", "ureq::post"],
        "await an async client",
    ),
    (&["tokio::sync::mpsc::Sender::blocking_send", "futures::executor::block_on_stream"], "await it"),
];

/// What is called on what a function gives, and blocks.
const CHAINS: [(&str, &[&str], &str); 4] = [
    ("std::process::Command::new", &["output", "status"], "await the counterpart in `tokio::process`"),
    ("std::io::stdin", &["read_line", "lines", "lock"], "await the counterpart in `tokio::io`"),
    ("std::fs::File::options", &["open"], "await the counterpart in `tokio::fs`"),
    ("std::fs::OpenOptions::new", &["open"], "await the counterpart in `tokio::fs`"),
];

/// Methods of `Path` that ask the file system.
const ASKS: [&str; 10] = [
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
];

/// Methods of `Path` that give a path again.
const STAYS: [&str; 10] = [
    "as_path",
    "clone",
    "expect",
    "join",
    "parent",
    "to_owned",
    "to_path_buf",
    "unwrap",
    "with_extension",
    "with_file_name",
];

/// Returns whether `call` makes a path, and the file system is asked for that or what becomes of it.
fn asks_of_path(call: &Call) -> bool {
    let mut methods = call.methods.iter().map(String::as_str).skip_while(|method| STAYS.contains(method));
    call.is_to(&["std::path::Path::new", "std::path::PathBuf::from", "std::path::PathBuf::new"])
        && methods.next().is_some_and(|method| ASKS.contains(&method))
}

fn help(call: &Call) -> Option<&'static str> {
    let function = FUNCTIONS.iter().find(|(paths, _)| call.is_to(paths)).map(|(_, help)| *help);
    function.or_else(|| {
        let found = CHAINS.iter().find(|(path, methods, _)| call.is_to(&[path]) && call.has_method(methods));
        let asks = || asks_of_path(call).then_some("await the counterpart in `tokio::fs`");
        found.map(|(.., help)| *help).or_else(asks)
    })
}

fn check(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in facts.functions().filter(|it| it.is_async() && !it.has("offload")) {
        for call in
            function.body.known().into_iter().flat_map(|body| &body.calls).filter(|it| !it.is_elsewhere)
        {
            if let Some(help) = help(call) {
                let message =
                    format!("async node `{}` blocks its thread in `{}`", function.name, call.written);
                let finding =
                    Finding::new(call.span, message).labelled("nothing else runs on this thread meanwhile");
                findings.push(finding.help(help));
            }
        }
    }
    findings
}
