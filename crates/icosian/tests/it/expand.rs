//! Expansions with macros.

use icosian::expand::Collected;
use icosian::prelude::*;
use icosian_rayon::RayonAdapter;

#[dataflow]
mod squares {
    use icosian::prelude::*;

    /// The numbers below `count`.
    #[expand]
    pub fn number(count: u64) -> impl Iterator<Item = u64> + Send + 'static {
        0..count
    }

    pub fn square(number: u64) -> u64 {
        number * number
    }

    pub fn total(square: Collect<u64>) -> u64 {
        square.iter().sum()
    }
}

#[dataflow]
mod async_squares {
    use futures::{Stream, StreamExt};
    use icosian::expand::ItemError;
    use icosian::prelude::*;

    #[expand(concurrency = 3)]
    pub async fn number(count: u64) -> impl Stream<Item = u64> + Send + 'static {
        tokio::task::yield_now().await;
        futures::stream::iter(0..count)
    }

    pub async fn square(number: u64) -> u64 {
        tokio::task::yield_now().await;
        number * number
    }

    pub async fn total(square: CollectStream<u64>) -> Result<u64, ItemError> {
        let mut squares = square;
        let mut total = 0;
        while let Some(square) = squares.next().await {
            total += square?;
        }
        Ok(total)
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Page {
    title: String,
    words: usize,
}

#[dataflow]
mod pages {
    use icosian::expand::ItemError;
    use icosian::prelude::*;

    use super::Page;

    #[expand(on_error = "collect")]
    pub fn url(urls: &[String]) -> Vec<String> {
        urls.to_vec()
    }

    #[extract_fields(title: String, words: usize)]
    #[retry(attempts = 2)]
    pub fn page(url: &str) -> Result<Page, std::num::ParseIntError> {
        let words = url.trim_start_matches('p').parse()?;
        Ok(Page { title: url.to_uppercase(), words })
    }

    pub fn line(title: &str, words: usize, unit: Option<&str>) -> String {
        format!("{title}: {words}{}", unit.unwrap_or_default())
    }

    pub fn report(line: &Collect<Result<String, ItemError>>) -> Vec<String> {
        line.iter().map(|line| line.clone().unwrap_or_else(|error| error.to_string())).collect()
    }
}

#[test]
fn sync_items() -> Result<(), icosian::ExecuteError> {
    for driver in [
        Driver::builder().with_dataflow(squares::dataflow()).build(),
        Driver::builder().with_adapter(RayonAdapter::new()).with_dataflow(squares::dataflow()).build(),
    ] {
        let driver = driver.expect("the dataflow is valid");
        assert_eq!(driver.execute::<squares::total>(inputs! { count: 5_u64 })?, 30);
        assert_eq!(driver.execute::<squares::total>(inputs! { count: 0_u64 })?, 0);
        let squares = driver.execute::<Collected<squares::square>>(inputs! { count: 3_u64 })?;
        assert_eq!(squares.into_vec(), [0, 1, 4]);
        let listed = inputs! {}.overriding_items::<squares::number>(vec![1, 2, 3]);
        assert_eq!(driver.execute::<squares::total>(listed)?, 14);
    }
    Ok(())
}

#[tokio::test]
async fn async_items() -> Result<(), icosian::ExecuteError> {
    let driver = AsyncDriver::builder().with_dataflow(async_squares::dataflow()).build();
    let driver = driver.expect("the dataflow is valid");
    assert_eq!(driver.execute::<async_squares::total>(inputs! { count: 100_u64 }).await?, 328_350);
    Ok(())
}

#[test]
fn decorators_apply_to_each_item() -> Result<(), icosian::ExecuteError> {
    let driver = Driver::builder().with_dataflow(pages::dataflow()).build().expect("the dataflow is valid");
    let urls = vec!["p1".to_owned(), "px".to_owned(), "p22".to_owned()];
    let lines = driver.execute::<pages::report>(inputs! { urls: urls, unit: " words" })?;
    let failed = "node `page` failed for item 1 of `url` (px)";
    assert_eq!(lines, ["P1: 1 words", failed, "P22: 22 words"]);
    Ok(())
}
