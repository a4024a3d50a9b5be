"""M601 to M603: a finding is let pass where it stands, by a comment with its id and the reason.

`# lintmigrations: M105 the column is filled by a trigger`, in SQL behind `--`. Several ids may be named.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from freehold.findings import Finding
from freehold_lint.reports import find_in_file

TITLES = {
    "M601": "A waiver has no reason",
    "M602": "A waiver names no rule that there is",
    "M603": "A waiver waives nothing",
}
COMMENT = re.compile(r"(?:#|--)\s*lintmigrations:\s*(.*?)\s*$")
RULE = re.compile(r"M\d+\b[\s,:]*")


@dataclass
class Waiver:
    """A comment that lets findings pass: the rules it names and the reason. `used` are those that it let pass."""

    path: Path
    line: int
    rules: tuple[str, ...]
    reason: str
    used: set[str] = field(default_factory=set)


def read_waivers(path: Path) -> list[Waiver]:
    """Give the waivers of a file, in its order, each time anew."""
    return [Waiver(path, line, *split(text)) for line, text in list_comments(path)]


def split(text: str) -> tuple[tuple[str, ...], str]:
    """Give the rules at the beginning of a comment, and what follows them."""
    rules: list[str] = []
    while found := RULE.match(text):
        rules.append(found[0].rstrip(" ,:\t"))
        text = text[found.end() :]
    return tuple(rules), text.strip()


@cache
def list_comments(path: Path) -> list[tuple[int, str]]:
    """Give the comments of the lint, with their lines: of Python where Python has them, of SQL in any line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    mark = "--"
    found = [(number, text[1]) for number, line in enumerate(lines, 1) if (text := find_comment(line, mark))]
    if path.suffix == ".py":
        found += list_python_comments("\n".join(lines) + "\n")
    return sorted(found)


def find_comment(line: str, mark: str) -> re.Match[str] | None:
    """Give what the line has to say to the lint behind the mark."""
    found = COMMENT.search(line)
    return found if found and found[0].startswith(mark) else None


def list_python_comments(text: str) -> list[tuple[int, str]]:
    """Give the comments of Python's own."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = (token for token in tokens if token.type == tokenize.COMMENT)
    return [(token.start[0], found[1]) for token in comments if (found := COMMENT.match(token.string))]


def waives(waiver: Waiver, rule: str, path: Path, lines: Collection[int]) -> bool:
    """Tell whether the waiver lets a finding of that rule pass. One without a reason lets nothing pass."""
    return bool(waiver.reason) and rule in waiver.rules and waiver.path == path and waiver.line in lines


def list_waiver_findings(
    waivers: Iterable[Waiver], label: str, known: Collection[str], looked: Collection[str]
) -> Iterator[Finding]:
    """Yield what is wrong with waivers. One that waives nothing is reported if its rule was among those that looked."""
    for waiver in waivers:
        unknown = [rule for rule in waiver.rules if rule not in known]
        unused = [rule for rule in waiver.rules if rule in looked and rule not in waiver.used]
        if unknown or not waiver.rules:
            what = f"there is no rule {', '.join(unknown)} to waive." if unknown else "it names no rule."
            yield report(waiver, "M602", label, what, "Name one of docs/lintmigrations.md, such as M105.")
        elif not waiver.reason:
            yield report(waiver, "M601", label, "it does not say why.", "Write the reason behind the ids.")
        elif unused:
            yield report(waiver, "M603", label, f"there is nothing of {', '.join(unused)} here.", "Remove it.")


def report(waiver: Waiver, rule: str, label: str, message: str, hint: str) -> Finding:
    """Give a finding about a waiver."""
    return find_in_file(rule, f"{label} (waiver)", message, hint, waiver.path, waiver.line)
