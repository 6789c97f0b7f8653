mod memory;
mod names;

use std::sync::Barrier;
use std::sync::atomic::Ordering as AtomicOrdering;
use std::thread;

use super::*;
use crate::migrate::MigrationReport;
use memory::Memory;

/// All of them are of `password`.
const SHA: &str = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
const SSHA: &str = "{SSHA}yrht1iYXEIkejLVu42JWkadd80RzYWx0c2FsdA==";

fn wrapping() -> Wrapping {
    Wrapping::new("pbkdf2-sha256", Some(2000)).unwrap()
}

fn target(store: &Memory) -> Target {
    Target {
        store: Some(Box::new(store.clone())),
        conventions: Conventions::default(),
        wrapping: wrapping(),
        pending: None,
    }
}

fn legacy(stores: &[&Memory]) -> Vec<Box<dyn LegacySource>> {
    let source = |store: &&Memory| {
        Box::new(LegacyStore {
            store: Box::new((*store).clone()),
            conventions: Conventions::default(),
        }) as Box<dyn LegacySource>
    };
    stores.iter().map(source).collect()
}

fn service_of(target: Target, stores: &[&Memory]) -> JustInTime {
    let attempts = Attempts::new(1000, Duration::from_mins(1));
    JustInTime::new(target, legacy(stores), attempts, HashSlots::new(Some(4))).unwrap()
}

fn service(store: &Memory, stores: &[&Memory]) -> JustInTime {
    service_of(target(store), stores)
}

fn ask(service: &JustInTime, user: &str, password: &str) -> Answer {
    service.verify(user, &Secret::copied_from(password.as_bytes()))
}

fn decision(service: &JustInTime, user: &str, password: &str) -> Decision {
    ask(service, user, password).decision
}

const MOVED: Decision = Decision::Accepted { migrated: true };
const ACCEPTED: Decision = Decision::Accepted { migrated: false };

fn is_current(stored: &str) -> bool {
    let stored = Conventions::default().recognise(stored).unwrap();
    wrapping().is_current(&stored)
}

