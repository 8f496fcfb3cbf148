//! Limits on time and size: responses of the data source, and request bodies.

use std::io::ErrorKind;

use async_service::data::{self, DataError};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

use super::*;

#[tokio::test]
async fn endless_response_is_aborted_at_the_size_limit() {
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = start(Some(format!("http://{}/", source.local_addr().unwrap()))).await;
    let sending = tokio::spawn(async move {
        let (mut connection, _) = source.accept().await.unwrap();
        connection.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", "[".repeat(0x10000));
        let mut sent = 0;
        while connection.write_all(chunk.as_bytes()).await.is_ok() {
            sent += chunk.len();
        }
        sent
    });

    let (status, response) = execute(&base, "").await;
    assert_eq!((status, &response["node"]), (StatusCode::BAD_GATEWAY, &json!("some_data")));
    assert_eq!(response["causes"], json!(["the response of the data source has more than 1048576 bytes"]));
    let sent = tokio::time::timeout(Duration::from_secs(2), sending).await;
    let sent = sent.expect("the connection to the source is closed").unwrap();
    assert!(sent < 32 * data::MAX_BYTES, "beyond the limit, only socket buffers fill up: {sent}");
}

#[tokio::test]
async fn response_of_one_mebibyte_is_accepted() {
    let text = |Path(length): Path<usize>| async move { format!("\"{}\"", "x".repeat(length - 2)) };
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", source.local_addr().unwrap())).unwrap();
    let router = Router::new().route("/{length}", get(text)).route("/text", get(async || "no data"));
    tokio::spawn(async move { axum::serve(source, router).await });

    let read = async |path: &str| data::read(&client(), &base.join(path).unwrap()).await;
    let longest = read(&data::MAX_BYTES.to_string()).await.unwrap();
    assert_eq!(longest.as_str().map(str::len), Some(data::MAX_BYTES - 2));
    let longer = read(&(data::MAX_BYTES + 1).to_string()).await.unwrap_err();
    assert!(matches!(longer, DataError::TooLarge), "{longer:?}");
    let text = read("text").await.unwrap_err();
    assert!(matches!(text, DataError::NotJson(_)), "{text:?}");
}

#[tokio::test]
async fn silent_data_source_times_out() {
    // The kernel completes the connection, but nothing reads the request.
    let source = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/?key=secret", source.local_addr().unwrap());
    let http = data::client(Duration::from_millis(200)).no_proxy().build().unwrap();
    let base = start_with(Some(url), http, service::BODY_TIMEOUT).await;

    let (status, response) = execute(&base, "").await;
    assert_eq!((status, &response["node"]), (StatusCode::BAD_GATEWAY, &json!("some_data")));
    let causes = ["the data source cannot be read", "error sending request", "operation timed out"];
    assert_eq!(response["causes"], json!(causes), "the URL contains a secret and is not shown");
}

#[tokio::test]
async fn endless_body_times_out() {
    let base = start_with(None, client(), Duration::from_millis(200)).await;
    let mut request = connect(&base).await;
    let head = b"POST /execute HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n";
    request.write_all(head).await.unwrap();

    let mut response = String::new();
    let result = tokio::time::timeout(Duration::from_secs(2), request.read_to_string(&mut response)).await;
    // The server may close the connection before it has read the whole request.
    let result = result.expect("the connection is closed");
    assert!(result.is_ok() || result.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset));
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
    assert!(response.ends_with(r#"{"error":"the request body took longer than 200ms"}"#), "{response}");
}
