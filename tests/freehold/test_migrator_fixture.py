"""The fixture `migrator` of freehold.testing, with a migration of the product: down as its owner, and up again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connections
from django.db.migrations.state import StateApps

from freehold.acting.logins import using_login
from freehold.models import MigrationHistory


@pytest.mark.django_db(transaction=True)
def test_migrator_goes_down_and_up_as_owner(migrator: Callable[..., StateApps]) -> None:
    before = migrator("profile", "0001")
    fields = {field.name for field in before.get_model("profile", "Profile")._meta.fields}
    after = migrator("profile", "0002")

    assert "version" not in fields
    assert "version" in {field.name for field in after.get_model("profile", "Profile")._meta.fields}
    with using_login(connections["default"], "migrator"):
        rows = MigrationHistory.objects.filter(app="profile", name__startswith="0002").order_by("-id")[:2]
        found = [(row.direction, row.outcome) for row in rows]
    assert found == [("up", "ok"), ("down", "ok")]
