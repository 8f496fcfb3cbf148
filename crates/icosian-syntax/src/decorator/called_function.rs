use icosian_diagnostics::nearest;
use syn::Path;
use syn::ext::IdentExt;

use crate::code;
use crate::faults::Faults;
use crate::model::DataflowSource;

/// Refuses a function that does not exist, if it can only be one of this module.
pub(crate) fn check_called(path: &Path, flow: &DataflowSource, faults: &mut Faults) {
    let (Some(ident), Some(brought)) = (path.get_ident(), &flow.brought) else { return };
    let name = ident.unraw().to_string();
    if flow.function(path).is_some() || brought.contains(&name) {
        return;
    }
    let known = flow.nodes.iter().map(|node| node.name.as_str());
    let help = match nearest(&name, known) {
        Some(meant) => format!("write `{meant}`"),
        None => "declare it in this module, or import it".to_owned(),
    };
    faults.report(code::UNKNOWN_FUNCTION, path, format!("this module has no function `{name}`"), help);
}
