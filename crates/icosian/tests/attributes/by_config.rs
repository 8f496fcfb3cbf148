use icosian::prelude::*;

use crate::twins::{check_twins, twins};

fn is_large(config: &Config) -> bool {
    config.get::<u64>("size").is_some_and(|size| *size > 3)
}

macro_rules! flow {
    ($name:ident $($later:ident)?) => {
        #[dataflow]
        pub(crate) mod $name {
            use super::*;

            #[config_when(env = "prod")]
            pub $($later)? fn rates__prod() -> f64 {
                1.5
            }

            #[config_when_not(env = "prod")]
            pub $($later)? fn rates__other() -> Result<f64, std::io::Error> {
                Ok(1.0)
            }

            #[config_when_in(data.region = ["eu", "uk"])]
            pub $($later)? fn unit__europe() -> String {
                "€".to_owned()
            }

            #[config_when_not_in(data.region = ["eu", "uk"])]
            pub $($later)? fn unit() -> String {
                "$".to_owned()
            }

            #[cfg(any())]
            #[config_when(env = "none")]
            pub $($later)? fn rates__nowhere() -> f64 {
                0.0
            }

            #[config(is_large, named(size_word))]
            pub $($later)? fn large() -> &'static str {
                "large"
            }

            #[config(|config| !is_large(config), named(size_word))]
            pub $($later)? fn small() -> &'static str {
                "small"
            }

            pub $($later)? fn label(rates: f64, unit: &str, size_word: &&'static str) -> String {
                format!("{rates}{unit} {size_word}")
            }
        }
    };
}
twins!(flow!);

#[test]
fn config_selects_a_variant() {
    check_twins!(label of {} == "1$ small".to_owned());
    let prod = config! { "env": "prod", "data.region": "uk", "size": 4_u64 };
    check_twins!([prod.clone()] label of {} == "1.5€ large".to_owned());
    check_twins!([prod.clone()] rates, unit of {} == (1.5, "€".to_owned()));
}

mod resolved {
    use icosian::decorators::{Parameterize, Tag};

    use super::*;

    macro_rules! flow {
        ($name:ident $($later:ident)?) => {
            #[dataflow]
            pub(crate) mod $name {
                use super::*;

                #[resolve(|config| {
                    let regions = config.get::<Vec<&'static str>>("regions").ok_or("config has no `regions`")?;
                    Ok::<_, &str>(Parameterize::new().values("region", regions.iter().map(|it| (*it, *it))))
                })]
                pub $($later)? fn report(region: &str) -> usize {
                    region.len()
                }

                #[resolve_from_config(|config| {
                    Ok::<_, &str>(Tag::new().with("count", [config.get::<Vec<&'static str>>("regions").map_or("0", |_| "some")]))
                })]
                pub $($later)? fn tagged() -> u64 {
                    1
                }

                pub $($later)? fn sum(eu: usize, asia: usize) -> usize {
                    eu + asia
                }
            }
        };
    }
    twins!(flow!);

    #[test]
    fn config_creates_the_decorator() {
        let config = config! { "regions": vec!["eu", "asia"] };
        check_twins!([config.clone()] sum of {} == 6);
        let driver =
            Driver::builder().with_dataflow(sync_flow::dataflow()).with_config(config).build().unwrap();
        let tagged = driver.graph().outline(driver.graph().node("tagged").unwrap());
        assert_eq!(tagged.tags().to_string(), "count = some");
        let error = Driver::builder().with_dataflow(sync_flow::dataflow()).build().unwrap_err();
        assert!(format!("{error:?}").contains("config has no `regions`"), "{error:?}");
    }
}
