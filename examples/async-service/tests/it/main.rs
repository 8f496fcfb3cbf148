//! The service as its clients see it, over real sockets.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod limits;
mod stop;

use std::time::{Duration, Instant};

use async_service::{data, pipeline, service};
use icosian::prelude::*;
use reqwest::{Client, StatusCode, Url};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts the service at a free port; `data_url` is its own unless another is given.
async fn start(data_url: Option<String>) -> Url {
    start_with(data_url, client(), service::BODY_TIME).await
}

async fn start_with(data_url: Option<String>, http: Client, body_time: Duration) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let data_url = data_url.map_or_else(|| base.join("data").unwrap(), |url| Url::parse(&url).unwrap());
    let router = service::router(service::driver(http, data_url).unwrap(), body_time);
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

fn client() -> Client {
    data::client(data::TIME).no_proxy().build().unwrap()
}

async fn connect(base: &Url) -> TcpStream {
    TcpStream::connect(base.socket_addrs(|| None).unwrap()[0]).await.unwrap()
}

async fn execute(base: &Url, body: &'static str) -> (StatusCode, Json) {
    let answer = client().post(base.join("execute").unwrap()).body(body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn the_answer_comes_after_two_seconds_whatever_the_body() {
    let base = start(None).await;
    let started = Instant::now();
    let bodies = ["", r#"{"foo":"x","bar":"y"}"#, "not json", r#"{"foo":1}"#, "[]"];
    let answers = bodies.map(|body| execute(&base, body));
    let [empty, json, broken, number, list] = answers;
    let answers = tokio::join!(empty, json, broken, number, list);
    let took = started.elapsed();
    let expect = (StatusCode::OK, json!({"pipeline": {"computation1": false, "computation2": true}}));
    for answer in [answers.0, answers.1, answers.2, answers.3, answers.4] {
        assert_eq!(answer, expect);
    }
    assert!(took >= Duration::from_secs(2), "`pipeline` waits for both computations: {took:?}");
    assert!(took < Duration::from_secs(3), "the computations overlap, and so do the requests: {took:?}");
}

#[tokio::test]
async fn a_failing_data_source_is_a_bad_gateway_that_names_the_node() {
    let own = start(None).await;
    let missing = start(Some(own.join("nothing-here").unwrap().into())).await;
    let (status, answer) = execute(&missing, "").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!((&answer["node"], &answer["error"]), (&json!("some_data"), &json!("node `some_data` failed")));
    let causes = ["the data source refuses", "HTTP status client error (404 Not Found)"];
    assert_eq!(answer["causes"], json!(causes));

    // The same driver answers as soon as the source does.
    let (status, _) = execute(&own, "").await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_route_is_not_found() {
    let base = start(None).await;
    let answer = client().get(base.join("nothing").unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let wrong_method = client().get(base.join("execute").unwrap()).send().await.unwrap();
    assert_eq!(wrong_method.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_its_execution() {
    // A data source that takes a request and never answers.
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = start(Some(format!("http://{}/", source.local_addr().unwrap()))).await;

    let mut request = connect(&base).await;
    let head = b"POST /execute HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n";
    request.write_all(head).await.unwrap();
    let (mut asked, _) = source.accept().await.unwrap();
    let mut first = [0; 16];
    asked.read_exact(&mut first).await.unwrap();
    assert_eq!(&first[..3], b"GET", "`some_data` runs");

    drop(request);
    // Dropping the execution drops the client's half of the connection: reading comes to its end.
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), asked.read_to_end(&mut rest)).await;
    ended.expect("`some_data` is cancelled when the client goes away").unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_computations_overlap() {
    let driver = service::driver(client(), Url::parse("http://localhost/").unwrap()).unwrap();
    let started = tokio::time::Instant::now();
    let inputs = inputs! { request: axum::body::Bytes::new() }.overriding::<pipeline::some_data>(json!({}));
    let report = driver.execute::<pipeline::pipeline>(inputs).await.unwrap();
    assert_eq!(report, pipeline::Report { computation1: false, computation2: true });
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[test]
fn a_wrong_setting_is_told_with_what_it_may_be() {
    let check = |name: &'static str, value: &'static str, expect: &str| {
        let settings =
            async_service::settings::Settings::read(|asked| (asked == name).then(|| value.to_owned()));
        assert_eq!(settings.unwrap_err().to_string(), expect);
    };
    check("PORT", "http", "`PORT` is `http`, which is not a number from 0 to 65535");
    check("HOST", "localhost", "`HOST` is `localhost`, which is not an IP address");
    check(
        "DATA_URL",
        "ftp://x",
        "`DATA_URL` is `ftp://x`, which is not an http URL (https takes `--features tls`)",
    );
}
