//! What others send is limited in time and size: the data source's answer, and the client's body.

use std::io::ErrorKind;

use async_service::data::{self, DataError};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

use super::*;

#[tokio::test]
async fn an_endless_answer_of_the_data_source_is_cut_off() {
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = start(Some(format!("http://{}/", source.local_addr().unwrap()))).await;
    let sending = tokio::spawn(async move {
        let (mut asked, _) = source.accept().await.unwrap();
        asked.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", "[".repeat(0x10000));
        let mut sent = 0;
        while asked.write_all(chunk.as_bytes()).await.is_ok() {
            sent += chunk.len();
        }
        sent
    });

    let (status, answer) = execute(&base, "").await;
    assert_eq!((status, &answer["node"]), (StatusCode::BAD_GATEWAY, &json!("some_data")));
    assert_eq!(answer["causes"], json!(["the data source's answer has more than 1048576 bytes"]));
    let sent = tokio::time::timeout(Duration::from_secs(2), sending).await;
    let sent = sent.expect("the connection to the source is closed").unwrap();
    assert!(sent < 32 * data::LIMIT, "beyond the limit only the sockets' buffers are filled: {sent}");
}

#[tokio::test]
async fn an_answer_of_the_data_source_may_have_a_mebibyte() {
    let text = |Path(length): Path<usize>| async move { format!("\"{}\"", "x".repeat(length - 2)) };
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", source.local_addr().unwrap())).unwrap();
    let router = Router::new().route("/{length}", get(text)).route("/text", get(async || "no data"));
    tokio::spawn(async move { axum::serve(source, router).await });

    let read = async |path: &str| data::read(&client(), &base.join(path).unwrap()).await;
    let longest = read(&data::LIMIT.to_string()).await.unwrap();
    assert_eq!(longest.as_str().map(str::len), Some(data::LIMIT - 2));
    let longer = read(&(data::LIMIT + 1).to_string()).await.unwrap_err();
    assert!(matches!(longer, DataError::TooLarge), "{longer:?}");
    let text = read("text").await.unwrap_err();
    assert!(matches!(text, DataError::NotJson(_)), "{text:?}");
}

#[tokio::test]
async fn a_data_source_that_never_answers_is_given_up() {
    // It is connected to, since the system accepts for it.
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/?key=secret", source.local_addr().unwrap());
    let http = data::client(Duration::from_millis(200)).no_proxy().build().unwrap();
    let base = start_with(Some(url), http, service::BODY_TIME).await;

    let (status, answer) = execute(&base, "").await;
    assert_eq!((status, &answer["node"]), (StatusCode::BAD_GATEWAY, &json!("some_data")));
    let causes = ["the data source cannot be read", "error sending request", "operation timed out"];
    assert_eq!(answer["causes"], json!(causes), "and nothing of the URL, which holds a secret");
}

#[tokio::test]
async fn a_body_that_never_ends_is_not_waited_for() {
    let base = start_with(None, client(), Duration::from_millis(200)).await;
    let mut request = connect(&base).await;
    let head = b"POST /execute HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n";
    request.write_all(head).await.unwrap();

    let mut answer = String::new();
    let ended = tokio::time::timeout(Duration::from_secs(2), request.read_to_string(&mut answer)).await;
    // The server may close before it has seen all that it was sent.
    let ended = ended.expect("the connection is closed");
    assert!(ended.is_ok() || ended.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset));
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.ends_with(r#"{"error":"the request's body did not end within 200ms"}"#), "{answer}");
}
