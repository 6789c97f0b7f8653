//! `packaging/kubernetes`: the manifest is sound, and its command is one that keyward takes.

use std::fs;
use std::process::Command;

use crate::support::{keyward, leave_out, repository, run};

const MANIFEST: &str = "packaging/kubernetes/migrate-wrap.yaml";

/// What the manifest says, as JSON; none, and a report, without Python's YAML.
fn manifest() -> Option<serde_json::Value> {
    let mut python = Command::new("python3");
    python.args([
        "-c",
        "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))",
    ]);
    let text = fs::read_to_string(repository().join(MANIFEST)).unwrap();
    let output = run(python, &text);
    if output.status != Some(0) {
        leave_out("python3 with its yaml module is not here");
        return None;
    }
    Some(serde_json::from_str(&output.stdout).unwrap())
}

#[test]
fn the_pods_of_the_job_share_the_work_without_rights() {
    let Some(job) = manifest() else { return };
    assert_eq!(
        (&job["apiVersion"], &job["kind"]),
        (&"batch/v1".into(), &"Job".into())
    );
    let spec = &job["spec"];
    assert!(spec["parallelism"].as_u64().unwrap() > 1);
    assert!(
        spec["completions"].is_null(),
        "a pod that finds no work has not failed"
    );
    let pod = &spec["template"]["spec"];
    // Kubernetes takes a policy for failures only so.
    assert_eq!(pod["restartPolicy"], "Never");
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    let container = &pod["containers"][0];
    let rights = &container["securityContext"];
    assert_eq!(rights["allowPrivilegeEscalation"], false);
    assert_eq!(rights["readOnlyRootFilesystem"], true);
    assert_eq!(rights["capabilities"]["drop"][0], "ALL");
    assert!(container["env"].is_null(), "secrets come by files");
    let volumes = pod["volumes"].as_array().unwrap();
    for mount in container["volumeMounts"].as_array().unwrap() {
        assert_eq!(mount["readOnly"], true);
        assert!(
            volumes.iter().any(|volume| volume["name"] == mount["name"]),
            "{mount}"
        );
    }
    let secret = volumes
        .iter()
        .find_map(|volume| volume["secret"].as_object());
    assert_eq!(secret.unwrap()["defaultMode"], 0o440);
}

#[test]
fn the_command_of_the_job_is_one_that_keyward_takes() {
    let Some(job) = manifest() else { return };
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["command"][0], "keyward");
    let arguments = container["args"].as_array().unwrap();
    let mut arguments: Vec<&str> = arguments.iter().map(|one| one.as_str().unwrap()).collect();
    let mounts = container["volumeMounts"].as_array().unwrap();
    let folders = mounts
        .iter()
        .map(|mount| mount["mountPath"].as_str().unwrap());
    let folders: Vec<&str> = folders.collect();
    for path in arguments
        .iter()
        .filter_map(|one| Some(&one[one.find("/run/").or(one.find("/etc/"))?..]))
    {
        assert!(
            folders.iter().any(|folder| path.starts_with(folder)),
            "{path} is not mounted"
        );
    }
    // An option that it does not know ends it before it comes to the help.
    arguments.push("--help");
    let output = keyward(&arguments, "");
    assert_eq!(output.status, Some(0), "{output:#?}");
}
