//! Highlighted and selected parts.

use icosian_draw::{GraphPicture, NodeSelection, SelectionError};

use crate::sample::shop;

#[test]
fn unknown_name_is_an_error_with_the_nearest_name() {
    let error =
        GraphPicture::new(shop()).highlight(&NodeSelection::upstream_of("nett")).expect_err("it is unknown");
    assert_eq!(
        error,
        SelectionError::UnknownNode { name: "nett".to_owned(), nearest: Some("net".to_owned()) }
    );
    let help = miette::Diagnostic::help(&error).map(|it| it.to_string());
    assert_eq!(help.as_deref(), Some("write `net`"));
}

#[test]
fn path_against_the_direction_is_an_error() {
    let error =
        GraphPicture::new(shop()).only(&NodeSelection::path("document", "order")).expect_err("it is no path");
    assert_eq!(error.to_string(), "the graph has no path from `document` to `order`");
}

#[test]
fn selection_cuts_other_nodes() -> Result<(), SelectionError> {
    let names = |selection: &NodeSelection| {
        let dot = GraphPicture::new(shop()).with_details([]).only(selection)?.to_dot();
        let names = shop().nodes.into_iter().map(|node| node.name);
        Ok(names.filter(|name| dot.contains(&format!("\"{name}\" ["))).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(names(&NodeSelection::upstream_of("price"))?, "order line price order_id prices");
    assert_eq!(names(&NodeSelection::downstream_of("net"))?, "net tax.amount document");
    assert_eq!(names(&NodeSelection::path("line", "net"))?, "line price line_price net");
    assert_eq!(names(&NodeSelection::nodes(["net"]).and(NodeSelection::nodes(["region"])))?, "net region");
    Ok(())
}

#[test]
fn other_nodes_are_dimmed() -> Result<(), SelectionError> {
    let svg = GraphPicture::new(shop()).highlight(&NodeSelection::upstream_of("order"))?.to_svg();
    assert_eq!(svg.matches("<g class=\"node function async highlighted\">").count(), 1);
    assert_eq!(svg.matches("<g class=\"edge highlighted\"").count(), 1);
    // The nodes except `order` and `order_id`.
    assert_eq!(svg.matches(" dimmed\"><title>").count() - svg.matches("<g class=\"group").count(), 9 - 1);
    Ok(())
}
