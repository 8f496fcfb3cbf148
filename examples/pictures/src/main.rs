//! Writes pictures of a dataflow into `target/pictures`, and prints the changes between two versions.
//!
//! ```text
//! $ cargo run -p pictures
//! ~ node `order`: decorators `tag, timeout` -> `tag, timeout, retry`
//! + node `discount`
//! ..
//! ```
#![expect(clippy::print_stdout, reason = "an example prints its result")]

mod quote;

use std::path::Path;

use icosian::draw::{NodeDetail, NodeSelection, diff};
use icosian::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pictures");
    std::fs::create_dir_all(&folder)?;
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text);

    let driver = driver()?;
    let picture = driver.draw().with_title("quote");
    write("quote.svg", picture.to_svg())?;
    write("quote.html", picture.to_html())?;
    write("quote.dot", picture.to_dot())?;
    write("quote.mmd", picture.to_mermaid())?;

    // A part of the graph, with fewer texts.
    let upstream = NodeSelection::upstream_of("net");
    write("highlight.svg", picture.clone().highlight(&upstream)?.to_svg())?;
    write("only.svg", picture.only(&upstream)?.with_details([NodeDetail::Types]).to_svg())?;

    // An earlier version. `cargo icosian diff` reads both versions from git.
    let new = driver.describe();
    let mut old = new.clone();
    old.nodes.retain(|node| node.name != "discount" && node.name != "voucher");
    old.edges.retain(|edge| edge.from != "discount" && edge.to != "discount");
    let order = old.nodes.iter_mut().find(|node| node.name == "order");
    if let Some(order) = order {
        order.decorators.retain(|decorator| decorator != "retry");
    }
    let changes = diff(&old, &new);
    print!("{changes}");
    let picture = changes.draw().with_title("quote: changes");
    write("diff.svg", picture.to_svg())?;
    write("diff.html", picture.to_html())?;

    println!("{}", folder.display());
    Ok(())
}

fn driver() -> Result<AsyncDriver, BuildError> {
    AsyncDriver::builder()
        .with_dataflow(quote::flow::dataflow())
        .with_config(config! { region: "EU" })
        .with_shared(inputs! { prices: vec![("chair".to_owned(), 80.0)] })
        .build()
}

#[cfg(test)]
mod tests {
    /// After a change, copy `target/pictures/quote.svg` to `docs/quote.svg`.
    #[test]
    fn picture_of_the_readme_is_current() -> Result<(), Box<dyn std::error::Error>> {
        let picture = super::driver()?.draw().with_title("quote").to_svg();
        assert!(picture == include_str!("../../../docs/quote.svg"), "docs/quote.svg differs");
        Ok(())
    }
}
