//! Builds a product page from three sources. The price is required. The reviews and the stock are not, so the page accepts their failures.

use icosian::prelude::*;

/// The product page and its sources.
#[dataflow(outputs(page))]
pub mod shop {
    use std::time::Duration;

    use icosian::prelude::*;

    /// The error of a source.
    #[derive(Debug, thiserror::Error)]
    #[error("no {0} for product `{1}`")]
    pub struct NotFound(&'static str, String);

    /// The price in cents. No parameter accepts its failure, so a failure ends the execution.
    ///
    /// # Errors
    /// The product has no price.
    pub async fn price(product: &str) -> Result<u64, NotFound> {
        match product {
            "unknown" => Err(NotFound("price", product.to_owned())),
            name => Ok(100 * name.len() as u64),
        }
    }

    /// The ratings of the product, from a slow service.
    ///
    /// # Errors
    /// The product has no ratings.
    #[timeout("50ms")]
    pub async fn ratings(product: &str) -> Result<Vec<u8>, NotFound> {
        match product {
            "book" => Err(NotFound("ratings", product.to_owned())),
            "lamp" => {
                std::future::pending::<()>().await;
                Ok(Vec::new())
            }
            _ => {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(vec![5, 4])
            }
        }
    }

    /// The mean of the ratings. It is skipped if there are no ratings.
    pub fn mean_rating(ratings: &[u8]) -> f64 {
        let count = u32::try_from(ratings.len()).unwrap_or(u32::MAX);
        ratings.iter().copied().map(f64::from).sum::<f64>() / f64::from(count)
    }

    /// The page of the product.
    pub fn page(product: &str, price: u64, mean_rating: Result<&f64, &NodeError>) -> String {
        let rating = match mean_rating {
            Ok(mean) => format!("{mean} stars"),
            Err(error) => match error.cause() {
                NodeError::TimedOut(_) => "the ratings are late".to_owned(),
                _ => format!("no ratings ({error})"),
            },
        };
        format!("{product}, {price} cents, {rating}")
    }
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "the example prints its pages")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let driver = AsyncDriver::builder().with_dataflow(shop::dataflow()).build()?;
    for product in ["chair", "book", "lamp"] {
        let page = driver.execute::<shop::page>(shop::PageInputs { product: product.to_owned() }).await?;
        println!("{page}");
    }
    let unknown = driver.execute::<shop::page>(inputs! { product: "unknown" }).await;
    if let Err(ExecuteError::Failed(failures)) = unknown {
        for failure in &failures {
            println!("{}", failure.kind());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn page(product: &str) -> Result<String, ExecuteError> {
        let driver = AsyncDriver::builder().with_dataflow(shop::dataflow()).build().expect("it is valid");
        driver.execute::<shop::page>(shop::PageInputs { product: product.to_owned() }).await
    }

    #[tokio::test(start_paused = true)]
    async fn page_accepts_failed_and_late_ratings() {
        assert_eq!(page("chair").await.expect("all succeed"), "chair, 500 cents, 4.5 stars");
        let expect = "book, 400 cents, no ratings (node `ratings` failed: no ratings for product `book`)";
        assert_eq!(page("book").await.expect("the failure is accepted"), expect);
        let expect = "lamp, 400 cents, the ratings are late";
        assert_eq!(page("lamp").await.expect("the failure is accepted"), expect);
    }

    #[tokio::test(start_paused = true)]
    async fn page_needs_a_price() {
        let Err(ExecuteError::Failed(failures)) = page("unknown").await else { panic!("there is no price") };
        let failed: Vec<_> = failures.iter().map(|failure| failure.kind().to_string()).collect();
        assert_eq!(failed, ["node `price` failed"]);
    }
}
