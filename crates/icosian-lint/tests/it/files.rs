//! Selection of files and settings, and notices about unreadable files.

use std::fs;
use std::path::{Path, PathBuf};

use icosian_lint::{FixScope, Linter, Settings};

use super::lines;

/// Creates an empty folder for this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("it can be made");
    folder
}

fn write(folder: &Path, file: &str, text: impl AsRef<[u8]>) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap_or(folder)).expect("it can be made");
    fs::write(path, text).expect("it can be written");
}

const WRONG: &str = "#[node] pub fn f() -> ! { never() }";

#[test]
fn excluded_files_are_checked_only_on_request() {
    let folder = folder("left_out");
    for file in ["src/a.rs", "src/gen/b.rs", "tests/ui/c.rs", "target/d.rs", "e.txt"] {
        write(&folder, file, WRONG);
    }
    write(&folder, ".gitignore", "gen/\n");
    let settings = folder.join("icosian.toml");
    fs::write(&settings, "exclude = [\"tests/ui/\"]").unwrap();
    let linter = Linter::new(Settings::read(&settings).unwrap());
    let report = linter.lint(std::slice::from_ref(&folder));
    assert_eq!((report.files(), report.diagnoses().len()), (1, 1));
    assert_eq!(linter.lint(&[folder.join("tests")]).files(), 0);
    assert_eq!(linter.lint(&[folder.join("tests/../tests")]).files(), 0);
    assert_eq!(linter.lint(&[folder.join("tests/ui")]).files(), 1);
    assert_eq!(linter.lint(&[folder.join("src/gen/b.rs"), folder.join("src")]).files(), 2);
}

#[test]
fn unreadable_file_does_not_hide_findings_of_others() {
    let folder = folder("unread");
    write(&folder, "a.rs", "#[node] pub fn (");
    write(&folder, "b.rs", b"#[node] \xff");
    write(&folder, "c.rs", b"\xff");
    write(&folder, "d.rs", format!("\u{feff}{WRONG}"));
    write(&folder, "e.rs", WRONG.replace(' ', "\r\n"));
    let report = Linter::new(Settings::default()).lint(&[folder.clone(), folder.join("none.rs")]);
    let told =
        lines(&report).replace(&format!("{}/", report.notices()[0].file().trim_end_matches("/none.rs")), "");
    insta::assert_snapshot!(told);
    assert!(!report.is_complete());
}

#[test]
fn folder_can_have_the_extension_rs() {
    let folder = folder("called_as_a_file");
    write(&folder, "dir.rs/a.rs", WRONG);
    let linter = Linter::new(Settings::default());
    for path in [folder.clone(), folder.join("dir.rs")] {
        let report = linter.lint(&[path]);
        assert_eq!((report.diagnoses().len(), report.notices().len()), (1, 0));
    }
}

/// A read from one of these files would block forever.
#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_not_read() {
    let folder = folder("pipes");
    let pipe = |name: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    };
    let (asked, below) = (pipe("asked.rs"), pipe("src/below.rs"));
    // The path of a socket must be short.
    let name = std::env::temp_dir().join(format!("icosian-{}.rs", std::process::id()));
    let socket = std::os::unix::net::UnixListener::bind(&name).unwrap();
    write(&folder, "src/a.rs", WRONG);

    let linter = Linter::new(Settings::default());
    let report = linter.lint(&[asked, below, name.clone(), folder.join("src")]);
    assert_eq!((report.files(), report.diagnoses().len()), (1, 1));
    let told: Vec<_> = report.notices().iter().map(icosian_lint::Notice::message).collect();
    assert_eq!(told, ["is neither a file nor a folder"; 3]);
    assert_eq!(linter.lint(std::slice::from_ref(&folder)).files(), 1);
    drop(socket);
    fs::remove_file(name).unwrap();

    // Pipes are not read as `.gitignore`.
    write(&folder, "c/a.rs", WRONG);
    pipe("c/.gitignore");
    for path in [folder.clone(), folder.join("c")] {
        let report = linter.lint(&[path]);
        assert_eq!(report.notices().len(), 1);
        assert!(report.notices()[0].to_string().ends_with("pipes/c: has a `.gitignore` that is not a file"));
    }

    // Pipes are not read as settings.
    pipe("a/Cargo.toml");
    assert!(Settings::find(&folder.join("a")).is_ok());
    pipe("b/icosian.toml");
    assert!(Settings::find(&folder.join("b")).is_err());
}

#[test]
fn settings_come_from_the_nearest_file() {
    let folder = folder("settings");
    write(&folder, "Cargo.toml", "[workspace.metadata.icosian]\nlevels = { busy-wait = \"deny\" }");
    write(&folder, "a/Cargo.toml", "[package]\nname = \"a\"");
    write(&folder, "b/icosian.toml", "[levels]\nbusy_wait = \"warn\"");
    let metadata = icosian_rules::rules()
        .iter()
        .map(|rule| rule.metadata())
        .find(|metadata| metadata.name == "busy-wait")
        .unwrap();
    let level = |at: &str| Settings::find(&folder.join(at)).unwrap().level(metadata).to_string();
    assert_eq!((level("a"), level("b")), ("deny".to_owned(), "warn".to_owned()));
}

