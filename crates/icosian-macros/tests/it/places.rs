//! Where nodes and parameters stand.

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

/// Returns the text at each place of `dataflow`, all of which are in `file`, whose text is `source`.
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
fn places_are_exact() {
    let texts = texts(&here::dataflow(), file!(), include_str!("places.rs"));
    assert_eq!(texts, ["größe", "breite", "höhe", "r#type", "größe"]);
}

#[test]
fn what_a_macro_wrote_stands_where_the_macro_does() {
    let dataflow = there::dataflow();
    assert_eq!(texts(&dataflow, crate::elsewhere::FILE, include_str!("elsewhere.rs")), ["node", "written"]);
    assert_eq!(texts(&dataflow, file!(), include_str!("places.rs")), ["argument"]);
}
