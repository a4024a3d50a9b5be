"""Drift as findings, each with a stable id; docs/drift.md has an entry for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from freehold.findings import Finding, Level
from freehold.rights.changes import Desk, Drift, list_changes
from freehold.rights.script import comment, write_alone

TITLES: Final = {
    "D001": "A role of the map is missing",
    "D002": "A role has other attributes than the map's",
    "D003": "A membership of the map is missing or has other options",
    "D004": "A membership stands in no map",
    "D005": "A login's search_path is not the map's",
    "D006": "A role has a setting that stands in no map",
    "D007": "A schema of the map is missing",
    "D008": "A schema belongs to someone else than its owner role",
    "D009": "A schema has another comment than the map's",
    "D010": "A schema stands in no map",
    "D011": "An object belongs to someone else than its schema's owner role",
    "D012": "A declared privilege is missing",
    "D013": "A role of the map holds a privilege that is not declared",
    "D014": "A role that the map does not know holds a privilege",
    "D015": "Everyone (PUBLIC) holds a privilege that is not declared",
    "D016": "Someone may pass a privilege on, or has passed it on",
    "D017": "An owner lacks a privilege on its own object",
    "D018": "A declared default privilege is missing",
    "D019": "A default privilege is not declared",
    "D020": "Row-level security is not switched on as declared",
    "D021": "Row-level security is switched on and not declared",
    "D022": "A declared policy is missing",
    "D023": "A policy differs from what is declared",
    "D024": "A policy is not declared",
    "D025": "What a contract lists does not exist",
    "D026": "A table that policies are declared for does not exist",
    "D027": "The history's owner may rewrite it",
    "D028": "A trigger that keeps the history as it is is missing, off or another, or one is not declared",
    "D029": "A view stands under a table's old name and no move of the map declares it",
    "D030": "The view under a table's old name is not what its move declares",
}
WARNINGS: Final = {"D009", "D025", "D026"}


def list_findings(drifts: Iterable[Drift], desk: Desk) -> list[Finding]:
    """Give a finding for each drift, with the statement that mends it."""
    return [make_finding(each, desk) for each in drifts]


def make_finding(drift: Drift, desk: Desk) -> Finding:
    """Give a drift as a finding."""
    level: Level = "warning" if drift.rule in WARNINGS else "error"
    message = f"{comment(drift.found)}; declared: {comment(drift.declared)}"
    return Finding(drift.rule, comment(drift.object), message, write_hint(drift, desk), level)


def write_hint(drift: Drift, desk: Desk) -> str:
    """Give the way out: the statements, or what to do by hand."""
    changes = list_changes([drift], desk)
    if changes:
        return " ".join(write_alone(change) for change in changes if change.phase != change.phase.SEAL)
    return drift.advice or "It goes with the right to pass it on, which is a finding of its own"
