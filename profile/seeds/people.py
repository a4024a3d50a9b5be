"""Profiles of the demo people, by the part of their address before the @."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

FIRST_DAY = datetime(2026, 3, 3, 17, 10, tzinfo=UTC)


class ProfileRow(NamedTuple):
    """A row of profiles."""

    user: str
    display_name: str
    bio: str
    locale: str
    time_zone: str
    preferences: dict[str, Any]
    created_at: datetime
    updated_at: datetime


# name, name shown, about, locale, time zone, preferences
PEOPLE: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    ("admin", "Alex", "Keeps this site running.", "en", "UTC", {"theme": "dark"}),
    ("user", "Uma O.", "Collects vinyl, sells what no longer fits on the shelf.", "en-GB", "Africa/Nairobi", {}),
    ("auth.manager", "Anna", "Helps when a sign-in does not work.", "sv", "Europe/Stockholm", {}),
    ("master.editor", "Mateo", "Puts things in their right place.", "es-MX", "America/Mexico_City", {"theme": "dark"}),
    ("app.operator", "Amina", "Looks after offers and runs.", "fr", "Africa/Casablanca", {"page_size": 50}),
    ("auditor", "Otto", "Reads, and changes nothing.", "de-AT", "Europe/Vienna", {"page_size": 100}),
    ("lena", "Lena from Berlin", "Moving house, so much has to go. Pick-up in Neukölln.", "de", "Europe/Berlin", {}),
    ("james", "James W.", "Retired engineer with a full garage.", "en-GB", "Europe/London", {"currency": "GBP"}),
    ("priya", "Priya", "Musician, teacher, reader.", "en-IN", "Asia/Kolkata", {"currency": "INR"}),
    ("kenji", "健二 Kenji", "Cameras, bicycles and old radios.", "ja", "Asia/Tokyo", {"currency": "JPY"}),
    ("camille", "Camille M.", "Two children, three cats, one small flat.", "fr", "Europe/Paris", {"theme": "light"}),
    ("diego", "Diego", "Surf, music and good tools.", "pt-BR", "America/Sao_Paulo", {"currency": "BRL"}),
    ("maya", "Maya J.", "Runs a workshop; sells tools and takes on small jobs.", "en-CA", "America/Toronto", {}),
    ("frans", "", "", "nl", "Europe/Amsterdam", {}),
)


def list_profiles() -> Iterator[ProfileRow]:
    """Yield a profile for each of the demo people."""
    for number, (name, display_name, bio, locale, time_zone, preferences) in enumerate(PEOPLE):
        made = FIRST_DAY + timedelta(days=9 * number, minutes=31 * number)
        changed = made + timedelta(days=2 * number)
        yield ProfileRow(f"{name}@freehold.example", display_name, bio, locale, time_zone, preferences, made, changed)
