/// Writes a [`Config`](crate::Config): `config! { "env": "prod", limit: 3_u64, http }`.
///
/// `name` alone is the variable of that name; a name before `:` may be quoted. A string literal becomes a `String`; every value is `Clone`.
///
/// # Examples
/// ```
/// use icosian_driver::config;
///
/// assert_eq!(format!("{:?}", config! { "env": "prod" }), "Config { env: String }");
/// ```
#[macro_export]
macro_rules! config {
    (@value $config:ident $name:ident) => { $crate::__config!($config, $crate::config!(@ $name), $name) };
    (@value $config:ident $name:tt $value:expr) => { $crate::__config!($config, $crate::config!(@ $name), $value) };
    (@ $name:literal) => { $name };
    (@ $name:ident) => { $crate::__private::Name::of_identifier(::core::stringify!($name)) };
    ($($name:tt $(: $value:expr)?),* $(,)?) => {{
        let config = $crate::Config::new();
        $(let config = $crate::config!(@value config $name $($value)?);)*
        config
    }};
}
