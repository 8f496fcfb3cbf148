//! Analyses an article: the first argument, or an example.

use std::error::Error;
use std::sync::Arc;

use icosian::prelude::*;

use template_name::analysis;
use template_name::model::{EchoModel, SharedModel};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let article = std::env::args().nth(1);
    let article = article.unwrap_or_else(|| "The ships left the harbour at dawn.".to_owned());

    // All executions of the driver share the client.
    let driver = AsyncDriver::builder()
        .with_dataflow(analysis::dataflow())
        .with_shared(inputs! { model: Arc::new(EchoModel) as SharedModel })
        .build()?;
    let report = driver
        .execute::<analysis::report>(inputs! { article })
        .await?;
    println!("{report:#?}");
    Ok(())
}
