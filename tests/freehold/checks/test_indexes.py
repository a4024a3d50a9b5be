"""E008 and W001: each way to a name that nobody chose is reported, and silent once it is mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import models
from django.test import override_settings

from tests.freehold.checks.conftest import Bench

CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "unique": (
        {"code": models.CharField(max_length=9, unique=True)},
        "unique=True on code makes a constraint with a name that nobody chose.",
        "Write UniqueConstraint(fields=['code'], name=\"things_code_uniq\") in Meta.constraints instead; at most 30 "
        "characters.",
    ),
    "db_index": (
        {"code": models.CharField(max_length=9, db_index=True)},
        "db_index=True on code makes an index with a name that nobody chose.",
        "Write Index(fields=['code'], name=\"things_code_idx\") in Meta.indexes instead; at most 30 characters.",
    ),
    "slug": (
        {"slug": models.SlugField()},
        "db_index=True on slug makes an index with a name that nobody chose.",
        "Write Index(fields=['slug'], name=\"things_slug_idx\") in Meta.indexes instead; at most 30 characters.",
    ),
    "unique_together": (
        {"a": models.IntegerField(), "b": models.IntegerField(), "meta": {"unique_together": [("a", "b")]}},
        "unique_together on a, b makes a constraint with a name that nobody chose.",
        "Write UniqueConstraint(fields=['a', 'b'], name=\"things_a_b_uniq\") in Meta.constraints instead; at most 30 "
        "characters.",
    ),
    "index": (
        {"a": models.IntegerField(), "meta": {"indexes": [models.Index(fields=["-a"])]}},
        "an Index without a name on -a makes an index with a name that nobody chose.",
        "Write Index(fields=['-a'], name=\"things_a_idx\") in Meta.indexes instead; at most 30 characters.",
    ),
}


def define(bench: Bench, attributes: dict[str, Any], app: str = "items") -> None:
    meta = {"db_table": "app.things", **attributes.get("meta", {})}
    bench.define("Thing", app=app, **{**attributes, "meta": meta})


@pytest.mark.parametrize("case", CASES)
def test_name_that_nobody_chose_is_reported(case: str, bench: Bench) -> None:
    attributes, text, hint = CASES[case]
    define(bench, attributes)

    (message,) = bench.run("freehold.W001")

    assert (message.msg, message.hint) == (text, hint)


def test_field_is_named_where_the_warning_stands(bench: Bench) -> None:
    define(bench, CASES["unique"][0])

    assert str(bench.run("freehold.W001")[0]).startswith("items.Thing.code: (freehold.W001) unique=True on code")


def test_names_that_are_given_are_silent(bench: Bench) -> None:
    options = {
        "indexes": [models.Index(fields=["a"], name="things_a_idx")],
        "constraints": [models.UniqueConstraint(fields=["a", "b"], name="things_a_b_uniq")],
    }
    define(bench, {"a": models.IntegerField(), "b": models.SlugField(db_index=False), "meta": options})

    assert bench.run("freehold.W001") == []


def test_what_keys_and_relations_bring_is_exempt(bench: Bench) -> None:
    define(
        bench,
        {
            "code": models.CharField(max_length=9, primary_key=True),
            "up": models.ForeignKey("self", models.DO_NOTHING, related_name="+"),
            "one": models.OneToOneField("self", models.DO_NOTHING, related_name="+"),
            "many": models.ManyToManyField("self"),
        },
    )

    assert bench.run("freehold.W001") == []


@pytest.mark.parametrize("meta", [{"managed": False}, {"abstract": True}])
def test_model_without_a_table_of_its_own_is_exempt(meta: dict[str, Any], bench: Bench) -> None:
    define(bench, {"code": models.SlugField(), "meta": meta})

    assert bench.run("freehold.W001") == []


def test_third_party_app_is_exempt(bench: Bench) -> None:
    define(bench, CASES["unique"][0], app="admin")

    assert bench.run("freehold.W001") == []


def test_project_without_a_map_has_nothing_to_check(bench: Bench) -> None:
    define(bench, CASES["unique"][0])

    with override_settings(OWNERSHIP=None):
        assert bench.run("freehold.W001") == []


def test_project_itself_is_silent(run: Callable[[str], list[CheckMessage]]) -> None:
    assert [*run("freehold.E008"), *run("freehold.W001")] == []


# --- E008 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("meta", "kind"),
    [
        ({"indexes": [models.Index(fields=["a"], name="app.things_a_idx")]}, "index"),
        ({"constraints": [models.UniqueConstraint(fields=["a"], name="app.things_a_idx")]}, "constraint"),
        ({"constraints": [models.CheckConstraint(condition=models.Q(a=1), name="app.things_a_idx")]}, "constraint"),
    ],
    ids=["index", "unique", "check"],
)
def test_name_with_a_dot_is_reported(meta: dict[str, Any], kind: str, bench: Bench) -> None:
    define(bench, {"a": models.IntegerField(), "meta": meta})

    (message,) = bench.run("freehold.E008")

    assert str(message) == (
        f"items.Thing: (freehold.E008) The {kind} 'app.things_a_idx' of 'app.things' has a dot in its name: in SQL "
        f"what stands before it is read as a schema.\n"
        f'\tHINT: Write name="things_a_idx", and makemigrations. Migrations that are applied keep the name that they '
        f"say."
    )


def test_name_that_the_engine_gives_has_no_dot(bench: Bench) -> None:
    define(bench, {"a": models.IntegerField(), "meta": {"indexes": [models.Index(fields=["-a"])]}})

    assert bench.run("freehold.E008") == []


def test_name_with_a_dot_in_a_third_party_app_is_exempt(bench: Bench) -> None:
    meta = {"db_table": "auth.things", "indexes": [models.Index(fields=["a"], name="auth.things_a_idx")]}
    bench.define("Thing", app="admin", a=models.IntegerField(), meta=meta)

    assert bench.run("freehold.E008") == []
