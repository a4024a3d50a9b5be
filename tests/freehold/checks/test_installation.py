"""E003, E004, E006: each is broken, reported, mended and silent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.checks import CheckMessage
from django.test import override_settings

RunCheck = Callable[[str], list[CheckMessage]]


@pytest.mark.parametrize("check_id", ["freehold.E003", "freehold.E004", "freehold.E006"])
def test_project_itself_is_silent(check_id: str, run: RunCheck) -> None:
    assert run(check_id) == []


def test_installed_app_missing_in_the_map_is_reported(run: RunCheck) -> None:
    with override_settings(OWNERSHIP="tests.freehold.maps.WITHOUT_RUNS"):
        (message,) = run("freehold.E003")

    assert str(message) == (
        "runs: (freehold.E003) The app 'runs' has models, but the ownership map names it in no schema.\n"
        "\tHINT: Add it to `apps` of a Schema in the ownership map, or, where it is a third-party app, to `places`."
    )
    assert run("freehold.E003") == []


def test_third_party_apps_missing_in_the_map_are_reported_each(run: RunCheck) -> None:
    with override_settings(OWNERSHIP="tests.freehold.maps.WITHOUT_PLACES"):
        assert [message.obj for message in run("freehold.E003")] == ["admin", "auth", "contenttypes"]


def test_app_in_the_map_that_is_not_installed_is_reported(run: RunCheck) -> None:
    with override_settings(OWNERSHIP="tests.freehold.maps.WITH_SITES"):
        (message,) = run("freehold.E004")
        assert str(message) == (
            "tests.freehold.maps.WITH_SITES: (freehold.E004) The ownership map puts the app 'sites' into schema "
            "'auth', but "
            "no such app is installed.\n"
            "\tHINT: Add it to INSTALLED_APPS, or take it out of the ownership map. The map has labels (admin), not "
            "dotted names (django.contrib.admin)."
        )
        with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS, "django.contrib.sites"]):
            assert run("freehold.E004") == []


def test_engine_behind_another_app_is_reported(run: RunCheck) -> None:
    with override_settings(INSTALLED_APPS=[*settings.INSTALLED_APPS[1:], "freehold"]):
        (message,) = run("freehold.E006")

    assert str(message) == (
        "INSTALLED_APPS: (freehold.E006) The app 'freehold' is not the first in INSTALLED_APPS: 'freehold.sealing' "
        "comes before it.\n"
        '\tHINT: Put "freehold" at the top of INSTALLED_APPS: of two commands of one name the first app\'s runs, and '
        "`migrate` must be the engine's."
    )
