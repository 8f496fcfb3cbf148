//! The names of layers in errors.

/// Returns the layers of a `ServiceBuilder`, from the outside to the inside, or the name of another layer.
///
/// `type_name` is the type without paths, as in `ServiceBuilder<Stack<TimeoutLayer, Stack<LoadShedLayer, Identity>>>`.
pub(crate) fn layer_name(type_name: &str) -> String {
    let mut names = Vec::new();
    collect(type_name, &mut names);
    if names.is_empty() { type_name.to_owned() } else { names.join(" -> ") }
}

fn collect<'a>(type_name: &'a str, names: &mut Vec<&'a str>) {
    let arguments = |name: &str| type_name.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>');
    if let Some(stack) = arguments("ServiceBuilder") {
        collect(stack, names);
    } else if let Some((inner, outer)) = arguments("Stack").and_then(split_pair) {
        collect(outer, names);
        collect(inner, names);
    } else if type_name != "Identity" {
        names.push(type_name);
    }
}

/// Splits two type arguments at the comma between them.
fn split_pair(arguments: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, character) in arguments.char_indices() {
        match character {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return Some((&arguments[..at], arguments[at + 1..].trim_start())),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::layer_name;

    #[test]
    fn layers_of_a_builder_are_listed_from_the_outside() {
        let builder = "ServiceBuilder<Stack<RateLimitLayer, Stack<BufferLayer<Call, (A, B)>, Stack<LoadShedLayer, Identity>>>>";
        assert_eq!(layer_name(builder), "LoadShedLayer -> BufferLayer<Call, (A, B)> -> RateLimitLayer");
        assert_eq!(layer_name("TimeoutLayer"), "TimeoutLayer");
        assert_eq!(layer_name("Stack<RetryLayer<P>, TimeoutLayer>"), "TimeoutLayer -> RetryLayer<P>");
        assert_eq!(layer_name("Identity"), "Identity");
    }
}
