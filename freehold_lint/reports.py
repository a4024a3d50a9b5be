"""What a lint found, and how a finding about a line of a file is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from freehold.findings import Finding
from freehold.scripts.pairs import shorten


@dataclass
class LintReport:
    """What was found; `looked` are the ids of the rules that ran, `notes` say in a line each what was not looked at."""

    findings: list[Finding] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def find_in_file(rule: str, about: str, message: str, hint: str, path: Path, line: int = 1) -> Finding:
    """Give a finding in a file, by its path from where the command runs."""
    return Finding(rule, about, message, hint, "error", shorten(path), line)
