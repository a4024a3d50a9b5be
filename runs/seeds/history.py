"""What the demo projects have run: each at its own pace, some badly, a few still at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

NOW = datetime(2026, 11, 19, 6, 40, tzinfo=UTC)  # as the rows see it
PERIODS = 9

# tenant, project, kind, hours between runs, seconds a run takes, what it counts
PACES: tuple[tuple[str, str, str, int, int, str], ...] = (
    ("nordlicht", "catalogue", "import", 24, 540, "offers"),
    ("nordlicht", "search", "reindex", 12, 130, "documents"),
    ("nordlicht", "newsletter", "send", 168, 1900, "letters"),
    ("kawase-cycles", "stock", "sync", 6, 45, "articles"),
    ("kawase-cycles", "prices", "crawl", 24, 820, "prices"),
    ("harbour-tools", "bookings", "export", 24, 20, "bookings"),
    ("harbour-tools", "backups", "backup", 24, 2700, "megabytes"),
)
FAILURES = ("connection reset by peer", "quota exceeded", "unexpected end of file", "timed out after 1800 s")


class RunRow(NamedTuple):
    """A row of runs. `project` is told by its tenant's slug and its own."""

    project: tuple[str, str]
    external_id: str
    kind: str
    status: str
    started_at: datetime | None
    finished_at: datetime | None
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


def list_runs() -> Iterator[RunRow]:
    """Yield the runs of each project, the latest first: 63."""
    for place, (tenant, project, kind, hours, seconds, counted) in enumerate(PACES):
        for age in range(PERIODS):
            queued = NOW - timedelta(hours=hours * age, minutes=11 * place + 3)
            chance = sha256(f"{tenant}/{project} {age}".encode()).digest()
            status = choose_status(place, age, chance[0])
            yield make_run((tenant, project), kind, status, queued, seconds, counted, chance)


def choose_status(place: int, age: int, chance: int) -> str:
    """Give a status: of the latest runs some wait or go on, and of the others most went well."""
    if age == 0 and place in (1, 6):
        return "running"
    if age == 0 and place in (0, 4):
        return "queued"
    if chance < 36:
        return "failed"
    return "cancelled" if chance < 52 else "succeeded"


def make_run(
    project: tuple[str, str], kind: str, status: str, queued: datetime, seconds: int, counted: str, chance: bytes
) -> RunRow:
    """Give one run; `chance` decides how long it waited and took, and what it met."""
    started = None if status == "queued" else queued + timedelta(seconds=2 + chance[1] % 50)
    took = timedelta(seconds=round(seconds * (0.7 + chance[2] / 400)))
    finished = started + took if started and status != "running" else None
    metadata: dict[str, Any] = {"trigger": "schedule" if chance[3] % 5 else "by hand"}
    if status == "succeeded":
        metadata[counted] = 40 + int.from_bytes(chance[4:6]) % 9000
    if status == "failed":
        metadata["error"] = FAILURES[chance[6] % len(FAILURES)]
    return RunRow(
        project,
        f"{kind}-{queued:%Y%m%dT%H%M}",
        kind,
        status,
        started,
        finished,
        metadata,
        version=1 if started is None else 2 if finished is None else 3,
        created_at=queued,
        updated_at=finished or started or queued,
    )
