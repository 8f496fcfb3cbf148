//! Source locations of nodes and parameters.

use icosian::__private::{Location, Param};
use icosian::{Dataflow, dataflow};

#[dataflow]
mod here {
    pub fn größe(breite: &f64, #[default(1.0)] mut höhe: f64) -> f64 {
        höhe *= breite;
        höhe
    }

    /* größe */
    pub async fn r#type(größe: &f64) -> f64 {
        *größe
    }
}

crate::elsewhere::flow!(there, argument);

/// Returns the source text at each location of `dataflow` in `file`.
fn texts(dataflow: &Dataflow, file: &str, source: &str) -> Vec<String> {
    let places = dataflow.nodes().flat_map(|node| {
        let outline = node.outline();
        let params = outline.params().iter().map(Param::location);
        std::iter::once(outline.location()).chain(params)
    });
    let places = places.map(|place| place.expect("a place")).filter(|place| place.file() == file);
    places.map(|place| text(source, place)).collect()
}

fn text(source: &str, place: Location) -> String {
    let line = source.lines().nth(place.line() as usize - 1).expect("a line");
    line.chars().skip(place.column() as usize - 1).take(place.width() as usize).collect()
}

#[test]
fn locations_cover_the_names() {
    let texts = texts(&here::dataflow(), file!(), include_str!("places.rs"));
    assert_eq!(texts, ["größe", "breite", "höhe", "r#type", "größe"]);
}

#[test]
fn nodes_from_a_macro_are_located_in_the_macro() {
    let dataflow = there::dataflow();
    assert_eq!(texts(&dataflow, crate::elsewhere::FILE, include_str!("elsewhere.rs")), ["node", "written"]);
    assert_eq!(texts(&dataflow, file!(), include_str!("places.rs")), ["argument"]);
}