#[test]
fn a_user_moves_at_the_first_login_and_the_target_decides_from_then_on() {
    let (new, old) = (
        Memory::of(&[("jane", "")]),
        Memory::of(&[("jane", SHA), ("max", SSHA)]),
    );
    let service = service(&new, &[&old]);
    assert_eq!(decision(&service, "jane", "wrong"), Decision::Rejected);
    assert_eq!(new.get("jane").unwrap(), "");
    let first = ask(&service, "jane", "password");
    assert_eq!((first.decision, first.note), (MOVED, None));
    assert!(is_current(&new.get("jane").unwrap()));
    // max is not in the target at all.
    assert_eq!(decision(&service, "max", "password"), MOVED);
    assert!(is_current(&new.get("max").unwrap()));
    // Whatever the legacy store says now, and whether it is there.
    old.set("jane", "{SHA}AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    old.fail(true);
    assert_eq!(decision(&service, "jane", "password"), ACCEPTED);
    assert_eq!(decision(&service, "jane", "wrong"), Decision::Rejected);
}

#[test]
fn a_password_that_was_changed_in_the_target_is_not_brought_back_by_a_legacy_store() {
    let changed = wrapping().hash(&Secret::copied_from(b"changed")).unwrap();
    let (new, old) = (
        Memory::of(&[("jane", &changed)]),
        Memory::of(&[("jane", SHA)]),
    );
    let service = service(&new, &[&old]);
    assert_eq!(decision(&service, "jane", "password"), Decision::Rejected);
    assert_eq!(decision(&service, "jane", "changed"), ACCEPTED);
}

#[test]
fn a_wrapped_value_and_an_old_one_in_the_target_are_replaced_at_login() {
    let stored = Conventions::default().recognise(SSHA).unwrap();
    let envelope = wrapping().wrap(&stored).unwrap();
    let new = Memory::of(&[("jane", &envelope), ("max", SHA)]);
    let service = service(&new, &[]);
    for user in ["jane", "max"] {
        assert_eq!(decision(&service, user, "wrong"), Decision::Rejected);
        assert_eq!(decision(&service, user, "password"), MOVED);
        assert!(is_current(&new.get(user).unwrap()));
        assert_eq!(decision(&service, user, "password"), ACCEPTED);
    }
}

#[test]
fn every_no_costs_the_work_of_a_current_value() {
    let current = wrapping().hash(&Secret::copied_from(b"password")).unwrap();
    let new = Memory::of(&[
        ("moved", &current),
        ("pending", ""),
        ("old", SHA),
        ("broken", "?"),
    ]);
    let old = Memory::of(&[("jane", SSHA), ("pending", SHA), ("unreadable", "{SSHA}")]);
    let ended = service(&new, &[&old]);
    ended.set_ended(true);
    let service = service(&new, &[&old]);
    let expected = EqualCost::of_wrapping(&wrapping())
        .unwrap()
        .current()
        .work();
    let users = [
        "moved",
        "pending",
        "old",
        "broken",
        "jane",
        "unreadable",
        "nobody",
    ];
    for (service, user) in users
        .iter()
        .map(|user| (&service, *user))
        .chain([(&ended, "jane")])
    {
        let answer = ask(service, user, "wrong");
        assert_eq!(answer.decision, Decision::Rejected, "{user}");
        let difference = answer.work.abs_diff(expected);
        assert!(
            difference * 100 <= expected,
            "{user}: {} of {expected}",
            answer.work
        );
    }
}

#[test]
fn a_source_that_fails_is_no_wrong_password_and_no_attempt() {
    let (new, old) = (Memory::default(), Memory::of(&[("jane", SHA)]));
    let attempts = Attempts::new(1, Duration::from_mins(1));
    let slots = HashSlots::new(Some(1));
    let service = JustInTime::new(target(&new), legacy(&[&old]), attempts, slots).unwrap();
    for broken in [&old, &new] {
        broken.fail(true);
        let answer = ask(&service, "jane", "password");
        assert!(
            matches!(answer.decision, Decision::Unavailable { .. }),
            "{answer:?}"
        );
        assert!(answer.note.unwrap().contains("broke off"));
        broken.fail(false);
    }
    assert_eq!(decision(&service, "jane", "password"), MOVED);
}

#[test]
fn a_change_meanwhile_wins_and_the_login_is_accepted() {
    let (new, old) = (Memory::of(&[("jane", "")]), Memory::of(&[("jane", SHA)]));
    let service = service(&new, &[&old]);
    *new.0.meanwhile.lock().unwrap() = Some("changed".to_owned());
    assert_eq!(decision(&service, "jane", "password"), ACCEPTED);
    assert_eq!(new.get("jane").unwrap(), "changed");
}

#[test]
fn a_value_that_cannot_be_stored_does_not_keep_the_user_out() {
    let old = Memory::of(&[("jane", SHA)]);
    let new = Memory::of(&[("jane", SHA)]);
    let mut target = target(&new);
    // A function that takes no password of this length: bcrypt.
    target.wrapping = Wrapping::new("bcrypt", Some(4)).unwrap_or_else(|_| wrapping());
    let service = service_of(target, &[&old]);
    let long = "x".repeat(100);
    assert_eq!(decision(&service, "jane", &long), Decision::Rejected);
    assert_eq!(decision(&service, "jane", "password"), MOVED);
}

#[test]
fn the_first_source_that_knows_a_user_decides() {
    let new = Memory::default();
    let first = Memory::of(&[("jane", "{SHA}AAAAAAAAAAAAAAAAAAAAAAAAAAA=")]);
    let second = Memory::of(&[("jane", SHA), ("max", SHA)]);
    let service = service(&new, &[&first, &second]);
    assert_eq!(decision(&service, "jane", "password"), Decision::Rejected);
    assert_eq!(decision(&service, "max", "password"), MOVED);
}

#[test]
fn a_locked_value_is_not_unlocked_unless_it_is_the_pending_one() {
    let old = Memory::of(&[("jane", SHA)]);
    let new = Memory::of(&[("jane", "!")]);
    let locked = service(&new, &[&old]);
    assert_eq!(decision(&locked, "jane", "password"), Decision::Rejected);
    assert_eq!(new.get("jane").unwrap(), "!");
    let pending = Target {
        pending: Some("!".to_owned()),
        ..target(&new)
    };
    assert_eq!(
        decision(&service_of(pending, &[&old]), "jane", "password"),
        MOVED
    );
}

#[test]
fn of_logins_at_the_same_time_one_stores() {
    for users in [&[][..], &[("jane", "")]] {
        let (new, old) = (Memory::of(users), Memory::of(&[("jane", SHA)]));
        let service = service(&new, &[&old]);
        let start = Barrier::new(8);
        let moved: usize = thread::scope(|scope| {
            let login = || {
                start.wait();
                let decision = decision(&service, "jane", "password");
                assert!(matches!(decision, Decision::Accepted { .. }));
                usize::from(decision == MOVED)
            };
            let logins: Vec<_> = (0..8).map(|_| scope.spawn(login)).collect();
            logins.into_iter().map(|login| login.join().unwrap()).sum()
        });
        assert_eq!(moved, 1);
        assert_eq!(new.0.replaced.load(AtomicOrdering::Relaxed), 1);
    }
}

#[test]
fn after_the_end_the_target_alone_decides() {
    let (new, old) = (
        Memory::default(),
        Memory::of(&[("jane", SHA), ("max", SHA)]),
    );
    let service = service(&new, &[&old]);
    assert_eq!(decision(&service, "jane", "password"), MOVED);
    service.set_ended(true);
    assert_eq!(decision(&service, "jane", "password"), ACCEPTED);
    assert_eq!(decision(&service, "max", "password"), Decision::Rejected);
    assert_eq!(service.knows("jane").unwrap().as_deref(), Some("jane"));
    assert_eq!(service.knows("max").unwrap(), None);
    assert!(service.legacy_names().is_empty());
}

#[test]
fn too_many_attempts_for_a_user_are_refused_without_work_and_others_go_on() {
    let (new, old) = (
        Memory::default(),
        Memory::of(&[("jane", SHA), ("max", SHA)]),
    );
    let attempts = Attempts::new(2, Duration::from_mins(1));
    let slots = HashSlots::new(Some(1));
    let service = JustInTime::new(target(&new), legacy(&[&old]), attempts, slots).unwrap();
    for capitals in ["jane", "JANE"] {
        assert_eq!(decision(&service, capitals, "wrong"), Decision::Rejected);
    }
    let refused = ask(&service, "jane", "password");
    assert!(matches!(refused.decision, Decision::Limited { .. }));
    assert_eq!(refused.work, 0);
    assert_eq!(decision(&service, "max", "password"), MOVED);
}

#[test]
fn without_a_target_store_the_platform_stores_the_password() {
    let old = Memory::of(&[("jane", SHA)]);
    let target = Target {
        store: None,
        ..target(&old)
    };
    let service = service_of(target, &[&old]);
    let answer = ask(&service, "jane", "password");
    assert_eq!((answer.decision, answer.note), (ACCEPTED, None));
    assert_eq!(old.get("jane").unwrap(), SHA);
}

#[test]
fn a_report_counts_each_user_once_and_names_who_is_left() {
    let current = wrapping().hash(&Secret::copied_from(b"password")).unwrap();
    let stored = Conventions::default().recognise(SHA).unwrap();
    let envelope = wrapping().wrap(&stored).unwrap();
    let new = Memory::of(&[
        ("jane", &current),
        ("wrapped", &envelope),
        ("old", SHA),
        ("pending", ""),
    ]);
    let old = Memory::of(&[("jane", SHA), ("pending", SHA), ("max", SHA)]);
    let mut left = Vec::new();
    let report = MigrationReport::of(&target(&new), &legacy(&[&old]), |user| {
        left.push(user.to_owned());
    });
    assert_eq!(
        report.unwrap(),
        MigrationReport {
            users: 5,
            moved: 1,
            wrapped: 1,
            locked: 0,
            left: 3,
            unlisted: Vec::new()
        }
    );
    assert_eq!(left, ["old", "pending", "max"]);
}
