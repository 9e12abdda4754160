//! Rules across the figures of one cell.

use crate::published::cell::Bounds;
use crate::published::key::group;
use crate::published::problem::Problem;
use crate::published::rows::Figure;
use crate::published::vocabulary::Standing;

pub(super) fn check(figures: &[Figure], problems: &mut Vec<Problem>) {
    let kept = figures.iter().filter(|figure| figure.standing != Standing::Rejected);
    for rows in group(kept).into_values() {
        let bounds = Bounds::of(&rows);
        let spans: Vec<_> = rows.iter().copied().filter(|row| row.span().is_some()).collect();
        let Some((low, high)) = bounds.span else { continue };
        one_standing(&spans, problems);
        // Ten and eleven times instead of 1.1 times: whole numbers stay exact.
        if rows.iter().all(|row| row.standing == Standing::Accepted) && high * 10.0 > low * 11.0 {
            too_far_apart(&spans, (low, high), problems);
        }
        if let Some(floor) = bounds.floor.filter(|floor| high < *floor) {
            let at_fault = |row: &Figure| row.floor() == Some(floor) || row.span().is_some_and(|span| span.1 == high);
            let message =
                format!("every value of the cell lies below the floor: {high} < {floor}; correct or reject one");
            problems.extend(last(&rows, at_fault).map(|row| row.location.problem(stated_end(row, "high"), message)));
        }
        if let Some(ceiling) = bounds.ceiling.filter(|ceiling| low > *ceiling) {
            let at_fault =
                |row: &Figure| row.ceiling() == Some(ceiling) || row.span().is_some_and(|span| span.0 == low);
            let message =
                format!("every value of the cell lies above the ceiling: {low} > {ceiling}; correct or reject one");
            problems.extend(last(&rows, at_fault).map(|row| row.location.problem(stated_end(row, "low"), message)));
        }
    }
}

/// The last row at fault: the user's own where it stands over embedded ones.
fn last<'p>(rows: &[&'p Figure], at_fault: impl Fn(&Figure) -> bool) -> Option<&'p Figure> {
    rows.iter().rev().copied().find(|row| at_fault(row))
}

/// The column that a bound is written in, or the given one for a row with both ends.
fn stated_end(row: &Figure, of_span: &'static str) -> &'static str {
    match (&row.low, &row.high) {
        (Some(_), None) => "low",
        (None, Some(_)) => "high",
        _ => of_span,
    }
}

fn one_standing(spans: &[&Figure], problems: &mut Vec<Problem>) {
    let first = spans[0];
    if let Some(row) = last(spans, |row| row.standing != first.standing) {
        let message = format!(
            "accepted and disputed rows in one cell: `{}` is {}; where sources conflict every row is disputed",
            first.id, first.standing
        );
        problems.push(row.location.problem("standing", message));
    }
}

fn too_far_apart(spans: &[&Figure], (low, high): (f64, f64), problems: &mut Vec<Problem>) {
    let ends = |row: &Figure| row.span().unwrap_or_default();
    let message = format!(
        "accepted rows differ by more than 10 percent: {low} to {high}; mark every row of the cell disputed, or reject one"
    );
    let at_fault = last(spans, |row| ends(row).0 == low || ends(row).1 == high);
    problems.extend(at_fault.map(|row| {
        let column = if ends(row).0 == low { "low" } else { "high" };
        row.location.problem(column, message)
    }));
}
