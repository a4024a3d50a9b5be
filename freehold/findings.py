"""What a check found, in one shape for every command, and how it is printed: as text, JSON or SARIF 2.1.0."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from freehold.errors import FreeholdError

Level = Literal["error", "warning"]
_Style = Literal["text", "json", "sarif"]
STYLES: Final[tuple[_Style, ...]] = ("text", "json", "sarif")
VERSION: Final = 1  # of the JSON document; raised when a key changes its meaning or goes
_SARIF_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class LookError(FreeholdError):
    """A check could not look, so that nothing is known; commands exit with 2."""

    exit_status = 2


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong. `rule` is a stable id, `object` what it is about (`app.items (user_id)`), `hint` the way
    out. `path` and `line` (from 1) say where in a file, if it is in one; else '' and 0."""

    rule: str
    object: str
    message: str
    hint: str = ""
    level: Level = "error"
    path: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Where it is: the file with its line, or the object."""
        return f"{self.path}:{self.line}" if self.path else self.object


def write_report(
    findings: Iterable[Finding], style: _Style, *, tool: str, rules: Mapping[str, str], docs: str = ""
) -> str:
    """Give the report without a line break at its end. `rules` has a title for each id that the tool knows; an id among
    the findings that is not in it is a KeyError under SARIF. `docs` is the page that has an entry for each id."""
    found = sorted(findings)
    if style == "json":
        return json.dumps({"version": VERSION, "tool": tool, "findings": [asdict(each) for each in found]}, indent=2)
    if style == "sarif":
        return json.dumps(_build_sarif(found, tool, rules, docs), indent=2)
    count = f"{len(found)} finding{'s' if len(found) > 1 else ''}." if found else "No findings."
    return "\n".join([*(line for each in found for line in _list_lines(each)), count])


def print_report(
    stream: Any, findings: Collection[Finding], style: _Style, *, tool: str, rules: Mapping[str, str], docs: str = ""
) -> None:
    """Print the report, and exit with 1 where there is anything in it."""
    stream.write(write_report(findings, style, tool=tool, rules=rules, docs=docs))
    if findings:
        sys.exit(1)


def _list_lines(finding: Finding) -> list[str]:
    about = "" if finding.place == finding.object else f" {finding.object}:"
    first = f"{finding.rule} {finding.place}:{about} {finding.message}"
    return [first, f"     {finding.hint}"] if finding.hint else [first]


# --- SARIF 2.1.0 ---------------------------------------------------------------------------------------------------
def _build_sarif(found: Sequence[Finding], tool: str, rules: Mapping[str, str], docs: str = "") -> dict[str, Any]:
    ids = list(rules)
    driver = {
        "name": f"freehold {tool}",
        "rules": [
            {"id": name, "shortDescription": {"text": title}}
            | ({"help": {"text": f"See {docs}#{name.lower()}"}} if docs else {})
            for name, title in rules.items()
        ],
    }
    results = [{"ruleIndex": ids.index(each.rule), **_build_result(each)} for each in found]
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _build_result(finding: Finding) -> dict[str, Any]:
    """Give one result. The fingerprint has no line in it: a finding stays the same one when code above it moves."""
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": finding.object}]}
    if finding.path:
        region = {"startLine": max(finding.line, 1)}
        location["physicalLocation"] = {"artifactLocation": {"uri": finding.path}, "region": region}
    return {
        "ruleId": finding.rule,
        "level": finding.level,
        "message": {"text": f"{finding.object}: {finding.message}" + (f" {finding.hint}" if finding.hint else "")},
        "locations": [location],
        "partialFingerprints": {"finding/v1": f"{finding.rule}:{finding.path}:{finding.object}"},
    }
