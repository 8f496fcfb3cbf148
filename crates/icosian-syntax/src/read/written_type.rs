//! What the shape of a type tells. Names are all that is seen: an alias hides what it stands for.

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericArgument, Lifetime, ParenthesizedGenericArguments, PathArguments, PathSegment, Type, TypeFnPtr,
    TypeImplTrait, TypeParamBound, TypePath, TypeReference,
};

/// Returns `written` without the parentheses around it, visible or not.
pub(crate) fn bare(mut written: &Type) -> &Type {
    loop {
        written = match written {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        };
    }
}

/// Returns whether the last segment of the path that `written` is, is `name`.
pub(crate) fn ends_with(written: &Type, name: &str) -> bool {
    last_segment(written).is_some_and(|segment| segment.ident == name)
}

/// Returns the `T` of `name<T>`.
pub(crate) fn only_argument<'a>(written: &'a Type, name: &str) -> Option<&'a Type> {
    let segment = last_segment(written).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(only)) if arguments.args.len() == 1 => Some(only),
        _ => None,
    }
}

/// Returns the `T` of `name<T, ..>`, whatever the name.
pub(crate) fn first_argument(written: &Type) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &last_segment(written)?.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(first)) => Some(first),
        _ => None,
    }
}

fn last_segment(written: &Type) -> Option<&PathSegment> {
    match bare(written) {
        Type::Path(TypePath { path, .. }) => path.segments.last(),
        _ => None,
    }
}

/// Returns the reference that `written` is, unless it is a `&'static`.
pub(crate) fn borrowed(written: &Type) -> Option<&TypeReference> {
    match bare(written) {
        Type::Reference(reference) if !reference.lifetime.as_ref().is_some_and(is_static) => Some(reference),
        _ => None,
    }
}

fn is_static(lifetime: &Lifetime) -> bool {
    lifetime.ident == "static"
}

/// Returns whether `written` is known to be a type without a size, so that no variable holds it.
pub(crate) fn is_unsized(written: &Type) -> bool {
    matches!(bare(written), Type::Slice(_) | Type::TraitObject(_))
        || ["str", "Path", "OsStr", "CStr"].iter().any(|name| ends_with(written, name))
}

/// Returns whether `written` is known to be a type that a text is not: a number, `bool`, `char`, or what has others in it.
pub(crate) fn is_no_text(written: &Type) -> bool {
    const PLAIN: [&str; 16] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
        "bool", "char",
    ];
    const AROUND: [&str; 7] = ["Vec", "VecDeque", "Option", "HashMap", "BTreeMap", "HashSet", "BTreeSet"];
    match bare(written) {
        Type::Tuple(_) | Type::Slice(_) | Type::Array(_) => true,
        Type::Path(path) => {
            PLAIN.iter().any(|name| path.path.is_ident(name))
                || (AROUND.iter().any(|name| ends_with(written, name)) && first_argument(written).is_some())
        }
        _ => false,
    }
}

/// Returns whether `written` is a future by its looks: `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture`.
pub(crate) fn is_future(written: &Type) -> bool {
    let mut written = bare(written);
    while let Some(inner) = only_argument(written, "Pin").or_else(|| only_argument(written, "Box")) {
        written = bare(inner);
    }
    let bounds = match written {
        Type::ImplTrait(opaque) => &opaque.bounds,
        Type::TraitObject(object) => &object.bounds,
        other => return ends_with(other, "BoxFuture") || ends_with(other, "LocalBoxFuture"),
    };
    bounds.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == "Future"),
        _ => false,
    })
}

/// Returns the error type of `Result<_, Box<dyn Error>>`, if that error is not `Send` and `Sync`.
pub(crate) fn unshared_error(written: &Type) -> Option<&Type> {
    let segment = last_segment(written).filter(|segment| segment.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    let Some(GenericArgument::Type(error)) = arguments.args.iter().nth(1) else { return None };
    let Type::TraitObject(object) = bare(only_argument(error, "Box")?) else { return None };
    let has = |name: &str| {
        object.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| last.ident == name),
            _ => false,
        })
    };
    (has("Error") && !(has("Send") && has("Sync"))).then_some(error)
}

/// Returns the first `impl Trait` in `written`.
pub(crate) fn opaque(written: &Type) -> Option<TypeImplTrait> {
    struct Find(Option<TypeImplTrait>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_type_impl_trait(&mut self, found: &'ast TypeImplTrait) {
            self.0.get_or_insert_with(|| found.clone());
        }
    }
    let mut find = Find(None);
    find.visit_type(written);
    find.0
}

/// Returns whether a value of type `written` borrows from something. What a function pointer takes is its own business.
pub(crate) fn borrows(written: &Type) -> bool {
    struct Find(bool);
    impl<'ast> Visit<'ast> for Find {
        fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
            self.0 |= reference.lifetime.is_none();
            visit::visit_type_reference(self, reference);
        }
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            self.0 |= !is_static(lifetime);
        }
        fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
        fn visit_trait_bound(&mut self, bound: &'ast syn::TraitBound) {
            if bound.lifetimes.is_none() {
                visit::visit_trait_bound(self, bound);
            }
        }
    }
    let mut find = Find(false);
    find.visit_type(written);
    find.0
}

/// Returns `written` with every lifetime `'static`: a value in a dataflow borrows from nothing else.
pub(crate) fn made_static(written: &Type) -> Type {
    struct MakeStatic;
    impl VisitMut for MakeStatic {
        fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
            let lifetime = || Lifetime::new("'static", Span::mixed_site());
            reference.lifetime.get_or_insert_with(lifetime);
            visit_mut::visit_type_reference_mut(self, reference);
        }
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if !is_static(lifetime) {
                *lifetime = Lifetime::new("'static", lifetime.span());
            }
        }
        fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
        fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {}
        fn visit_trait_bound_mut(&mut self, bound: &mut syn::TraitBound) {
            if bound.lifetimes.is_none() {
                visit_mut::visit_trait_bound_mut(self, bound);
            }
        }
    }
    let mut written = written.clone();
    MakeStatic.visit_type_mut(&mut written);
    written
}
