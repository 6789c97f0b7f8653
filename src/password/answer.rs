//! [`normalised_answer`]: what is hashed of the answer to a security question.
//!
//! ```text
//! "  Größe DER Straße " → lower case → without white space → "größederstraße"
//! ```
//! Lower case is Unicode's full mapping without a language: Java's `toLowerCase(Locale.ROOT)`, in which `İ` becomes two
//! characters and a final `Σ` becomes `ς`. It comes first, so that a `Σ` before a space is final. White space is what has
//! Unicode's property of that name. An answer has no pepper. Source: PhixFlow help, "Password encoders".

use zeroize::Zeroizing;

use super::PasswordError;
use crate::Secret;

/// The answer in lower case, without white space.
///
/// # Errors
/// When it is not UTF-8.
pub fn normalised_answer(answer: &Secret) -> Result<Secret, PasswordError> {
    let text = answer
        .expose_text()
        .map_err(|_| PasswordError::AnswerNotUtf8)?;
    let lower = Zeroizing::new(text.to_lowercase());
    let mut normalised = Zeroizing::new(String::with_capacity(lower.len()));
    normalised.extend(lower.chars().filter(|character| !character.is_whitespace()));
    Ok(Secret::copied_from(normalised.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_do_not_count() {
        for (answer, normalised) in [
            ("Fluffy the Cat", "fluffythecat"),
            ("\t fluffy  THE\u{a0}cat\r\n", "fluffythecat"),
            ("Größe DER Straße", "größederstraße"),
            ("ΟΔΟΣ ΑΘΗΝΑΣ", "οδοςαθηνας"),
            ("İzmir", "i\u{307}zmir"),
            ("", ""),
        ] {
            let answer = Secret::copied_from(answer.as_bytes());
            let found = normalised_answer(&answer).unwrap();
            assert_eq!(found.expose_text(), Ok(normalised));
        }
        let latin1 = Secret::copied_from(b"Gr\xF6sse");
        assert_eq!(
            normalised_answer(&latin1).err(),
            Some(PasswordError::AnswerNotUtf8)
        );
    }
}
