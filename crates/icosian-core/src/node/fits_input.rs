use std::borrow::Cow;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Asserts that the function `Consumer` can read an input of this type through a parameter of the form `Form`. For generated code.
#[diagnostic::on_unimplemented(
    message = "node `{Consumer}` cannot read an input of type `{Self}` [ICO0013]",
    label = "the input is a `{Self}`",
    note = "the first parameter that reads an input sets its type; to set another type, add `inputs(name: Type)` to \
            `#[dataflow(outputs(..))]`"
)]
pub trait FitsInput<Consumer, Form> {
    /// The constant that generated code names.
    const FITS: () = ();
}

/// A parameter `&W`.
#[derive(Debug)]
pub struct Borrows<W: ?Sized>(PhantomData<W>);

/// A parameter `Option<&W>`.
#[derive(Debug)]
pub struct MayBorrow<W: ?Sized>(PhantomData<W>);

/// A parameter `T`.
#[derive(Debug)]
pub struct Takes<T>(PhantomData<T>);

/// A parameter `Option<T>`.
#[derive(Debug)]
pub struct MayTake<T>(PhantomData<T>);

#[diagnostic::do_not_recommend]
impl<Consumer, T> FitsInput<Consumer, Takes<T>> for T {}
#[diagnostic::do_not_recommend]
impl<Consumer, T> FitsInput<Consumer, MayTake<T>> for T {}
#[diagnostic::do_not_recommend]
impl<Consumer, T> FitsInput<Consumer, MayTake<T>> for Option<T> {}

macro_rules! borrowed {
    ($([$($generic:ident)?] $wanted:ty: $given:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<Consumer $(, $generic)?> FitsInput<Consumer, Borrows<$wanted>> for $given {}
        #[diagnostic::do_not_recommend]
        impl<Consumer $(, $generic)?> FitsInput<Consumer, MayBorrow<$wanted>> for $given {}
        #[diagnostic::do_not_recommend]
        impl<Consumer $(, $generic)?> FitsInput<Consumer, MayBorrow<$wanted>> for Option<$given> {}
    )+};
}

borrowed! {
    [T] T: T;
    [T] T: Box<T>;
    [T] T: Arc<T>;
    [T] T: &'static T;
    [T] [T]: Vec<T>;
    [T] [T]: Box<[T]>;
    [T] [T]: Arc<[T]>;
    [T] [T]: &'static [T];
    [] str: String;
    [] str: &'static str;
    [] str: Box<str>;
    [] str: Arc<str>;
    [] str: Cow<'static, str>;
    [] Path: PathBuf;
    [] Path: Box<Path>;
    [] Path: Arc<Path>;
    [] Path: &'static Path;
}
