use icosian_benches::soak::{measure_change, workload};

/// Measures the real resident memory of this process.
#[cfg(target_os = "linux")]
#[test]
fn leak_is_growth() {
    let (mut leaked, mut samples) = (Vec::new(), Vec::new());
    let soaked = workload::soak(1, |sample| {
        samples.push(sample);
        leaked.push(vec![1_u8; 1 << 20]);
    });
    soaked.unwrap();
    let change = measure_change(&samples).unwrap();
    assert!(change.is_growth(), "{change}, {} MiB leaked", leaked.len());
}
