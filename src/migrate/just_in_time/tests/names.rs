//! What was typed is not the user: stores find more than the name itself.

use super::*;
use crate::migrate::{Change, Credential, Page, Place, Replaced};
use crate::password::LayerKey;

/// Finds as a directory does: capitals, blanks, and the first part of a DN.
struct Loose(Memory);

impl CredentialStore for Loose {
    fn name(&self) -> String {
        "loose".to_owned()
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        self.0.page(after)
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        let name = folded(user);
        let first = name.split(',').next().unwrap_or_default();
        self.0.of_user(first.strip_prefix("uid=").unwrap_or(first))
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        self.0.replace(changes)
    }
}

const SPELLINGS: [&str; 4] = ["jane", "Jane", "jane ", "uid=jane,ou=people"];

fn loose(store: &Memory) -> Vec<Box<dyn LegacySource>> {
    vec![Box::new(LegacyStore {
        store: Box::new(Loose(store.clone())),
        conventions: Conventions::default(),
    })]
}

fn before(target: Target, old: &Memory, most: u32) -> JustInTime {
    let attempts = Attempts::new(most, Duration::from_mins(1));
    JustInTime::new(target, loose(old), attempts, HashSlots::new(Some(1))).unwrap()
}

#[test]
fn an_old_password_does_not_come_back_under_another_spelling() {
    let changed = wrapping().hash(&Secret::copied_from(b"changed")).unwrap();
    let old = Memory::of(&[("jane", SHA), ("max", SHA)]);
    let new = Memory::of(&[("jane", &changed), ("max", "!")]);
    let service = before(target(&new), &old, 100);
    for typed in SPELLINGS {
        assert_eq!(
            decision(&service, typed, "password"),
            Decision::Rejected,
            "{typed}"
        );
        let answer = ask(&service, typed, "changed");
        assert_eq!((answer.decision, answer.user.as_str()), (ACCEPTED, "jane"));
    }
    // A locked account is not unlocked so either.
    assert_eq!(decision(&service, "MAX", "password"), Decision::Rejected);
    assert_eq!(new.0.replaced.load(AtomicOrdering::Relaxed), 0);
    assert_eq!(service.knows("JANE").unwrap().as_deref(), Some("jane"));
}

#[test]
fn a_user_moves_once_and_by_the_name_of_the_legacy_store() {
    for typed in SPELLINGS {
        let (new, old) = (Memory::default(), Memory::of(&[("jane", SHA)]));
        let service = before(target(&new), &old, 100);
        assert_eq!(decision(&service, typed, "password"), MOVED, "{typed}");
        assert!(is_current(&new.get("jane").unwrap()));
        assert_eq!(new.0.users.lock().unwrap().len(), 1);
        assert_eq!(decision(&service, "jane", "password"), ACCEPTED);
    }
    // A target that has the typed name itself keeps it.
    let (new, old) = (Memory::of(&[("Jane", "")]), Memory::of(&[("jane", SHA)]));
    let service = before(target(&new), &old, 100);
    assert_eq!(decision(&service, "Jane", "password"), MOVED);
    assert!(is_current(&new.get("Jane").unwrap()));
}

#[test]
fn no_spelling_has_attempts_of_its_own() {
    let (new, old) = (
        Memory::default(),
        Memory::of(&[("jane", SHA), ("max", SHA)]),
    );
    let service = before(target(&new), &old, 3);
    for typed in &SPELLINGS[..3] {
        assert_eq!(decision(&service, typed, "wrong"), Decision::Rejected);
    }
    for typed in ["uid=jane,ou=people", "uid=JANE", "jane"] {
        let refused = ask(&service, typed, "password");
        assert!(
            matches!(refused.decision, Decision::Limited { .. }),
            "{typed}"
        );
        assert_eq!(refused.work, 0);
    }
    assert_eq!(decision(&service, "max", "password"), MOVED);
}

