//! Who may ask: a certificate or a token, and nobody else.

use super::program::{LEGACY, Program, TARGET, TOKEN, certificate, folder, has};

const LOGIN: &str = r#"{"username":"jane","password":"password"}"#;

#[test]
fn a_client_is_known_by_its_certificate_or_its_token_alone() {
    if !has("curl") {
        return;
    }
    let program = Program::start(folder(), &format!("{TARGET}{LEGACY}"));
    let path = |name: &str| certificate(name).to_str().unwrap().to_owned();
    let with_certificate = |name: &str| {
        let (pem, key) = (path(&format!("{name}.pem")), path(&format!("{name}.key")));
        program.curl("/v1/verify", Some(LOGIN), &["--cert", &pem, "--key", &key])
    };
    let basic = format!("anybody:{TOKEN}");
    for answer in [
        with_certificate("tomcat"),
        program.post("/v1/verify", LOGIN),
        program.curl("/v1/verify", Some(LOGIN), &["--user", &basic]),
    ] {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    // A trusted authority signed this one too; no client is named so.
    for answer in [
        with_certificate("other"),
        program.curl("/v1/verify", Some(LOGIN), &[]),
        program.curl(
            "/v1/verify",
            Some(LOGIN),
            &["--oauth2-bearer", "t0ken-of-kratoz"],
        ),
        program.curl("/v1/verify", Some(LOGIN), &["--oauth2-bearer", ""]),
        program.curl("/v1/verify", Some(LOGIN), &["--user", &format!("{TOKEN}:")]),
        program.curl("/v1/status", None, &[]),
        program.curl("/metrics", None, &[]),
        program.curl("/v1/keycloak/jane", None, &[]),
    ] {
        assert_eq!(answer.status, 401, "{answer:?}");
        assert!(answer.body.contains("Authorization: Bearer"), "{answer:?}");
        assert!(!answer.body.contains("accepted"), "{answer:?}");
    }
    // An authority that is not trusted.
    assert_eq!(with_certificate("stranger").status, 0);
    let audit = program.audit();
    let count = |name: &str, value: &str| audit.iter().filter(|line| line[name] == value).count();
    assert_eq!(count("client", "tomcat"), 1);
    assert_eq!(count("client", "kratos"), 2);
    assert_eq!(count("outcome", "denied"), 9, "{audit:?}");
}

#[test]
fn a_token_that_was_changed_in_the_keystore_counts_at_once() {
    if !has("curl") {
        return;
    }
    let program = Program::start(folder(), &format!("{TARGET}{LEGACY}"));
    program.fixture.replace(&[("kratos-token", "another")]);
    program.signal("-HUP");
    super::fixture::eventually("the new token is known", || {
        let answer = program.curl("/v1/verify", Some(LOGIN), &["--oauth2-bearer", "another"]);
        answer.status == 200
    });
    assert_eq!(program.post("/v1/verify", LOGIN).status, 401);
}

#[test]
fn guessing_tokens_is_slowed_down_and_does_not_lock_a_client_out() {
    if !has("curl") {
        return;
    }
    let program = Program::start(folder(), &format!("{TARGET}{LEGACY}"));
    let mut limited = 0;
    for guess in 0..32 {
        let guess = guess.to_string();
        let answer = program.curl("/v1/verify", Some(LOGIN), &["--oauth2-bearer", &guess]);
        limited += u32::from(answer.status == 429);
    }
    assert_eq!(limited, 2);
    assert_eq!(program.post("/v1/verify", LOGIN).status, 200);
}
