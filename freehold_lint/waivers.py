"""M601 to M603: what is found in a migration is let pass where it stands, by a comment with its id and the reason.

`# lintmigrations: M105 the column is filled by a trigger`, in SQL behind `--`. Several ids may be named, and those of
`lint` too: both commands read one syntax.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from freehold.findings import Finding
from freehold_lint.locations import Location, read_layout
from freehold_lint.reports import find_in_file

TITLES = {
    "M601": "A waiver has no reason",
    "M602": "A waiver names no rule that there is",
    "M603": "A waiver waives nothing",
}
_COMMENT = re.compile(r"#\s*lintmigrations:\s*(.*?)\s*$")
_SQL_COMMENT = re.compile(r"--\s*lintmigrations:\s*(.*?)\s*$")
_RULE = re.compile(r"(?:M\d+|L\d{3})\b[\s,:]*")
_SQUAWKS = "squawk-ignore"  # the comment that let findings of squawk pass, while `lint` ran it

Placed = tuple[Finding, Location]


@dataclass
class Waiver:
    """A comment that lets findings pass: the rules it names and the reason. `used` are those that it let pass."""

    path: Path
    line: int
    rules: tuple[str, ...]
    reason: str
    used: set[str] = field(default_factory=set)

    def names(self, letter: str) -> bool:
        """Tell whether it names a rule of the command whose ids begin so."""
        return any(rule.startswith(letter) for rule in self.rules)


def read_waivers(path: Path) -> list[Waiver]:
    """Give the waivers of a file, in its order, each time anew."""
    return [Waiver(path, line, *_split(text)) for line, text in _list_comments(path)]


def _split(text: str) -> tuple[tuple[str, ...], str]:
    rules: list[str] = []
    while found := _RULE.match(text):
        rules.append(found[0].rstrip(" ,:\t"))
        text = text[found.end() :]
    return tuple(rules), text.strip()


def _list_comments(path: Path) -> list[tuple[int, str]]:
    """Give the comments of the lint, with their lines: of Python where Python has them, of SQL in any line."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    found = [(number, text[1]) for number, line in enumerate(lines, 1) if (text := _SQL_COMMENT.search(line))]
    if path.suffix == ".py":
        found += _list_python_comments("\n".join(lines) + "\n")
    return sorted(found)


def _list_python_comments(text: str) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = (token for token in tokens if token.type == tokenize.COMMENT)
    return [(token.start[0], found[1]) for token in comments if (found := _COMMENT.match(token.string))]


def apply_waivers(
    waivers: Collection[Waiver], placed: Iterable[Placed], others: Iterable[Placed] = ()
) -> Iterator[Finding]:
    """Yield the findings that no waiver lets pass; each waiver notes what it was used for. `others` are noted alone."""
    for finding, place in others:
        _use_waivers(waivers, finding.rule, place)
    for finding, place in placed:
        if not _use_waivers(waivers, finding.rule, place):
            yield _explain_old(finding, place)


def _use_waivers(waivers: Iterable[Waiver], rule: str, place: Location) -> bool:
    """Tell whether a waiver lets a finding of that rule pass there. One without a reason lets nothing pass."""
    fitting = [
        each
        for each in waivers
        if each.reason and rule in each.rules and each.path == place.path and each.line in place.waivers
    ]
    for each in fitting:
        each.used.add(rule)
    return bool(fitting)


def _explain_old(finding: Finding, place: Location) -> Finding:
    """Give a finding with a word about the comment for squawk, where one stands there."""
    lines = read_layout(place.path).lines if place.waivers and place.path.is_file() else ()
    if not any(_SQUAWKS in lines[number - 1] for number in place.waivers if number <= len(lines)):
        return finding
    way = f"`{_SQUAWKS}` lets nothing pass: write `-- lintmigrations: {finding.rule} REASON`; where the migration was"
    return replace(finding, hint=f"{finding.hint} {way} applied, an entry of exceptions.toml.")


def list_waiver_findings(
    waivers: Iterable[Waiver], label: str, known: Collection[str], looked: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with waivers. One that waives nothing is reported if its rule was among those that looked."""
    for waiver in waivers:
        unknown = [rule for rule in waiver.rules if rule not in known]
        unused = [rule for rule in waiver.rules if rule in looked and rule not in waiver.used]
        if unknown or not waiver.rules:
            what = f"there is no rule {', '.join(unknown)} to waive." if unknown else "it names no rule."
            hint = "Name one of docs/lintmigrations.md or docs/rules.md, such as M105."
            yield _report(waiver, "M602", label, what, hint)
        elif not waiver.reason:
            yield _report(waiver, "M601", label, "it does not say why.", "Write the reason behind the ids.")
        elif unused:
            yield _report(waiver, "M603", label, f"there is nothing of {', '.join(unused)} here.", "Remove it.")


def _report(waiver: Waiver, rule: str, label: str, message: str, hint: str) -> Finding:
    return find_in_file(rule, f"{label} (waiver)", message, hint, waiver.path, waiver.line)
