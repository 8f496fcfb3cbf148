//! Crawls the local site, with the library and with the program.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{self, Write};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crawl::crawler::{self, FetchError};
use crawl::progress::{Progress, ProgressStyle};
use crawl::report::CrawlReport;
use crawl::site::{self, Site};
use reqwest::{Client, StatusCode, Url};

/// A writer whose clones share their text.
#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Text {
    fn read(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Crawls `urls`. Returns the report and the printed progress.
async fn crawl(urls: Vec<Url>, style: ProgressStyle) -> (CrawlReport, String) {
    let text = Text::default();
    let driver = crawler::driver(Progress::new(urls.len(), style, text.clone())).unwrap();
    let inputs = crawler::ReportInputs { urls, http: Client::builder().no_proxy().build().unwrap() };
    let report = driver.execute::<crawler::report>(inputs).await.unwrap();
    (report, text.read())
}

#[tokio::test]
async fn report_has_a_result_for_each_url() {
    let site = Site::start().await.unwrap();
    let mut expect = site.urls();
    let (report, progress) = crawl(expect.clone(), ProgressStyle::Log).await;

    let missing = expect.remove(site::MISSING);
    let pages: Vec<_> = report.pages.iter().map(|page| page.url.clone()).collect();
    assert_eq!(pages, expect, "the pages have the order of the URLs");
    let [failure] = &report.failures[..] else { panic!("one page is missing: {:?}", report.failures) };
    assert_eq!(failure.url, missing);
    assert_eq!((failure.error.node().as_str(), failure.error.items()[0].index()), ("page", site::MISSING));

    let flaky = (0..site::PAGES).filter(|number| site::is_flaky(*number)).count();
    let lines: Vec<_> = progress.lines().collect();
    assert_eq!(lines.len(), 4, "a line for every ten pages: {progress}");
    assert_eq!(lines[3], format!("36 of 36 pages, 1 failed, {flaky} retried"));
    assert_eq!(site.log().requests.values().sum::<usize>(), site::PAGES + flaky);
}

#[tokio::test]
async fn limits_apply_to_all_attempts() {
    let site = Site::start().await.unwrap();
    let start = Instant::now();
    crawl(site.urls(), ProgressStyle::Log).await;
    let elapsed = start.elapsed();

    let log = site.log();
    for (number, requests) in log.requests {
        let expect = if site::is_flaky(number) { 2 } else { 1 };
        assert_eq!(requests, expect, "only temporary errors are retried: page {number}");
    }
    assert!((2..=4).contains(&log.max_open), "{} requests at the same time", log.max_open);
    // The first 10 of 41 requests are a burst, and the others start every 5 ms.
    assert!(elapsed >= Duration::from_millis(150), "{elapsed:?}");
}

#[tokio::test]
async fn terminal_line_is_rewritten() {
    let site = Site::start().await.unwrap();
    let urls = vec![site.urls()[4].clone(), site.base().clone()];
    let (_, progress) = crawl(urls, ProgressStyle::Terminal).await;
    let first = "\r1 of 2 pages, 1 failed, 0 retried";
    assert_eq!(progress, format!("{first}\r2 of 2 pages, 1 failed, 1 retried\n"));
}

#[test]
fn functions_parse_a_page() {
    let url = Url::parse("http://localhost/pages/1").unwrap();
    let page = r#"<p>Stone, stone and <a href="/pages/2">river</a></p><a href="3">x</a>"#;
    let links = crawler::links(page, &url);
    assert_eq!(
        links.iter().map(Url::as_str).collect::<Vec<_>>(),
        ["http://localhost/pages/2", "http://localhost/pages/3"]
    );
    let words = crawler::words(page);
    let counts: Vec<_> = words.iter().map(|(word, count)| (word.as_str(), *count)).collect();
    assert_eq!(counts, [("and", 1), ("river", 1), ("stone", 2), ("x", 1)]);
    assert_eq!(crawler::score(&links, &words), 10);
}

#[test]
fn client_errors_are_permanent() {
    assert!(!FetchError::Status(StatusCode::NOT_FOUND).is_temporary());
    assert!(FetchError::Status(StatusCode::BAD_GATEWAY).is_temporary());
}

/// The README contains the output of the program. Only the port of the server differs.
#[test]
fn program_prints_the_report_of_the_readme() {
    let output = Command::new(env!("CARGO_BIN_EXE_crawl")).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr.lines().count(), 4, "{stderr}");

    let stdout = String::from_utf8(output.stdout).unwrap();
    let host = stdout.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
    let report = stdout.replace(host, "127.0.0.1:41234");
    assert!(include_str!("../../README.md").contains(&report), "the README lacks this report:\n{report}");
}
