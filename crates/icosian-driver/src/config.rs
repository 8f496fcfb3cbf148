/// Builds a [`Config`](crate::Config): `config! { "env": "prod", limit: 3_u64, region }`.
///
/// `name` alone is the variable of that name; a name before `:` may be quoted. A `&str` becomes a `String`. Every value is
/// `Clone`. A name that is set twice is a compile error. Clients and pools are no config: pass them to
/// [`with_shared`](crate::Builder::with_shared).
///
/// # Examples
/// ```
/// use icosian_driver::config;
///
/// assert_eq!(format!("{:?}", config! { "env": "prod" }), "Config { env: String }");
/// ```
///
/// A name that is set twice is a compile error:
/// ```compile_fail
/// let twice = icosian_driver::config! { env: "dev", "env": "prod" };
/// ```
#[macro_export]
macro_rules! config {
    (@value $config:ident $name:ident) => { $crate::__config!($config, $crate::config!(@ $name), $name) };
    (@value $config:ident $name:tt $value:expr) => { $crate::__config!($config, $crate::config!(@ $name), $value) };
    (@ $name:literal) => { $name };
    (@ $name:ident) => { $crate::__private::Name::of_identifier(::core::stringify!($name)) };
    ($($name:tt $(: $value:expr)?),* $(,)?) => {{
        const _: () = $crate::__private::assert_distinct(&[$($crate::inputs!(@key $name)),*]);
        let config = $crate::Config::new();
        $(let config = $crate::config!(@value config $name $($value)?);)*
        config
    }};
}
