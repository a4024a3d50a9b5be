"""`manage.py makemigrations` writes down which migration is the last."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.freehold.lanes import BARE_BARN, BARN, Lane

pytestmark = pytest.mark.django_db


def test_makemigrations_writes_the_last_name(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARE_BARN)
    lane.write_last("0001_barn\n")

    call_command("makemigrations", "barn", name="more", verbosity=0, interactive=False, empty=True)

    assert lane.read_last() == "0002_more\n"
    assert lane.check() == []


def test_makemigrations_that_only_looks_writes_nothing(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)

    call_command("makemigrations", "barn", dry_run=True, check_changes=True, verbosity=0)

    assert lane.read_last() is None


def test_merge_writes_its_name(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)
    lane.write("0002_hay", "0001_barn")
    lane.write("0002_straw", "0001_barn")
    lane.write_last("0002_hay\n")

    call_command("makemigrations", "barn", merge=True, interactive=False, verbosity=0, name="both")

    assert lane.read_last() == "0003_both\n"
