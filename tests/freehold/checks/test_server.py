"""E020 to E024, W020: each is made, reported, mended and silent again."""

from __future__ import annotations

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from freehold.checks.server import check_logins
from tests.freehold.halls import FAULTS, OWNED, Hall, plain

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize(
    ("check_id", "name"),
    [
        ("freehold.E021", "creator"),
        ("freehold.E023", "owner's member"),
        ("freehold.E024", "no row security"),
    ],
)
def test_check_reports_a_login_until_mended(hall: Hall, check_id: str, name: str) -> None:
    make, mend, (expected,) = FAULTS[name]
    with hall.connect("farm") as connection:
        hall.run(make)
        try:
            (message,) = check_logins(None, databases=["hall"])
        finally:
            hall.run(mend)
        connection.close()
        mended = check_logins(None, databases=["hall"])

    about, _, hint = expected.removeprefix("login ").partition(": ")
    assert plain(message) == (
        f"logins: ({check_id}) The login {about} (database 'hall').\n\tHINT: {hint[0].upper()}{hint[1:]}."
    )
    assert mended == []


def test_check_reports_what_a_login_owns(hall: Hall) -> None:
    make, mend, what = OWNED["schema"]
    hall.run(make)
    try:
        with hall.connect("farm"):
            (message,) = check_logins(None, databases=["hall"])
    finally:
        hall.run(mend)

    assert (message.id, plain(message.msg)) == ("freehold.E022", f"The login farm owns {what} (database 'hall').")


@pytest.mark.parametrize(("debug", "check_id"), [(False, "freehold.E020"), (True, "freehold.W020")])
def test_check_reports_a_superuser_as_error_or_warning(
    hall: Hall, settings: Settings, debug: bool, check_id: str
) -> None:
    settings.SERVICE, settings.DEBUG = "all", debug
    with hall.connect("postgres"):
        (message,) = check_logins(None, databases=["hall"])

    assert message.id == check_id
    assert message.is_serious() == (not debug)


def test_check_says_nothing_where_nobody_answers_or_nobody_asks(hall: Hall) -> None:
    connections.settings["hall"] = {**hall.get_entry("farm"), "PORT": "1"}
    try:
        assert check_logins(None, databases=["hall"]) == []
    finally:
        del connections["hall"]
        del connections.settings["hall"]
    assert check_logins(None) == []
