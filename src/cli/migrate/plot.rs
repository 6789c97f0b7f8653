//! [`draw`]: how the stored passwords of a store have moved, as an SVG picture.
//!
//! Layers over time, one for each standing, on top of each other.

use std::fmt::Write;

use jiff::Timestamp;

use super::history::Finding;
use crate::migrate::Standing;

/// In the picture's units, which are pixels at its own size.
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 40.0;
/// Lines for the eye, in numbers of values.
const STEPS: u32 = 4;

/// From the bottom up: what is done first. The colours can be told apart also by those who see few.
const LAYERS: [(Standing, &str); 5] = [
    (Standing::Current, "#009e73"),
    (Standing::Wrapped, "#56b4e9"),
    (Standing::Old, "#e69f00"),
    (Standing::Readable, "#d55e00"),
    (Standing::Unknown, "#999999"),
];

/// The scale of both axes.
struct Scale {
    first: Timestamp,
    seconds: f64,
    most: f64,
}

impl Scale {
    fn of(findings: &[Finding]) -> Self {
        let times = findings.iter().map(|finding| finding.time);
        let (first, last) = (times.clone().min(), times.max());
        let first = first.unwrap_or(Timestamp::UNIX_EPOCH);
        let seconds = last.map_or(0, |last| last.as_second() - first.as_second());
        let most = findings.iter().map(height).max().unwrap_or(0);
        Self {
            first,
            seconds: as_float(seconds.max(1).unsigned_abs()),
            most: as_float(most.max(1)),
        }
    }

    fn x(&self, time: Timestamp) -> f64 {
        let after = as_float((time.as_second() - self.first.as_second()).unsigned_abs());
        LEFT + (WIDTH - LEFT - RIGHT) * after / self.seconds
    }

    fn y(&self, count: u64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * as_float(count) / self.most
    }
}

/// The picture of `findings`, which are of one store, the oldest first.
pub(super) fn draw(store: &str, findings: &[Finding]) -> String {
    let scale = Scale::of(findings);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <title>Stored passwords of {0}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"14\">Stored passwords of {0}</text>\n",
        escaped(store)
    );
    let mut below = vec![0; findings.len()];
    let mut legend = TOP + 12.0;
    for (standing, colour) in LAYERS {
        if findings.iter().all(|finding| finding.count(standing) == 0) {
            continue;
        }
        let above: Vec<u64> = findings
            .iter()
            .zip(&below)
            .map(|(finding, below)| below + finding.count(standing))
            .collect();
        let points = outline(&scale, findings, &below, &above);
        let (name, x) = (standing.name(), WIDTH - RIGHT + 15.0);
        let last = findings.last().map_or(0, |finding| finding.count(standing));
        // Writing to a String does not fail.
        let _ = writeln!(
            picture,
            "<polygon points=\"{points}\" fill=\"{colour}\" stroke=\"{colour}\"/>\n\
             <rect x=\"{x}\" y=\"{}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\n\
             <text x=\"{}\" y=\"{legend}\">{name} {last}</text>",
            legend - 10.0,
            x + 18.0
        );
        legend += 20.0;
        below = above;
    }
    draw_axes(&mut picture, &scale, findings);
    picture.push_str("</svg>\n");
    picture
}

/// Along the upper side, and back along the lower one.
fn outline(scale: &Scale, findings: &[Finding], below: &[u64], above: &[u64]) -> String {
    let at = |(finding, count): (&Finding, &u64)| {
        format!("{:.1},{:.1}", scale.x(finding.time), scale.y(*count))
    };
    let upper = findings.iter().zip(above).map(at);
    let lower = findings.iter().zip(below).rev().map(at);
    upper.chain(lower).collect::<Vec<_>>().join(" ")
}

fn draw_axes(picture: &mut String, scale: &Scale, findings: &[Finding]) {
    for step in 0..=STEPS {
        let share = f64::from(step) / f64::from(STEPS);
        let y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
        let _ = writeln!(
            picture,
            "<line x1=\"{LEFT}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\" stroke=\"black\" stroke-opacity=\"0.2\"/>\n\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{:.0}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y + 4.0,
            scale.most * share
        );
    }
    let ends = [(findings.first(), "start"), (findings.last(), "end")];
    for (finding, anchor) in ends {
        let Some(Finding { time, .. }) = finding else {
            continue;
        };
        let _ = writeln!(
            picture,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            scale.x(*time),
            HEIGHT - BOTTOM + 20.0,
            time.strftime("%Y-%m-%d %H:%M")
        );
    }
}

fn height(finding: &Finding) -> u64 {
    Standing::ALL.iter().map(|one| finding.count(*one)).sum()
}

/// Numbers beyond 2^53 are drawn at less than a pixel's error.
#[allow(clippy::cast_precision_loss)]
fn as_float(count: u64) -> f64 {
    count as f64
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}
