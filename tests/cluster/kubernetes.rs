//! The Kubernetes job of the guide: its manifest is a job, and its pods, run one after the other, do all tasks.

use serde_json::{Value, json};

use crate::page::{assert_same_as_run, blocks, folder, run_block};
use crate::schema::breaches;

const JOB: &str = "io.k8s.api.batch.v1.Job";

fn schema() -> Value {
    serde_json::from_str(include_str!("job-v1.json")).unwrap()
}

fn manifest() -> Value {
    let [manifest] = &blocks("Kubernetes", "yaml")[..] else { panic!("there is more than one manifest") };
    serde_saphyr::from_str(manifest).unwrap()
}

#[test]
fn the_manifest_is_a_job() {
    let manifest = manifest();
    assert_eq!(breaches(&schema(), JOB, &manifest), [""; 0]);
    // What the schema leaves to the server: https://kubernetes.io/docs/concepts/workloads/controllers/job.
    let spec = &manifest["spec"];
    assert_eq!(spec["completionMode"], "Indexed");
    assert_eq!(
        spec["template"]["spec"]["restartPolicy"], "Never",
        "limits for each index and failure policies need it"
    );
    let pod = &spec["template"]["spec"];
    let mounted = pod["containers"][0]["volumeMounts"][0]["name"].as_str().unwrap();
    assert_eq!(pod["volumes"][0]["name"], mounted);
    let name = manifest["metadata"]["name"].as_str().unwrap();
    assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
}

#[test]
fn a_manifest_that_is_none_is_found() {
    let wrong = |pointer: &str, name: &str, value: Value| {
        let mut manifest = manifest();
        manifest.pointer_mut(pointer).unwrap()[name] = value;
        breaches(&schema(), JOB, &manifest)
    };
    let job = JOB;
    for (pointer, name, value, said) in [
        ("/spec", "completion", json!(3), format!("{job}.spec.completion: there is no such field")),
        ("/spec", "completions", json!("3"), format!("{job}.spec.completions: \"3\" is no \"integer\"")),
        ("", "kind", json!("CronJob"), format!("{job}.kind: \"CronJob\" is none of [\"Job\"]")),
        ("/spec", "template", json!({"spec": {}}), format!("{job}.spec.template.spec: \"containers\" is missing")),
        (
            "/spec/template/spec/containers/0",
            "command",
            json!([1]),
            format!("{job}.spec.template.spec.containers[0].command[0]: 1 is no \"string\""),
        ),
    ] {
        assert_eq!(wrong(pointer, name, value), [said]);
    }
}

#[test]
fn the_pods_do_all_tasks() {
    let scratch = folder();
    let manifest = manifest();
    let completions = manifest["spec"]["completions"].as_u64().unwrap();
    run_block(&scratch, &format!("cometsim plan experiments/comet.toml --tasks {completions} --out output/comet"), &[]);
    let command = manifest["spec"]["template"]["spec"]["containers"][0]["command"].as_array().unwrap();
    let words: Vec<&str> = command.iter().map(|word| word.as_str().unwrap()).collect();
    assert!(words.contains(&"$(JOB_COMPLETION_INDEX)"), "{words:?}");
    for index in (0..completions).rev() {
        // Kubernetes puts variables of the pod in place of `$(NAME)`.
        run_block(&scratch, &words.join(" ").replace("$(JOB_COMPLETION_INDEX)", &index.to_string()), &[]);
    }
    let missing = run_block(&scratch, "cometsim plan --missing output/comet", &[]);
    assert_eq!(missing.stdout, "");
    run_block(&scratch, "cometsim merge output/comet", &[]);
    assert_same_as_run(&scratch);
}
