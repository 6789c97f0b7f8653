//! "Did you mean": the known name that is nearest to a misspelt one.

/// The nearest of `known` that is at most two edits away, capitals aside.
pub(super) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|known| (distance(name, known), *known))
        .filter(|&(distance, known)| distance <= 2 && distance < known.len())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, known)| known)
}

/// Levenshtein's distance: insertions, deletions and replacements of one character.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("Path", "path"), 0);
    }

    #[test]
    fn only_a_near_name_is_suggested() {
        let known = ["name", "path", "retryDelay"];
        assert_eq!(nearest("retrydelay", &known), Some("retryDelay"));
        assert_eq!(nearest("paht", &known), Some("path"));
        assert_eq!(nearest("location", &known), None);
        assert_eq!(nearest("to", &["to", "at"]), Some("to"));
    }
}
