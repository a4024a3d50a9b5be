"""What the pages of runs show: states, durations and metadata as people read them, and what the database is asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from freehold.printable import UNPRINTABLE
from freehold.queries import UNSET, CursorError, Page
from runs.forms import RunsForm
from runs.models.run import OPEN, RunStatus
from runs.sql import run as sql, run_count
from runs.sql.run import FindRunRow, ListRunsRow
from tenancy.queries import list_projects

PAGE_SIZE: Final = 25
BADGES: Final = {"queued": "plain", "running": "warn", "succeeded": "", "failed": "bad", "cancelled": "plain"}
LONGEST_METADATA: Final = 20_000  # characters on a page
_MINUTE: Final = 60
_UNITS: Final = ((86_400, "d", 3_600, "h"), (3_600, "h", _MINUTE, "min"), (_MINUTE, "min", 1, "s"))
Row = FindRunRow | ListRunsRow


def find_page(form: RunsForm, after: str) -> tuple[Page[ListRunsRow], bool]:
    """Give a page of runs, and whether it is the one behind the cursor: the first, where that is none of this list."""
    asked = form.cleaned_data
    conditions: dict[str, Any] = {
        "words": form.words or UNSET,
        "kind": asked["kind"] or UNSET,
        "project_id": asked["project"] or UNSET,
        "statuses": [asked["status"]] if asked["status"] else UNSET,
        "since": datetime.combine(find_first(asked["days"]), time(), UTC) if asked["days"] else UNSET,
        "sort": asked["sort"] or "newest",
        "limit": PAGE_SIZE,
    }
    try:
        return sql.list_runs(**conditions, after=after), True
    except CursorError:
        return sql.list_runs(**conditions), False


def find_first(days: str) -> date:
    """Give the first of so many days of UTC, today the last; of all days for none."""
    return datetime.now(UTC).date() - timedelta(days=int(days) - 1) if days else date.min


def count_runs(form: RunsForm) -> list[dict[str, Any]]:
    """Give each status with its name, its number of the days and project asked for, and the page that shows those."""
    asked = form.cleaned_data
    rows = run_count.count_by_status(first=find_first(asked["days"]), project_id=asked["project"] or UNSET)
    counts = {each.status: each.runs for each in rows}
    kept = {name: value for name, value in form.conditions.items() if name in ("project", "days", "sort")}
    return [
        {
            "name": each.label,
            "status": each.value,
            "runs": counts.get(each.value, 0),
            "url": link(kept, status=each.value),
        }
        for each in RunStatus
    ]


def name_projects(rows: Iterable[Row], known: Mapping[UUID, str]) -> dict[UUID, str]:
    """Give names of the rows' projects; those that are not among the known ones are asked for together."""
    missing = {each.project_id for each in rows} - known.keys()
    return {**known, **({each.id: each.name for each in list_projects(list(missing))} if missing else {})}


def show(row: Row, project: str) -> dict[str, Any]:
    """Give what a template shows of a run."""
    return {
        "id": row.id,
        "external_id": make_printable(row.external_id),
        "kind": make_printable(row.kind),
        "status": row.status,
        "state": str(RunStatus(row.status).label),
        "badge": BADGES[row.status],
        "is_open": row.status in OPEN,
        "project": project,
        "project_id": row.project_id,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "updated_at": row.updated_at,
        "duration": write_duration(row.finished_at - row.started_at) if row.finished_at and row.started_at else "",
        "version": row.version,
        "url": reverse("runs:run", args=[row.id]),
    }


def write_duration(duration: timedelta) -> str:
    """Give the two largest units of a time: `1.25 s`, `2 min 3 s`, `3 h 4 min`, `2 d 5 h`."""
    seconds = duration.total_seconds()
    if seconds < _MINUTE:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
    whole = int(seconds)
    large, name, small, below = next(each for each in _UNITS if whole >= each[0])
    return f"{whole // large} {name} {whole % large // small} {below}"


def list_metadata(metadata: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Give each key with its value as text, and whether that is of several lines; as much as a page takes."""
    found, left = [], LONGEST_METADATA
    for key, value in metadata.items():
        is_nested = isinstance(value, (dict, list)) and bool(value)
        text = (
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2 if is_nested else None)
        )
        found.append((make_printable(key)[:left], shorten(make_printable(text), left), is_nested or "\n" in text))
        left -= len(key) + len(text)
        if left <= 0:
            break
    return found


def shorten(text: str, most: int) -> str:
    """Give the beginning of a long text."""
    return text if len(text) <= most else f"{text[:most]}…"


def make_printable(text: str) -> str:
    """Give the text with U+FFFD for what a page can't hold."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def link(conditions: Mapping[str, str], **changes: str) -> str:
    """Give the list's address with some conditions changed, or taken away where empty."""
    kept = {name: value for name, value in {**conditions, **changes}.items() if value}
    return reverse("runs:list") + (f"?{urlencode(kept)}" if kept else "")
