//! Types of values, from signatures and the functions of well-known crates.

use icosian_rules::Fact;
use syn::{GenericArgument, PathArguments, Type};

use icosian_syntax::written_type::bare;

/// A type: its full path and its arguments. References, smart pointers, `Option` and `Result` are left out, because the
/// methods of interest are those of the value inside.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ty {
    pub(super) path: String,
    pub(super) args: Vec<Ty>,
}

/// The path of slices, vectors and iterators: the argument is the element.
pub(super) const SEQUENCE: &str = "[]";

/// The path of tuples.
const TUPLE: &str = "()";

/// Types whose methods are those of their first argument.
const TRANSPARENT: [&str; 16] = [
    "Arc",
    "Box",
    "BufReader",
    "BufWriter",
    "Cow",
    "LazyLock",
    "MutexGuard",
    "OnceCell",
    "OnceLock",
    "Option",
    "Pin",
    "Rc",
    "Ref",
    "RefMut",
    "Result",
    "RwLockReadGuard",
];

/// Types that are iterated over, by their first argument.
const SEQUENCES: [&str; 5] = ["BTreeSet", "BinaryHeap", "HashSet", "Vec", "VecDeque"];

/// Types whose argument a method locks or borrows.
const LOCKS: [&str; 5] = ["FairMutex", "Mutex", "RefCell", "ReentrantMutex", "RwLock"];

/// Methods that return the value inside a lock.
const OPENS: [&str; 14] = [
    "blocking_lock",
    "blocking_read",
    "blocking_write",
    "borrow",
    "borrow_mut",
    "get_mut",
    "into_inner",
    "lock",
    "lock_owned",
    "read",
    "try_lock",
    "try_read",
    "try_write",
    "write",
];

/// Methods that return the value itself, a copy or a reference.
const SAME: [&str; 24] = [
    "as_deref",
    "as_deref_mut",
    "as_mut",
    "as_ref",
    "borrow",
    "by_ref",
    "clone",
    "cloned",
    "context",
    "copied",
    "expect",
    "into",
    "map_err",
    "ok",
    "ok_or",
    "ok_or_else",
    "take",
    "to_owned",
    "try_clone",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "with_context",
];

/// Methods of sequences that return a sequence of the same elements.
const ITERATES: [&str; 15] = [
    "as_slice",
    "chain",
    "chunks",
    "collect",
    "drain",
    "filter",
    "into_iter",
    "iter",
    "iter_mut",
    "peekable",
    "rev",
    "skip",
    "step_by",
    "take",
    "to_vec",
];

/// Methods of sequences that return one element.
const ELEMENT: [&str; 12] = [
    "find",
    "first",
    "get",
    "get_mut",
    "last",
    "max_by_key",
    "min_by_key",
    "next",
    "nth",
    "pop",
    "pop_front",
    "remove",
];