#[test]
fn a_password_of_somebody_else_is_not_stored_for_whom_the_target_means() {
    let typed = "uid=jane,ou=others";
    let new = Memory::of(&[("jane", "")]);
    let old = Memory::of(&[(typed, SHA), ("jane", "{SHA}AAAAAAAAAAAAAAAAAAAAAAAAAAA=")]);
    let target = Target {
        store: Some(Box::new(Loose(new.clone()))),
        ..target(&new)
    };
    let service = service_of(target, &[&old]);
    assert_eq!(decision(&service, typed, "password"), Decision::Rejected);
    assert_eq!(new.get("jane").unwrap(), "");
}

#[test]
fn what_takes_longer_than_allowed_is_no_wrong_password_and_no_attempt() {
    let (new, old) = (Memory::default(), Memory::of(&[("jane", SHA)]));
    let late = before(target(&new), &old, 1).within(Duration::ZERO);
    for _ in 0..3 {
        let answer = ask(&late, "jane", "password");
        assert!(matches!(answer.decision, Decision::Unavailable { .. }));
        assert!(answer.note.unwrap().contains("raise answer in <limits>"));
    }
    let in_time = before(target(&new), &old, 1).within(Duration::from_mins(1));
    assert_eq!(decision(&in_time, "jane", "password"), MOVED);
}

/// An API that says no, late.
struct Late;

impl LegacySource for Late {
    fn name(&self) -> String {
        "late".to_owned()
    }

    fn find(&self, _user: &str) -> Result<Found, MigrateError> {
        Ok(Found::Untold)
    }

    fn judge(
        &self,
        _user: &str,
        _account: Option<&Account>,
        _password: &Secret,
        _work: &mut Work<'_>,
    ) -> Result<Judgement, MigrateError> {
        thread::sleep(Duration::from_millis(300));
        Ok(Judgement::Wrong)
    }
}

#[test]
fn a_guess_that_was_judged_counts_however_late() {
    let (attempts, slots) = (
        Attempts::new(1, Duration::from_mins(1)),
        HashSlots::new(Some(1)),
    );
    let new = Memory::default();
    let service = JustInTime::new(target(&new), vec![Box::new(Late)], attempts, slots).unwrap();
    let service = service.within(Duration::from_millis(200));
    assert_eq!(decision(&service, "jane", "wrong"), Decision::Rejected);
    let second = decision(&service, "jane", "wrong");
    assert!(matches!(second, Decision::Limited { .. }), "{second:?}");
}

#[test]
fn several_values_of_a_user_cost_no_more_than_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.ldif");
    let values = [SHA, SSHA, SHA]
        .map(|stored| format!("userPassword: {stored}\n"))
        .concat();
    std::fs::write(&path, format!("dn: uid=jane,dc=example\n{values}")).unwrap();
    let old = crate::migrate::UserFile::open(&path, None, None).unwrap();
    let legacy: Vec<Box<dyn LegacySource>> = vec![Box::new(LegacyStore {
        store: Box::new(old),
        conventions: Conventions::default(),
    })];
    let (attempts, slots) = (
        Attempts::new(9, Duration::from_mins(1)),
        HashSlots::new(Some(1)),
    );
    let service = JustInTime::new(target(&Memory::default()), legacy, attempts, slots).unwrap();
    let (several, nobody) = (
        ask(&service, "jane", "wrong"),
        ask(&service, "nobody", "wrong"),
    );
    assert_eq!(several.decision, Decision::Rejected);
    assert!(
        several.work.abs_diff(nobody.work) * 100 <= nobody.work,
        "{several:?}"
    );
}

#[test]
fn a_pepper_that_is_not_here_makes_no_password_wrong() {
    let pepper = LayerKey::new("pepper", Secret::copied_from(b"0123456789abcdef"));
    let wrapping = Wrapping::new("pbkdf2-sha256", Some(1000)).unwrap();
    let stored = wrapping
        .under(&pepper)
        .hash(&Secret::copied_from(b"password"));
    let stored = stored.unwrap();
    let users = Memory::of(&[("jane", stored.as_str())]);
    for (new, old) in [(&users, &Memory::default()), (&Memory::default(), &users)] {
        let answer = ask(&before(target(new), old, 100), "jane", "password");
        assert!(matches!(answer.decision, Decision::Unavailable { .. }));
        assert!(answer.note.unwrap().contains("under the pepper pepper"));
    }
}
