//! Where nodes and parameters stand.

use icosian::__private::{Param, Place};
use icosian::dataflow;

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

/// Returns the text at `place` of this file.
fn text(place: Place) -> String {
    assert!(place.file().ends_with("tests/it/places.rs"), "{place}");
    let line = include_str!("places.rs").lines().nth(place.line() as usize - 1).expect("a line");
    line.chars().skip(place.column() as usize - 1).take(place.width() as usize).collect()
}

#[test]
fn places_are_exact() {
    let dataflow = here::dataflow();
    let texts: Vec<_> = dataflow
        .nodes()
        .iter()
        .flat_map(|node| {
            let outline = node.outline();
            let params = outline.params().iter().map(Param::place);
            std::iter::once(outline.place()).chain(params)
        })
        .map(|place| text(place.expect("a place")))
        .collect();
    assert_eq!(texts, ["größe", "breite", "höhe", "r#type", "größe"]);
}