/// Types, some of their methods, and the type that these return. `*` are all others.
const METHODS: [(&str, &[&str], &str); 38] = [
    (
        "std::path::Path",
        &["as_path", "join", "parent", "canonicalize", "to_path_buf", "with_extension", "with_file_name"],
        "std::path::Path",
    ),
    ("std::process::Command", &["spawn"], "std::process::Child"),
    ("std::process::Command", &["output", "status", "get_program", "get_args"], ""),
    ("std::process::Command", &["*"], "std::process::Command"),
    ("std::fs::OpenOptions", &["open"], "std::fs::File"),
    ("std::fs::OpenOptions", &["*"], "std::fs::OpenOptions"),
    ("std::fs::DirBuilder", &["recursive", "mode"], "std::fs::DirBuilder"),
    ("std::thread::Builder", &["spawn", "spawn_scoped"], "std::thread::JoinHandle"),
    ("std::thread::Builder", &["*"], "std::thread::Builder"),
    ("std::io::Stdin", &["lock"], "std::io::Stdin"),
    (
        "reqwest::blocking::Client",
        &["get", "post", "put", "patch", "delete", "head", "request"],
        "reqwest::blocking::RequestBuilder",
    ),
    ("reqwest::blocking::ClientBuilder", &["build"], "reqwest::blocking::Client"),
    ("reqwest::blocking::ClientBuilder", &["*"], "reqwest::blocking::ClientBuilder"),
    ("reqwest::blocking::RequestBuilder", &["send", "build"], ""),
    ("reqwest::blocking::RequestBuilder", &["*"], "reqwest::blocking::RequestBuilder"),
    (
        "ureq::Agent",
        &["get", "post", "put", "patch", "delete", "head", "request", "request_url"],
        "ureq::Request",
    ),
    ("ureq::AgentBuilder", &["build"], "ureq::Agent"),
    ("ureq::AgentBuilder", &["*"], "ureq::AgentBuilder"),
    (
        "ureq::Request",
        &["call", "send", "send_json", "send_string", "send_form", "send_bytes", "send_empty"],
        "",
    ),
    ("ureq::Request", &["*"], "ureq::Request"),
    ("attohttpc::RequestBuilder", &["send"], ""),
    ("attohttpc::RequestBuilder", &["*"], "attohttpc::RequestBuilder"),
    ("minreq::Request", &["send", "send_lazy"], ""),
    ("minreq::Request", &["*"], "minreq::Request"),
    ("rusqlite::Connection", &["prepare", "prepare_cached"], "rusqlite::Statement"),
    ("rusqlite::Connection", &["transaction", "unchecked_transaction", "savepoint"], "rusqlite::Transaction"),
    ("rusqlite::Transaction", &["prepare", "prepare_cached"], "rusqlite::Statement"),
    ("postgres::Client", &["transaction"], "postgres::Transaction"),
    ("redis::Client", &["get_connection", "get_connection_with_timeout"], "redis::Connection"),
    ("redis::Cmd", &["arg"], "redis::Cmd"),
    ("redis::Pipeline", &["query", "exec"], ""),
    ("redis::Pipeline", &["*"], "redis::Pipeline"),
    ("mysql::Pool", &["get_conn"], "mysql::Conn"),
    ("walkdir::WalkDir", &["into_iter"], ""),
    ("walkdir::WalkDir", &["*"], "walkdir::WalkDir"),
    ("ignore::WalkBuilder", &["build"], "ignore::Walk"),
    ("ignore::WalkBuilder", &["*"], "ignore::WalkBuilder"),
    ("std::net::TcpListener", &["incoming"], ""),
];

/// Functions and the types that they return, where that is not the type of which they are.
const FUNCTIONS: [(&str, &str); 27] = [
    ("std::thread::spawn", "std::thread::JoinHandle"),
    ("std::fs::File::options", "std::fs::OpenOptions"),
    ("std::io::stdin", "std::io::Stdin"),
    ("reqwest::blocking::Client::builder", "reqwest::blocking::ClientBuilder"),
    ("ureq::get", "ureq::Request"),
    ("ureq::post", "ureq::Request"),
    ("ureq::put", "ureq::Request"),
    ("ureq::patch", "ureq::Request"),
    ("ureq::delete", "ureq::Request"),
    ("ureq::head", "ureq::Request"),
    ("ureq::request", "ureq::Request"),
    ("ureq::agent", "ureq::Agent"),
    ("ureq::builder", "ureq::AgentBuilder"),
    ("ureq::Agent::new_with_defaults", "ureq::Agent"),
    ("attohttpc::get", "attohttpc::RequestBuilder"),
    ("attohttpc::post", "attohttpc::RequestBuilder"),
    ("minreq::get", "minreq::Request"),
    ("minreq::post", "minreq::Request"),
    ("redis::cmd", "redis::Cmd"),
    ("redis::pipe", "redis::Pipeline"),
    ("redis::Client::open", "redis::Client"),
    ("postgres::Client::connect", "postgres::Client"),
    ("postgres::Config::connect", "postgres::Client"),
    ("glob::glob", "glob::Paths"),
    ("lettre::SmtpTransport::unencrypted_localhost", "lettre::SmtpTransport"),
    ("std::net::TcpStream::connect", "std::net::TcpStream"),
    ("std::net::TcpStream::connect_timeout", "std::net::TcpStream"),
];

