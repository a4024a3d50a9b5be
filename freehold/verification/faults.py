"""What `manage.py history verify` can find, each with a stable id; docs/history.md has an entry for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from freehold.findings import Finding
from freehold.history.edits import get_shown_path
from freehold.history.sources import Difference, Kept, Sources, list_differences
from freehold.history.states import HistoryState
from freehold.rights.drift import Change

TITLES: Final = {
    "H001": "An applied migration was edited",
    "H002": "An applied seed was edited",
    "H003": "A file of what is applied is missing",
    "H004": "A migration is recorded as applied and unknown to the code",
    "H005": "A migration is recorded as applied and the history knows nothing of it",
    "H006": "The history says that a migration is applied, and Django's record does not",
    "H007": "A migration without a transaction was interrupted",
    "H008": "A row of the history was changed, or one before it was removed",
    "H009": "The history is not guarded against being rewritten",
    "H010": "A function, trigger or rule is not what the history says",
}


@dataclass(frozen=True)
class Acceptance:
    """The row by which a person accepts a fault: how the migration or seed stands from then on, as which checksum.

    Of a row of the history `name` is its number, and `checksum` the link that it would have now. Of functions, triggers
    and rules `app` is the schema, and `structure` what the row says of them.
    """

    kind: str
    app: str
    name: str
    direction: str = "up"
    checksum: str = ""
    sources: Kept | None = None
    before: str = ""
    structure: dict[str, Any] | None = None


@dataclass(frozen=True)
class Fault:
    """A finding, and the row that accepts it. `changes` mend what a row can't, on PostgreSQL."""

    finding: Finding
    acceptance: Acceptance
    changes: tuple[Change, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from others, and from what it is once something changed again."""
        return self.finding.rule, self.acceptance.app, self.acceptance.name, self.acceptance.checksum


def make_fault(rule: str, name: str, message: str, hint: str, acceptance: Acceptance, **details: Any) -> Fault:
    """Give a fault; `details` are others of a finding: its level, path and line."""
    return Fault(Finding(rule, name, message, hint, **details), acceptance)


def describe_time(state: HistoryState) -> str:
    """Say when, and by whom, the last row was written."""
    return f"on {state.at:%Y-%m-%d %H:%M} UTC by {state.login}"


def describe_differences(kept: Kept | None, now: Sources, file: Path) -> tuple[str, int]:
    """Give how the sources differ whose first one is `file`, as text, and the first line that does in that one."""
    found: Iterable[Difference] = list_differences(kept, now, get_shown_path(file.parent.parent))
    lines = [each.text for each in found]
    first = next(iter(now.contents), "")
    line = next((each.line for each in found if each.name == first), 0)
    return "\n".join(lines) or "its checksum alone differs", line
