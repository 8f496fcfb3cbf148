//! Tests the service over real sockets.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod limits;
mod shutdown;

use std::time::{Duration, Instant};

use async_service::{data, pipeline, service};
use icosian::prelude::*;
use reqwest::{Client, StatusCode, Url};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts the service on a free port. By default it uses its own data source.
async fn start(data_url: Option<String>) -> Url {
    start_with(data_url, client(), service::BODY_TIMEOUT).await
}

async fn start_with(data_url: Option<String>, http: Client, body_timeout: Duration) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let data_url = data_url.map_or_else(|| base.join("data").unwrap(), |url| Url::parse(&url).unwrap());
    let router = service::router(service::driver(http, data_url).unwrap(), body_timeout);
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

fn client() -> Client {
    data::client(data::TIMEOUT).no_proxy().build().unwrap()
}

async fn connect(base: &Url) -> TcpStream {
    TcpStream::connect(base.socket_addrs(|| None).unwrap()[0]).await.unwrap()
}

async fn execute(base: &Url, body: &'static str) -> (StatusCode, Json) {
    let response = client().post(base.join("execute").unwrap()).body(body).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn any_body_is_answered_after_two_seconds() {
    let base = start(None).await;
    let started = Instant::now();
    let bodies = ["", r#"{"foo":"x","bar":"y"}"#, "not json", r#"{"foo":1}"#, "[]"];
    let responses = bodies.map(|body| execute(&base, body));
    let [empty, json, broken, number, list] = responses;
    let responses = tokio::join!(empty, json, broken, number, list);
    let elapsed = started.elapsed();
    let expect = (StatusCode::OK, json!({"pipeline": {"computation1": false, "computation2": true}}));
    for response in [responses.0, responses.1, responses.2, responses.3, responses.4] {
        assert_eq!(response, expect);
    }
    assert!(elapsed >= Duration::from_secs(2), "`pipeline` waits for both computations: {elapsed:?}");
    assert!(elapsed < Duration::from_secs(3), "computations and requests run concurrently: {elapsed:?}");
}

#[tokio::test]
async fn metrics_count_executions_and_nodes() {
    let recorder = service::metrics_recorder().unwrap();
    let handle = recorder.handle();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let data_url = base.join("data").unwrap();
    let driver = metrics::with_local_recorder(&recorder, || service::driver(client(), data_url)).unwrap();
    let router = service::router(driver, service::BODY_TIMEOUT).merge(service::metrics_route(handle));
    tokio::spawn(async move { axum::serve(listener, router).await });
    assert_eq!(execute(&base, "").await.0, StatusCode::OK);
    let text = client().get(base.join("metrics").unwrap()).send().await.unwrap().text().await.unwrap();
    for line in [
        r#"icosian_runs_total{outcome="succeeded"} 1"#,
        r#"icosian_runs_total{outcome="failed"} 0"#,
        r#"icosian_nodes_total{node="some_data",outcome="succeeded"} 1"#,
        r#"icosian_node_duration_seconds_count{node="pipeline",outcome="succeeded"} 1"#,
        r#"icosian_nodes_in_flight{node="pipeline"} 0"#,
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line} is missing in\n{text}");
    }
}

#[tokio::test]
async fn failed_data_source_is_a_bad_gateway_with_the_node() {
    let own = start(None).await;
    let missing = start(Some(own.join("nothing-here").unwrap().into())).await;
    let (status, response) = execute(&missing, "").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!(
        (&response["node"], &response["error"]),
        (&json!("some_data"), &json!("node `some_data` failed"))
    );
    let causes = ["the data source returned an error", "HTTP status client error (404 Not Found)"];
    assert_eq!(response["causes"], json!(causes));

    // The first service still works.
    let (status, _) = execute(&own, "").await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn unknown_route_is_not_found() {
    let base = start(None).await;
    let response = client().get(base.join("nothing").unwrap()).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let wrong_method = client().get(base.join("execute").unwrap()).send().await.unwrap();
    assert_eq!(wrong_method.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn disconnected_client_cancels_its_execution() {
    // A data source that accepts a connection and never responds.
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = start(Some(format!("http://{}/", source.local_addr().unwrap()))).await;

    let mut request = connect(&base).await;
    let head = b"POST /execute HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n";
    request.write_all(head).await.unwrap();
    let (mut connection, _) = source.accept().await.unwrap();
    let mut first = [0; 16];
    connection.read_exact(&mut first).await.unwrap();
    assert_eq!(&first[..3], b"GET", "`some_data` runs");

    drop(request);
    // Cancellation drops the HTTP client's connection, so the data source reads the end of the stream.
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), connection.read_to_end(&mut rest)).await;
    read.expect("`some_data` is cancelled when the client disconnects").unwrap();
}

#[tokio::test(start_paused = true)]
async fn computations_run_concurrently() {
    let driver = service::driver(client(), Url::parse("http://localhost/").unwrap()).unwrap();
    let started = tokio::time::Instant::now();
    let inputs = inputs! { request: axum::body::Bytes::new() }.overriding::<pipeline::some_data>(json!({}));
    let report = driver.execute::<pipeline::pipeline>(inputs).await.unwrap();
    assert_eq!(report, pipeline::Report { computation1: false, computation2: true });
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[test]
fn invalid_setting_is_reported_with_the_expected_value() {
    let check = |name: &'static str, value: &'static str, expect: &str| {
        let settings =
            async_service::settings::Settings::read(|variable| (variable == name).then(|| value.to_owned()));
        assert_eq!(settings.unwrap_err().to_string(), expect);
    };
    check("PORT", "http", "`PORT` is `http`, expected a number from 0 to 65535");
    check("HOST", "localhost", "`HOST` is `localhost`, expected an IP address");
    check(
        "DATA_URL",
        "ftp://x",
        "`DATA_URL` is `ftp://x`, expected an http URL (https needs `--features tls`)",
    );
}