/// Functions that return both halves of a channel.
const CHANNELS: [(&str, &str); 6] = [
    ("std::sync::mpsc::channel", "std::sync::mpsc"),
    ("std::sync::mpsc::sync_channel", "std::sync::mpsc"),
    ("crossbeam_channel::bounded", "crossbeam_channel"),
    ("crossbeam_channel::unbounded", "crossbeam_channel"),
    ("flume::bounded", "flume"),
    ("flume::unbounded", "flume"),
];

/// Associated functions that return the type of which they are.
const CONSTRUCTORS: [&str; 12] = [
    "bind",
    "create",
    "create_new",
    "default",
    "establish",
    "from",
    "new",
    "open",
    "open_in_memory",
    "open_with_flags",
    "with_capacity",
    "with_config",
];

impl Ty {
    pub(super) fn named(path: &str) -> Option<Self> {
        (!path.is_empty()).then(|| Self { path: normal(path).to_owned(), args: Vec::new() })
    }

    pub(super) fn sequence(element: Option<Self>) -> Self {
        Self { path: SEQUENCE.to_owned(), args: vec![element.unwrap_or_default()] }
    }

    fn tuple(parts: Vec<Option<Self>>) -> Self {
        Self { path: TUPLE.to_owned(), args: parts.into_iter().map(Option::unwrap_or_default).collect() }
    }

    /// Returns the type that `written` is, with paths as `resolve` finds them.
    pub(super) fn read(written: &Type, resolve: &dyn Fn(&syn::Path) -> Fact<String>) -> Option<Self> {
        match bare(written) {
            Type::Reference(it) => Self::read(&it.elem, resolve),
            Type::Slice(it) => Some(Self::sequence(Self::read(&it.elem, resolve))),
            Type::Array(it) => Some(Self::sequence(Self::read(&it.elem, resolve))),
            Type::Tuple(it) => Some(Self::tuple(it.elems.iter().map(|it| Self::read(it, resolve)).collect())),
            Type::Path(it) if it.qself.is_none() => {
                let last = it.path.segments.last()?;
                let name = last.ident.to_string();
                let mut args = match &last.arguments {
                    PathArguments::AngleBracketed(all) => all.args.iter().filter_map(|arg| match arg {
                        GenericArgument::Type(arg) => Some(Self::read(arg, resolve)),
                        _ => None,
                    }),
                    _ => return Self::of_path(&it.path, resolve, Vec::new()),
                };
                if TRANSPARENT.contains(&name.as_str()) || name.ends_with("Guard") {
                    return args.next().flatten();
                }
                if SEQUENCES.contains(&name.as_str()) {
                    return Some(Self::sequence(args.next().flatten()));
                }
                let args = args.map(Option::unwrap_or_default).collect();
                if LOCKS.contains(&name.as_str()) {
                    return Some(Self { path: name, args });
                }
                Self::of_path(&it.path, resolve, args)
            }
            _ => None,
        }
    }

    fn of_path(
        path: &syn::Path,
        resolve: &dyn Fn(&syn::Path) -> Fact<String>,
        args: Vec<Self>,
    ) -> Option<Self> {
        match resolve(path) {
            Fact::Known(path) => Some(Self { path: normal(&path).to_owned(), args }),
            Fact::Unknown => None,
        }
    }

    pub(super) fn is_sequence(&self) -> bool {
        self.path == SEQUENCE
    }

    /// Returns the type of a part of a tuple.
    pub(super) fn part(&self, at: usize) -> Option<Self> {
        if self.path == TUPLE { self.args.get(at).filter(|it| !it.path.is_empty()).cloned() } else { None }
    }

    /// Returns the type of the values of an iteration.
    pub(super) fn element(&self) -> Option<Self> {
        if self.is_sequence() { self.args.first().filter(|it| !it.path.is_empty()).cloned() } else { None }
    }

    /// Returns whether a connection of diesel is of this type.
    pub(super) fn is_diesel(&self) -> bool {
        self.path.starts_with("diesel::") && self.path.ends_with("Connection")
    }

    /// Returns the last part of the path, if it names a type.
    pub(super) fn short(&self) -> Option<&str> {
        let name = self.path.rsplit("::").next()?;
        name.starts_with(|first: char| first.is_alphabetic()).then_some(name)
    }