#[test]
fn invalid_settings_are_reported_with_location() {
    let told = |text: &str| match Settings::parse("icosian.toml", text) {
        Ok(_) => "fine".to_owned(),
        Err(error) => error.to_string(),
    };
    let all =
        ["levels = [", "level = 1", "[levels]\nbusy-wait = \"loud\"", "exclude = [\"a{\"]", "exclude = 3"];
    insta::assert_snapshot!(all.map(told).join("\n"));
}

#[test]
fn level_of_a_rule_overrides_all() {
    let metadata = |name: &str| {
        let all_metadata = icosian_rules::rules().iter().map(|rule| rule.metadata());
        all_metadata.into_iter().find(|metadata| metadata.name == name).unwrap()
    };
    let text = "[levels]\nICO0003 = \"deny\"\nall = \"allow\"\nbusy-wait = \"warn\"\n";
    let settings = Settings::parse("icosian.toml", text).unwrap();
    let level = |name: &str| settings.level(metadata(name)).to_string();
    assert_eq!(["busy-wait", "dependency-cycle", "duplicate-node"].map(level), ["warn", "deny", "allow"]);
}

#[test]
fn unknown_and_duplicate_levels_are_refused_at_their_line() {
    let told = |text: &str| {
        let linter = Linter::new(Settings::default());
        Settings::parse("icosian.toml", text)
            .unwrap()
            .check(linter.all_metadata())
            .map_err(|error| error.to_string())
    };
    assert_eq!(told("[levels]\nbusy-wait = \"warn\""), Ok(()));
    assert_eq!(
        told("exclude = []\n[levels]\n# nope = 1\nnope = \"warn\""),
        Err("unknown rule `nope` (`icosian.toml:4`)".to_owned())
    );
    assert_eq!(
        told("[levels]\nbusy-wait = \"warn\"\nbusy_wait = \"deny\""),
        Err("`busy-wait` and `busy_wait` name the same rule, which has two levels in `icosian.toml:3`"
            .to_owned())
    );
}

#[test]
fn settings_path_that_is_a_folder_is_refused() {
    let folder = folder("settings_folder");
    fs::create_dir_all(folder.join("icosian.toml")).unwrap();
    let error = Settings::find(&folder).unwrap_err().to_string();
    assert!(error.ends_with("icosian.toml` cannot be read"), "{error}");
}

/// The displayed form of such a name is ambiguous.
#[cfg(target_os = "linux")]
#[test]
fn files_with_equal_display_names_are_fixed_separately() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = folder("lossy");
    let [first, second] = [b"n\xfe.rs", b"n\xff.rs"].map(|name| folder.join(OsStr::from_bytes(name)));
    fs::write(&first, "#[tag(a = \"1\")]\n#[node]\npub fn f() -> u8 { 1 }\n").unwrap();
    let long = "//\n".repeat(50);
    fs::write(&second, format!("{long}#[tag(b = \"2\")]\n#[node]\npub fn g() -> u8 {{ 1 }}\n")).unwrap();
    let fixed = Linter::new(Settings::default()).fix(&[folder], FixScope::Safe);
    assert!(fixed.report.is_clean() && fixed.applied == 2, "{fixed:?}");
    assert_eq!(fs::read_to_string(&first).unwrap(), "#[node]\n#[tag(a = \"1\")]\npub fn f() -> u8 { 1 }\n");
    let mended = format!("{long}#[node]\n#[tag(b = \"2\")]\npub fn g() -> u8 {{ 1 }}\n");
    assert_eq!(fs::read_to_string(&second).unwrap(), mended);
}

#[test]
fn file_with_several_paths_is_reported_once() {
    let folder = folder("several_names");
    write(&folder, "src/a.rs", WRONG);
    write(&folder, "src/b.rs", WRONG);
    let (file, other) = (folder.join("src/a.rs"), folder.join("src/../src/a.rs"));
    let names = |paths: &[PathBuf]| {
        let report = Linter::new(Settings::default()).lint(paths);
        assert_eq!(report.files(), report.diagnoses().len());
        let names = report.diagnoses().iter().map(|it| PathBuf::from(it.file()));
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&[file.clone(), file.clone(), other.clone()]), std::slice::from_ref(&file));
    assert_eq!(names(&[other.clone(), file.clone()]), std::slice::from_ref(&other));
    let both = [file, folder.join("src/b.rs")];
    assert_eq!(names(&[folder.clone(), other.clone(), folder.join("src"), folder.join("./src")]), both);
    assert_eq!(names(&[other.clone(), folder.clone()]), [other, folder.join("src/b.rs")]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("src"), folder.join("link")).unwrap();
        assert_eq!(names(&[folder.join("src"), folder.join("link"), folder.join("link/a.rs")]), both);
    }
}
