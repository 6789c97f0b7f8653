//! The questions that keytool asks for passwords, how often, and what it says to wrong answers.

use super::failure::Failure;
use crate::Secret;
use crate::cli::terminal::Input;

/// keytool's rule for passwords, in characters.
pub(super) const SHORTEST: usize = 6;
/// How often keytool asks.
const TRIES: usize = 3;
/// How often keytool asks for a yes or a no.
const YES_OR_NO_TRIES: usize = 20;

/// Whether a store password is for a file that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StoreIs {
    Existing,
    New,
}

/// The length of a password in characters.
pub(super) fn characters(password: &Secret) -> usize {
    match password.expose_text() {
        Ok(text) => text.chars().count(),
        Err(_) => password.len(),
    }
}

/// The store password of a keystore that is to be changed, or made.
pub(super) fn store_password(
    input: &mut Input,
    question: &str,
    store_is: StoreIs,
) -> Result<Secret, Failure> {
    for _ in 0..TRIES {
        let entered = input.prompted_secret(question)?;
        let Some(password) = entered.filter(|entered| characters(entered) >= SHORTEST) else {
            eprintln!("Keystore password is too short - must be at least 6 characters");
            continue;
        };
        if store_is == StoreIs::Existing
            || is_repeated(input, "Re-enter new password: ", &password)?
        {
            return Ok(password);
        }
    }
    eprintln!("Too many failures - try later");
    Err(Failure::GivenUp)
}

/// The secret of `-importpass`: from a pipe one line, without a question.
pub(super) fn password_to_store(input: &mut Input) -> Result<Option<Secret>, Failure> {
    if !input.is_terminal() {
        return Ok(input.prompted_secret("")?);
    }
    for _ in 0..TRIES {
        let entered = input.prompted_secret("Enter the password to be stored:  ")?;
        let Some(entered) = entered else {
            return Ok(None);
        };
        if is_repeated(input, "Re-enter password: ", &entered)? {
            return Ok(Some(entered));
        }
    }
    Err(Failure::new(
        "Too many failures - key not added to keystore",
    ))
}

/// The key password of a new entry; none where it is to be the store password.
pub(super) fn key_password(input: &mut Input, alias: &str) -> Result<Option<Secret>, Failure> {
    let question =
        format!("Enter key password for <{alias}>\n\t(RETURN if same as keystore password):  ");
    for _ in 0..TRIES {
        let Some(entered) = input.prompted_secret(&question)? else {
            return Ok(None);
        };
        if characters(&entered) < SHORTEST {
            eprintln!("Key password is too short - must be at least 6 characters");
            continue;
        }
        if is_repeated(input, "Re-enter new password: ", &entered)? {
            return Ok(Some(entered));
        }
    }
    Err(Failure::new(
        "Too many failures - key not added to keystore",
    ))
}

/// The password that opens an entry now.
pub(super) fn present_key_password(input: &mut Input, alias: &str) -> Result<Secret, Failure> {
    for _ in 0..TRIES {
        let entered = input.prompted_secret(&format!("Enter key password for <{alias}>"))?;
        if let Some(entered) = entered {
            return Ok(entered);
        }
    }
    Err(Failure::new("Too many failures - try later"))
}

/// A password that takes the place of `old`; `what` names it.
pub(super) fn new_password(input: &mut Input, what: &str, old: &Secret) -> Result<Secret, Failure> {
    for _ in 0..TRIES {
        let entered = input.prompted_secret(&format!("New {what}: "))?;
        let Some(entered) = entered.filter(|entered| characters(entered) >= SHORTEST) else {
            eprintln!("Password is too short - must be at least 6 characters");
            continue;
        };
        if entered.is_same_as(old) {
            eprintln!("Passwords must differ");
            continue;
        }
        if is_repeated(input, &format!("Re-enter new {what}: "), &entered)? {
            return Ok(entered);
        }
    }
    Err(Failure::new("Too many failures - try later"))
}

/// A question whose answer is no unless the user says yes.
pub(super) fn yes_or_no(input: &mut Input, question: &str) -> Result<bool, Failure> {
    for _ in 0..YES_OR_NO_TRIES {
        let answer = input.prompted_text(question)?.unwrap_or_default();
        match answer.to_lowercase().as_str() {
            "" | "n" | "no" => return Ok(false),
            "y" | "yes" => return Ok(true),
            _ => eprintln!("Wrong answer, try again"),
        }
    }
    Err(Failure::of(
        "java.lang.RuntimeException",
        "Too many retries, program terminated",
    ))
}

/// A PKCS12 store has one password for all, and keytool says so.
pub(super) fn warn_of_key_password(option: &str) {
    eprintln!(
        "Warning:  Different store and key passwords not supported for PKCS12 KeyStores. \
         Ignoring user-specified {option} value."
    );
}

fn is_repeated(input: &mut Input, question: &str, first: &Secret) -> Result<bool, Failure> {
    let again = input.prompted_secret(question)?;
    if again.is_some_and(|again| again.is_same_as(first)) {
        return Ok(true);
    }
    eprintln!("They don't match. Try again");
    Ok(false)
}
