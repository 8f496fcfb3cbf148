//! Tests the service over a socket.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use template_name::service;

/// Starts the service on a free port. The service stops when the sender is dropped.
async fn start() -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let driver = service::driver().unwrap();
    let (running, stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        let shutdown = async { stopped.await.unwrap_or_default() };
        service::serve(listener, driver, shutdown).await.unwrap();
    });
    (address, running, task)
}

/// Sends a request and returns the status and the body of the response.
async fn post(address: SocketAddr, order: &Value) -> (u16, Value) {
    let body = order.to_string();
    let request = format!(
        "POST /quote HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

#[tokio::test]
async fn order_is_answered_with_its_price() {
    let (address, _running, _task) = start().await;
    let items = json!([{ "name": "teapot", "quantity": 4 }, { "name": "tea", "quantity": 5 }]);
    let (status, quote) = post(address, &json!({ "currency": "USD", "items": items })).await;
    assert_eq!(status, 200);
    assert_eq!(quote, json!({ "price": 157.5, "currency": "USD" }));
}

#[tokio::test]
async fn order_without_price_names_the_failed_node() {
    let (address, _running, _task) = start().await;
    let items = json!([{ "name": "coffee", "quantity": 1 }]);
    let (status, error) = post(address, &json!({ "currency": "EUR", "items": items })).await;
    assert_eq!(status, 422);
    assert_eq!(error["node"], "subtotal");
    assert_eq!(
        error["causes"],
        json!(["the catalogue has no item `coffee`"])
    );
}

#[tokio::test]
async fn shutdown_ends_the_service() {
    let (address, running, task) = start().await;
    drop(running);
    task.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
