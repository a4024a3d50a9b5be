"""Two projects in one cluster: a prefix keeps their roles apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from freehold.errors import OwnershipError
from freehold.ownership import Contract, Ownership, Schema, Service
from freehold.ownership.map import list_role_names
from freehold.ownership.validation import validate
from tests.freehold.estates import Parameters, make_tag, open_database
from tests.freehold.rights.estates import Estate

MAP = Ownership(
    schemas=(
        Schema("app", service="api"),
        Schema("sea", external=True, login="go", service=None),
        Schema("public", owner="migrator"),
    ),
    services=(Service("api", writes=("app",), search_path=("app", "public")), Service("web")),
    contracts=(Contract("app", consumer="web", read={"items": ("id",)}),),
    combined="all_rw",
)


def test_prefix_stands_before_every_role() -> None:
    found = replace(MAP, prefix="shop_")

    assert list_role_names(found) == [
        "shop_app_owner",
        "shop_sea_owner",
        "shop_migrator",
        "shop_api_rw",
        "shop_web_rw",
        "shop_all_rw",
        "shop_go",
    ]


def test_prefix_is_put_once_when_a_map_is_made_from_another() -> None:
    found = replace(MAP, prefix="shop_")

    assert list_role_names(replace(found, groups=())) == list_role_names(found)


@pytest.mark.parametrize(
    ("prefix", "fault"),
    [
        ("Shop_", "is no plain name: use lower-case letters, digits and _, and begin with a letter"),
        ("1_", "is no plain name: use lower-case letters, digits and _, and begin with a letter"),
        ("pg_", "is reserved by PostgreSQL: choose another name"),
        (5, "is a int, not a text"),
    ],
)
def test_prefix_that_can_not_be_is_refused(prefix: str, fault: str) -> None:
    with pytest.raises(OwnershipError) as caught:
        validate(replace(MAP, prefix=prefix))

    assert f"Ownership: prefix {prefix!r} {fault}" in str(caught.value)


def test_prefix_that_makes_a_role_too_long_is_refused() -> None:
    with pytest.raises(OwnershipError, match="bytes long, and PostgreSQL keeps 63: shorten it"):
        validate(replace(MAP, prefix="x" * 60))


@pytest.fixture
def pair(server: Parameters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Estate, Estate]]:
    """Two databases of one cluster, with maps that differ in their prefix alone."""
    tag = make_tag()
    with open_database(server, tag) as one, open_database(server, make_tag()) as other:
        estates = []
        for prefix, database in (("one_", one), ("other_", other)):
            estate = Estate(database, tag, tmp_path / "pgpass")
            estate.ownership = replace(estate.ownership, prefix=prefix)
            estate.policies, estate.row_security = [], []
            estate.declare(monkeypatch)
            estates.append(estate)
        yield estates[0], estates[1]


@pytest.mark.postgresql
def test_two_projects_share_a_cluster_and_see_nothing_of_each_other(pair: tuple[Estate, Estate]) -> None:
    one, other = pair
    for estate in pair:
        estate.apply()
    assert {each.rule for each in [*one.check(), *other.check()]} == {"D025"}

    one.execute("ALTER ROLE one_farm@ CREATEDB")

    assert [each.object for each in one.check() if each.rule == "D002"] == [f"role one_farm_{one.tag}"]
    assert {each.rule for each in other.check()} == {"D025"}
    one.execute("ALTER ROLE one_farm@ PASSWORD 'sesame'")
    parameters = {**other.database, "user": f"one_farm_{one.tag}", "password": "sesame"}
    parameters.pop("passfile", None)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(**parameters)
