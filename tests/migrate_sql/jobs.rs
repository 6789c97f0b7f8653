//! Whose work is one job, and whose is another.

use crate::accounts::{FILL_POSTGRES, all_have_moved, ended, migrate};
use crate::support::{Output, Postgres};

const ROWS: usize = 2000;

fn filled() -> Option<Postgres> {
    let server = Postgres::start()?;
    server.sql("postgres", "CREATE DATABASE accounts");
    server.sql(
        "accounts",
        &FILL_POSTGRES.replace("ROWS", &ROWS.to_string()),
    );
    Some(server)
}

fn wrap(server: &Postgres, more: &[&str]) -> Output {
    ended(
        migrate("wrap", &server.url("accounts"), more)
            .spawn()
            .unwrap(),
    )
}

fn leases(server: &Postgres, what: &str) -> String {
    let leases = server.sql("accounts", &format!("SELECT {what} FROM keyward_lease"));
    leases.trim().to_owned()
}

#[test]
fn a_stopped_job_is_gone_on_with_by_the_same_options_alone() {
    let Some(server) = filled() else { return };
    let url = server.url("accounts");
    wrap(&server, &["--limit", "10"]).of_success();
    // By other ids there are other parts.
    let other = migrate_by_name(&url, &["--limit", "10"]);
    assert!(!other.stderr.contains("goes on with job"), "{other:#?}");
    assert_eq!(leases(&server, "count(DISTINCT job)"), "2");
    let fleet = ended(migrate("fleet", &url, &[]).spawn().unwrap());
    assert_eq!(fleet.status, Some(1), "{fleet:#?}");
    for task in [
        "job 1: public.users password by id: wrap in pbkdf2-sha256, cost 1000\n",
        "job 2: public.users password by username: wrap in pbkdf2-sha256, cost 1000\n",
    ] {
        assert!(fleet.stdout.contains(task), "{fleet:#?}");
    }
    let joined = wrap(&server, &["--limit", "10"]).of_success();
    assert!(
        joined.stderr.contains("goes on with job 1, begun at 20"),
        "{joined:#?}"
    );
    assert!(
        joined.stderr.contains(": 0 of 5 parts are done"),
        "{joined:#?}"
    );
    let anew = wrap(&server, &["--limit", "10", "--new-job"]).of_success();
    assert!(!anew.stderr.contains("goes on with job"), "{anew:#?}");
    assert_eq!(
        leases(&server, "string_agg(DISTINCT job::text, ',')"),
        "2,3",
        "the first one is forgotten"
    );
    wrap(&server, &[]).of_success();
    migrate_by_name(&url, &[]);
    all_have_moved(&url, ROWS, |number| format!("pass{number}"));
    assert_eq!(
        leases(&server, "count(*) FILTER (WHERE state <> 'done')"),
        "0"
    );
}

fn migrate_by_name(url: &str, more: &[&str]) -> Output {
    let mut command = crate::support::keyward_command();
    command.args(["migrate", "wrap", url, "--table", "users"]);
    command.args(["--id", "username", "--user", "username"]);
    command.args(crate::accounts::QUICK).args(more);
    command.stdout(std::process::Stdio::piped());
    command.stderr(std::process::Stdio::piped());
    ended(command.spawn().unwrap()).of_success()
}

#[test]
fn a_process_whose_limit_is_used_up_does_not_wait_for_others() {
    let Some(server) = filled() else { return };
    wrap(&server, &["--limit", "1"]).of_success();
    server.sql(
        "accounts",
        "UPDATE keyward_lease SET state = 'leased', owner = 'other', expires = now() + interval '1 day' WHERE part > 1",
    );
    let output = wrap(&server, &["--limit", "499"]).of_success();
    assert!(output.stdout.starts_with("499 wrapped\n"), "{output:#?}");
}

#[test]
fn an_empty_table_is_told_and_one_that_others_have_done_is_none() {
    let Some(server) = filled() else { return };
    let url = server.url("accounts");
    let processes = [(); 3].map(|()| migrate("wrap", &url, &[]).spawn().unwrap());
    for process in processes {
        ended(process).of_success();
    }
    server.sql("accounts", "UPDATE users SET password = NULL");
    let empty = wrap(&server, &[]);
    assert_eq!(empty.status, Some(1), "{empty:#?}");
    assert!(
        empty
            .stderr
            .contains("no stored password in it. Check --table"),
        "{empty:#?}"
    );
}
