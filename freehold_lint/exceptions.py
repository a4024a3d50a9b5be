"""L060 to L062: the one file of what is let pass, each entry with its reason and the day on which it ends.

It lies beside the ownership map: `config/exceptions.toml` where OWNERSHIP is "config.ownership.OWNERSHIP".
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from freehold.findings import Finding
from freehold_lint.reports import find_in_file

TITLES = {
    "L060": "An exception is not complete",
    "L061": "An exception has ended",
    "L062": "An exception matches nothing",
}
NAME = "exceptions.toml"
_KEYS = {"rule": str, "object": str, "reason": str, "until": date, "path": str}
_NEEDED = ("rule", "object", "reason", "until")
_GONE = {"L074": "lintmigrations judges SQL migrations, M001 to M503"}
_LONGEST = timedelta(days=366)  # so that somebody looks again


@dataclass(frozen=True)
class _Allowance:
    """An entry: findings of that rule about that object pass until that day; in that file, if the finding has one."""

    rule: str
    object: str
    reason: str
    until: date
    path: str = ""

    def matches(self, finding: Finding) -> bool:
        """Tell whether it lets the finding pass."""
        return (self.rule, self.object, self.path) == (finding.rule, finding.object, finding.path)

    @property
    def label(self) -> str:
        """The entry as people find it in the file."""
        return f"{self.rule} {self.object}" + (f" in {self.path}" if self.path else "")


def read_exceptions(path: Path, known: Collection[str], today: date) -> tuple[list[_Allowance], list[Finding]]:
    """Give the entries of the file that are complete, and a finding for each other one; nothing where there is no file.

    `known` are the rules that entries may be about.
    """
    if not path.exists():
        return [], []
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        return [], [find_in_file("L060", NAME, f"the file is no TOML: {error}.", "Correct it.", path)]
    faults = {index: _describe_fault(entry, known, today) for index, entry in enumerate(_list_entries(document))}
    entries = [_Allowance(**entry) for index, entry in enumerate(_list_entries(document)) if not faults[index]]
    wrong = [
        find_in_file("L060", f"entry {index + 1}", f"{fault}.", "docs/rules.md shows a whole one.", path)
        for index, fault in faults.items()
        if fault
    ]
    return entries, wrong


def _list_entries(document: dict[str, Any]) -> list[Any]:
    """Give the entries: the tables under `exception`, and whatever else stands in the file, which is none."""
    listed = document.get("exception", [])
    others = [{key: value} for key, value in document.items() if key != "exception"]
    return [*(listed if isinstance(listed, list) else [listed]), *others]


def _describe_fault(entry: Any, known: Collection[str], today: date) -> str:
    """Say what keeps the entry from being one; '' where nothing does."""
    if not isinstance(entry, dict) or set(entry) - set(_KEYS):
        return f"an exception has {', '.join(_KEYS)} and nothing else"
    for key in _NEEDED:
        value = entry.get(key)
        if not value or not str(value).strip():
            return f"it has no {key}"
    for key, value in entry.items():
        if type(value) is not _KEYS[key]:
            return f"its {key} is {value!r}, and a {_KEYS[key].__name__} is expected"
    if entry["rule"] in _GONE:
        return f"there is no rule {entry['rule']!r} any more: {_GONE[entry['rule']]}"
    if entry["rule"] not in known:
        return f"there is no rule {entry['rule']!r} that has exceptions"
    if entry["until"] > today + _LONGEST:
        return f"it would last until {entry['until']}, and a year is the longest"
    return ""


def apply_exceptions(
    findings: Iterable[Finding], entries: Collection[_Allowance], *, looked: Collection[str], today: date, path: Path
) -> Iterator[Finding]:
    """Yield the findings that no entry lets pass, then what is wrong with entries: ended ones let nothing pass, and one
    that matches nothing is reported if its rule was among those that `looked`."""
    found = list(findings)
    lasting = [entry for entry in entries if entry.until >= today]
    yield from (finding for finding in found if not any(entry.matches(finding) for entry in lasting))
    for entry in entries:
        if entry not in lasting:
            hint = "Mend what it lets pass; or look again, and give it a later day."
            yield find_in_file("L061", entry.label, f"the exception ended on {entry.until}.", hint, path)
        elif entry.rule in looked and not any(entry.matches(finding) for finding in found):
            yield find_in_file("L062", entry.label, "the exception matches nothing.", "Remove it.", path)
