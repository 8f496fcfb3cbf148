//! Tests the dataflow with a client that fails on purpose. tokio's clock is paused, so delays take no time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use icosian::prelude::*;

use template_name::analysis::{self, Report};
use template_name::model::{Model, ModelError, SharedModel};

/// A client that runs a function for each prompt, and records the prompts.
struct FakeModel<F> {
    answer: F,
    prompts: Mutex<Vec<String>>,
}

#[async_trait]
impl<F> Model for FakeModel<F>
where
    F: Fn(&str, usize) -> Result<String, ModelError> + Send + Sync,
{
    async fn complete(&self, prompt: &str) -> Result<String, ModelError> {
        let earlier = {
            let mut prompts = self.prompts.lock().unwrap();
            prompts.push(prompt.to_owned());
            prompts.iter().filter(|it| *it == prompt).count() - 1
        };
        tokio::time::sleep(Duration::from_secs(1)).await;
        (self.answer)(prompt, earlier)
    }
}

/// Analyses an article. `answer` receives the prompt, and the number of earlier calls with the same prompt.
async fn analyse<F>(answer: F) -> (Result<Report, ExecuteError>, usize)
where
    F: Fn(&str, usize) -> Result<String, ModelError> + Send + Sync + 'static,
{
    let fake = Arc::new(FakeModel {
        answer,
        prompts: Mutex::default(),
    });
    let driver = AsyncDriver::builder()
        .with_dataflow(analysis::dataflow())
        .build()
        .unwrap();
    let inputs = analysis::ReportInputs {
        model: Arc::clone(&fake) as SharedModel,
        article: "An article".to_owned(),
    };
    let report = driver.execute::<analysis::report>(inputs).await;
    let calls = fake.prompts.lock().unwrap().len();
    (report, calls)
}

fn echo(prompt: &str) -> String {
    prompt.split(':').next().unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn independent_calls_run_concurrently() {
    let started = tokio::time::Instant::now();
    let (report, calls) = analyse(|prompt, _| Ok(echo(prompt))).await;
    let report = report.unwrap();
    assert_eq!(report.title, "Find a title");
    assert_eq!(report.keywords, ["List keywords", "separated by commas"]);
    assert_eq!(calls, 4);
    // Three calls at the same time, then the title.
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn overloaded_model_is_called_again() {
    let (report, calls) = analyse(|prompt, earlier| match earlier {
        0 if prompt.starts_with("Summarize") => Err(ModelError::Overloaded),
        _ => Ok(echo(prompt)),
    })
    .await;
    assert_eq!(report.unwrap().summary, "Summarize");
    assert_eq!(calls, 5);
}

#[tokio::test(start_paused = true)]
async fn report_without_mood_is_complete() {
    let (report, _) = analyse(|prompt, _| {
        if prompt.starts_with("Name the mood") {
            return Err(ModelError::Refused("it has no mood".to_owned()));
        }
        Ok(echo(prompt))
    })
    .await;
    assert_eq!(report.unwrap().mood, "unknown");
}

#[tokio::test(start_paused = true)]
async fn refused_prompt_fails_the_run() {
    let (report, _) = analyse(|prompt, _| {
        if prompt.starts_with("Summarize") {
            return Err(ModelError::Refused("it is too long".to_owned()));
        }
        Ok(echo(prompt))
    })
    .await;
    let error = report.unwrap_err();
    assert_eq!(error.to_string(), "node `summary` failed");
}
