"""L060 to L062: exceptions let pass what they name, until their day; each rule about them broken, reported, mended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from freehold.findings import Finding
from freehold_lint.exceptions import TITLES, apply_exceptions, read_exceptions

TODAY = date(2026, 5, 1)
FOUND = [Finding("L003", "app.log", "no key"), Finding("L043", "auth.user", "written", path="items/sql/x.sql", line=3)]
WHOLE = """
[[exception]]
rule = "L003"
object = "app.log"
reason = "rows come from a device that has no ids"
until = 2026-12-31

[[exception]]
rule = "L043"
object = "auth.user"
path = "items/sql/x.sql"
reason = "moves to auth_app with the next release"
until = 2026-05-01
"""
INCOMPLETE = {
    WHOLE.replace('reason = "rows come from a device that has no ids"\n', ""): "it has no reason",
    WHOLE.replace('"rows come from a device that has no ids"', '" "'): "it has no reason",
    WHOLE.replace("until = 2026-12-31\n", ""): "it has no until",
    WHOLE.replace("2026-12-31", '"2026-12-31"'): "its until is '2026-12-31', and a date is expected",
    WHOLE.replace("2026-12-31", "2026-12-31T00:00:00"): (
        "its until is datetime.datetime(2026, 12, 31, 0, 0), and a date is expected"
    ),
    WHOLE.replace("2026-12-31", "2999-12-31"): "it would last until 2999-12-31, and a year is the longest",
    WHOLE.replace("L003", "L999"): "there is no rule 'L999' that has exceptions",
    WHOLE.replace("L003", "L074"): (
        "there is no rule 'L074' any more: lintmigrations judges SQL migrations, M001 to M503"
    ),
    WHOLE.replace("reason =", "why =", 1): "an exception has rule, object, reason, until, path and nothing else",
}


def judge(tmp_path: Path, text: str, today: date = TODAY, found: list[Finding] = FOUND) -> list[str]:
    """Give what is left of the findings, and what is wrong with the file."""
    path = tmp_path / "exceptions.toml"
    path.write_text(text)
    entries, wrong = read_exceptions(path, ["L003", "L043"], today)
    kept = apply_exceptions(found, entries, looked=["L003", "L043"], today=today, path=path)
    return [f"{each.rule} {each.object}: {each.message}" for each in [*kept, *wrong]]


def test_exceptions_let_pass_what_they_name(tmp_path: Path) -> None:
    assert judge(tmp_path, WHOLE) == []


def test_exception_of_another_object_or_file_lets_nothing_pass(tmp_path: Path) -> None:
    said = judge(tmp_path, WHOLE.replace("app.log", "app.logs").replace("items/sql/x.sql", "items/sql/y.sql"))

    assert said == [
        "L003 app.log: no key",
        "L043 auth.user: written",
        "L062 L003 app.logs: the exception matches nothing.",
        "L062 L043 auth.user in items/sql/y.sql: the exception matches nothing.",
    ]


@pytest.mark.parametrize("text", INCOMPLETE)
def test_incomplete_exception_is_reported_and_lets_nothing_pass(text: str, tmp_path: Path) -> None:
    assert judge(tmp_path, text) == ["L003 app.log: no key", f"L060 entry 1: {INCOMPLETE[text]}."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[exception", "L060 exceptions.toml: the file is no TOML: "),
        (
            "[other]\nrule = 'L003'",
            "L060 entry 1: an exception has rule, object, reason, until, path and nothing else.",
        ),
        ("exception = 3", "L060 entry 1: an exception has rule, object, reason, until, path and nothing else."),
    ],
)
def test_file_of_another_shape_is_reported(text: str, said: str, tmp_path: Path) -> None:
    (line,) = judge(tmp_path, text, found=[])

    assert line.startswith(said)


def test_ended_exception_is_reported_and_lets_nothing_pass(tmp_path: Path) -> None:
    assert judge(tmp_path, WHOLE, today=date(2026, 5, 2)) == [
        "L043 auth.user: written",
        "L061 L043 auth.user in items/sql/x.sql: the exception ended on 2026-05-01.",
    ]


def test_exception_that_matches_nothing_is_reported(tmp_path: Path) -> None:
    assert judge(tmp_path, WHOLE, found=FOUND[1:]) == ["L062 L003 app.log: the exception matches nothing."]


def test_exception_is_not_missed_where_its_rule_did_not_look(tmp_path: Path) -> None:
    path = tmp_path / "exceptions.toml"
    path.write_text(WHOLE)
    entries, _ = read_exceptions(path, ["L003", "L043"], TODAY)

    assert list(apply_exceptions([], entries, looked=[], today=TODAY, path=path)) == []


def test_no_file_is_no_exceptions(tmp_path: Path) -> None:
    assert read_exceptions(tmp_path / "none.toml", [], TODAY) == ([], [])


def test_every_rule_is_met_here() -> None:
    text = Path(__file__).read_text()

    assert [rule for rule in TITLES if text.count(f'"{rule} ') == 0] == []