    /// Returns the type that a method without a closure returns.
    pub(super) fn after(&self, method: &str) -> Option<Self> {
        if LOCKS.contains(&self.path.as_str()) && OPENS.contains(&method) {
            return self.args.first().filter(|it| !it.path.is_empty()).cloned();
        }
        if self.is_sequence() {
            return if ITERATES.contains(&method) || SAME.contains(&method) {
                Some(self.clone())
            } else if ELEMENT.contains(&method) {
                self.element()
            } else if method == "enumerate" {
                Some(Self::sequence(Some(Self::tuple(vec![None, self.element()]))))
            } else {
                None
            };
        }
        if self.path == "r2d2::Pool" && (method == "get" || method == "get_timeout" || method == "try_get") {
            return self.args.first().and_then(Self::connection);
        }
        let of_type = METHODS.iter().filter(|(path, ..)| *path == self.path);
        let known = of_type.clone().find(|(_, methods, _)| methods.contains(&method));
        if let Some((.., returned)) = known {
            return Self::named(returned);
        }
        if SAME.contains(&method) {
            return Some(self.clone());
        }
        let (.., returned) = of_type.clone().find(|(_, methods, _)| methods.contains(&"*"))?;
        Self::named(returned)
    }

    /// Returns the connection that a manager of `r2d2` makes.
    fn connection(&self) -> Option<Self> {
        match self.short()? {
            "ConnectionManager" => self.args.first().filter(|it| !it.path.is_empty()).cloned(),
            "PostgresConnectionManager" => Self::named("postgres::Client"),
            "SqliteConnectionManager" => Self::named("rusqlite::Connection"),
            _ if self.path == "redis::Client" => Self::named("redis::Connection"),
            _ => None,
        }
    }
}

/// Returns the type that the function at a full path returns; `first` is its first argument.
pub(super) fn returned(path: &str, first: impl FnOnce() -> Option<Ty>) -> Option<Ty> {
    let (owner, name) = path.rsplit_once("::").unwrap_or(("", path));
    let of = owner.rsplit("::").next().unwrap_or(owner);
    if matches!(path, "Some" | "Ok")
        || TRANSPARENT.contains(&of) && matches!(name, "new" | "clone" | "from" | "pin")
    {
        return first();
    }
    if LOCKS.contains(&of) && name == "new" {
        return Some(Ty { path: of.to_owned(), args: vec![first().unwrap_or_default()] });
    }
    if let Some((_, returned)) = FUNCTIONS.iter().find(|(known, _)| *known == path) {
        return Ty::named(returned);
    }
    if let Some((_, module)) = CHANNELS.iter().find(|(known, _)| *known == path) {
        let half = |name: &str| Ty::named(&format!("{module}::{name}"));
        let sender = if name == "sync_channel" { "SyncSender" } else { "Sender" };
        return Some(Ty::tuple(vec![half(sender), half("Receiver")]));
    }
    // `File::open`: a path with a type before its last part.
    let is_type = of.starts_with(char::is_uppercase);
    if is_type && CONSTRUCTORS.contains(&name) { Ty::named(owner) } else { None }
}

/// Returns the path under which the rules know a type.
fn normal(path: &str) -> &str {
    match path {
        "std::path::PathBuf" => "std::path::Path",
        "std::io::StdinLock" => "std::io::Stdin",
        "std::thread::ScopedJoinHandle" => "std::thread::JoinHandle",
        "std::io::Stdin" | "crossbeam::channel::Receiver" => path,
        "diesel::r2d2::Pool" | "r2d2::Pool" => "r2d2::Pool",
        "diesel::pg::PgConnection" => "diesel::PgConnection",
        "diesel::sqlite::SqliteConnection" => "diesel::SqliteConnection",
        "ureq::RequestBuilder" => "ureq::Request",
        "mysql::PooledConn" => "mysql::Conn",
        "walkdir::IntoIter" => "walkdir::WalkDir",
        "fs_err::File" => "std::fs::File",
        "fs_err::OpenOptions" => "std::fs::OpenOptions",
        other => other,
    }
}
