"""E016, E017 and W003: each way for Django to reach over a border while it deletes is reported until it is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.checks import CheckMessage
from django.db import models, transaction
from django.test import override_settings

from config.ownership import OWNERSHIP
from freehold.checks.cascades import check_deletes
from freehold.errors import ServiceError
from freehold.ownership import Contract, Ownership
from freehold.ownership.lookup import load_ownership
from freehold.services import acting_as
from items.models import Item
from tests.freehold.checks.conftest import Bench
from tests.items.factories import make_item

RunCheck = Callable[[str], list[CheckMessage]]
IDS = ("freehold.E016", "freehold.E017", "freehold.W003")
REFUSED = (
    models.CASCADE,
    models.PROTECT,
    models.RESTRICT,
    models.SET_NULL,
    models.SET_DEFAULT,
    models.SET(None),
    lambda *args: None,
)
MAP: Ownership = OWNERSHIP


@pytest.fixture
def placed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Make `runs` a third-party app, placed in schema app; give a function that changes the map further."""
    schemas = tuple(
        replace(each, apps=tuple(app for app in each.apps if app != "runs"), places=("runs",))
        if each.name == "app"
        else each
        for each in OWNERSHIP.schemas
    )

    def put(**changes: Any) -> None:
        monkeypatch.setitem(globals(), "MAP", replace(OWNERSHIP, schemas=schemas, **changes))
        load_ownership.cache_clear()

    put()
    with override_settings(OWNERSHIP=f"{__name__}.MAP"):
        yield put
    load_ownership.cache_clear()


def define_key(bench: Bench, on_delete: Any, app: str = "items", kind: Any = models.ForeignKey, **options: Any) -> None:
    """Define a model of schema app that points at one of schema auth."""
    entry = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    meta = {"db_table": "app.thing", "managed": options.pop("managed", True)}
    bench.define("Thing", app, meta=meta, entry=kind(entry, on_delete, null=True, default=None, **options))


def run_all(bench: Bench) -> list[CheckMessage]:
    return [message for check_id in IDS for message in bench.run(check_id)]


def test_project_itself_is_silent(run: RunCheck) -> None:
    assert [message for check_id in IDS for message in run(check_id)] == []


# --- E016: foreign keys ------------------------------------------------------------------------------------------
def test_cascade_in_python_is_reported_with_the_way_out(bench: Bench) -> None:
    define_key(bench, models.CASCADE)

    (message,) = run_all(bench)

    assert str(message) == (
        "items.Thing.entry: (freehold.E016) The foreign key 'entry' of app.thing points at another owner's auth.entry "
        "with on_delete=CASCADE: whenever a row of auth.entry is deleted, Django itself would reach into app.thing, "
        "which belongs to app_owner and not to auth_owner.\n"
        "\tHINT: Write on_delete=models.DB_CASCADE, DB_SET_NULL or DB_SET_DEFAULT, which the database carries out as "
        "the table's owner, or DO_NOTHING, with which it refuses; then makemigrations. Keys that point at items.Thing "
        "need one of these too."
    )


@pytest.mark.parametrize("on_delete", REFUSED, ids=lambda each: each.__qualname__)
@pytest.mark.parametrize("kind", [models.ForeignKey, models.OneToOneField])
def test_everything_that_python_carries_out_is_reported(on_delete: Any, kind: Any, bench: Bench) -> None:
    define_key(bench, on_delete, kind=kind)

    assert [message.id for message in run_all(bench)] == ["freehold.E016"]


def test_set_is_named_as_it_is_written(bench: Bench) -> None:
    define_key(bench, models.SET(None))

    assert "with on_delete=SET(…): " in run_all(bench)[0].msg


@pytest.mark.parametrize("name", ["DB_CASCADE", "DB_SET_NULL", "DB_SET_DEFAULT", "DO_NOTHING"])
@pytest.mark.parametrize("kind", [models.ForeignKey, models.OneToOneField])
def test_what_the_database_carries_out_is_silent(name: str, kind: Any, bench: Bench) -> None:
    define_key(bench, getattr(models, name), kind=kind)

    assert run_all(bench) == []


@pytest.mark.parametrize("options", [{"managed": False}, {"db_constraint": False}], ids=str)
def test_key_without_a_constraint_is_told_to_do_nothing(options: dict[str, bool], bench: Bench) -> None:
    define_key(bench, models.CASCADE, **options)

    (message,) = run_all(bench)

    assert message.hint == (
        "Write on_delete=models.DO_NOTHING: no constraint is there that the database could carry out."
    )


def test_key_at_a_proxy_counts_as_one_at_its_table(bench: Bench) -> None:
    entry = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    options = type("Meta", (), {"app_label": "admin", "proxy": True})
    proxy = type("LateEntry", (entry,), {"__module__": __name__, "Meta": options})
    bench.define("Thing", meta={"db_table": "app.thing"}, entry=models.ForeignKey(proxy, models.CASCADE))

    assert [message.id for message in run_all(bench)] == ["freehold.E016"]


def test_key_within_one_owner_is_silent(bench: Bench) -> None:
    thing = bench.define("Thing", meta={"db_table": "app.thing"}, parent=models.ForeignKey("self", models.CASCADE))
    bench.define("Part", "runs", meta={"db_table": "app.part"}, thing=models.ForeignKey(thing, models.PROTECT))

    assert run_all(bench) == []


# --- E016: what has no on_delete of its own ------------------------------------------------------------------------
def test_table_between_two_owners_is_reported_at_its_field(bench: Bench) -> None:
    entry = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    bench.define("Thing", meta={"db_table": "app.thing"}, entries=models.ManyToManyField(entry))

    (message,) = run_all(bench)

    assert str(message) == (
        "items.Thing.entries: (freehold.E016) The foreign key 'entry' of app.thing_entries, which Django makes for "
        "'entries', points at another owner's auth.entry with on_delete=CASCADE: whenever a row of auth.entry is "
        "deleted, Django itself would reach into app.thing_entries, which belongs to app_owner and not to "
        "auth_owner.\n"
        "\tHINT: Write a model for the table, whose foreign keys have on_delete=models.DB_CASCADE, and name it in "
        "through= of 'entries'."
    )


def test_table_between_two_owners_with_a_model_of_its_own_is_silent(bench: Bench) -> None:
    entry = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    many = models.ManyToManyField(entry, through="Pair")
    thing = bench.define("Thing", meta={"db_table": "app.thing"}, entries=many)
    bench.define(
        "Pair",
        meta={"db_table": "app.thing_entries"},
        thing=models.ForeignKey(thing, models.DB_CASCADE),
        entry=models.ForeignKey(entry, models.DB_CASCADE),
    )

    assert run_all(bench) == []


@pytest.mark.parametrize(("table", "count"), [("auth.note", 1), ("app.note", 0)])
def test_generic_relation_into_another_owners_table_is_reported(table: str, count: int, bench: Bench) -> None:
    note = bench.define(
        "Note",
        "admin",
        meta={"db_table": table},
        content_type=models.ForeignKey(ContentType, models.DB_CASCADE),
        object_id=models.PositiveIntegerField(),
        subject=GenericForeignKey(),
    )
    bench.define("Thing", meta={"db_table": "app.thing"}, notes=GenericRelation(note))

    messages = run_all(bench)

    assert [str(message) for message in messages] == [
        "items.Thing.notes: (freehold.E016) GenericRelation 'notes' reaches another owner's auth.note: whenever a row "
        "of app.thing is deleted, Django itself would delete rows of auth.note, which belongs to auth_owner and not to "
        "app_owner.\n"
        "\tHINT: Take the field away and query admin.Note where its rows are needed; their owner deletes them."
    ][:count]


# --- E017 ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("link", [{}, {"entry": models.DB_CASCADE}], ids=["automatic", "written"])
def test_parent_of_another_owner_is_reported(link: dict[str, Any], bench: Bench) -> None:
    entry = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    fields = {
        name: models.OneToOneField(entry, rule, parent_link=True, primary_key=True) for name, rule in link.items()
    }
    options = type("Meta", (), {"app_label": "items", "db_table": "app.thing"})
    type("Thing", (entry,), {"__module__": __name__, "Meta": options, **fields})

    (message,) = run_all(bench)

    assert str(message) == (
        "items.Thing: (freehold.E017) items.Thing in app.thing inherits from admin.Entry in another owner's "
        "auth.entry: each read, save and delete of one reaches both tables, and no service of one owner may.\n"
        "\tHINT: Inherit from an abstract model, or keep a OneToOneField to admin.Entry with "
        "on_delete=models.DB_CASCADE and without parent_link."
    )


def test_parent_of_the_same_owner_is_silent(bench: Bench) -> None:
    thing = bench.define("Thing", meta={"db_table": "app.thing"})
    options = type("Meta", (), {"app_label": "runs", "db_table": "app.big_thing"})
    type("BigThing", (thing,), {"__module__": __name__, "Meta": options})

    assert run_all(bench) == []


# --- W003: apps of others ------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("placed")
def test_app_that_cannot_be_edited_is_warned_of(bench: Bench) -> None:
    define_key(bench, models.CASCADE, app="runs")

    (message,) = run_all(bench)

    assert str(message) == (
        "runs.Thing.entry: (freehold.W003) The foreign key 'entry' of app.thing points at another owner's auth.entry "
        "with on_delete=CASCADE: whenever a row of auth.entry is deleted, Django itself would reach into app.thing, "
        "which belongs to app_owner and not to auth_owner.\n"
        "\tHINT: The app 'runs' is not yours to edit: put it into places of 'auth' before its first migration, or "
        "delete only as admin, with rights on both, and silence this."
    )


def test_app_that_cannot_be_edited_is_silent_where_no_service_is_refused(
    placed: Callable[..., None], bench: Bench
) -> None:
    services = tuple(
        replace(each, writes=("auth", "app")) if each.name == "web" else each for each in OWNERSHIP.services
    )
    define_key(bench, models.CASCADE, app="runs")
    placed(services=services)

    assert run_all(bench) == []


@pytest.mark.usefixtures("placed")
def test_parent_of_an_app_that_cannot_be_edited_is_told_where_to_go(bench: Bench) -> None:
    entry = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    options = type("Meta", (), {"app_label": "runs", "db_table": "app.thing"})
    type("Thing", (entry,), {"__module__": __name__, "Meta": options})

    (message,) = run_all(bench)

    assert message.hint == "Put the app 'runs' into places of the schema that auth.entry lies in."


# --- That the check tells the truth ----------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["CASCADE", "PROTECT", "SET_NULL", "DB_CASCADE"])
def test_deleting_a_user_as_web_ends_as_the_check_says(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field = Item._meta.get_field("user")
    user = make_item().user

    monkeypatch.setattr(field.remote_field, "on_delete", getattr(models, rule))

    if run_check(field):
        words = r"service web can't .*app\.items, which belongs to app_owner \(service api\)"
        with acting_as("web"), pytest.raises(ServiceError, match=words), transaction.atomic():
            user.delete()
        return
    with acting_as("web"):
        user.delete()
    assert not Item.objects.exists()


def run_check(field: Any) -> list[CheckMessage]:
    return [message for message in check_deletes(None) if message.obj is field]


# --- E018 ------------------------------------------------------------------------------------------------------------
def test_actions_of_the_project_are_those_of_its_contracts(run: RunCheck) -> None:
    assert run("freehold.E018") == []


def test_key_that_holds_another_owners_rows_is_reported_with_the_way_out(bench: Bench) -> None:
    define_key(bench, models.DO_NOTHING)

    (message,) = bench.run("freehold.E018")

    assert str(message) == (
        "items.Thing.entry: (freehold.E018) The foreign key 'entry' of app.thing is ON DELETE NO ACTION of auth.entry "
        "in the database, and the contract of 'auth' for 'app' lets CASCADE, SET NULL, SET DEFAULT.\n"
        "\tHINT: Make it anew with ON DELETE CASCADE or ON DELETE SET NULL or ON DELETE SET DEFAULT "
        '(on_delete=models.DB_CASCADE and its like), or let it: on_delete=("CASCADE", "SET NULL", "SET DEFAULT", '
        '"NO ACTION") of Contract("auth", consumer="app").'
    )


def test_set_null_where_none_may_stand_is_reported(bench: Bench) -> None:
    entry = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    field = models.ForeignKey(entry, models.DB_SET_NULL)
    bench.define("Thing", meta={"db_table": "app.thing"}, entry=field)

    assert "is ON DELETE SET NULL of auth.entry in the database, of a column that" in bench.run("freehold.E018")[0].msg


@pytest.mark.parametrize("name", ["DB_CASCADE", "DB_SET_NULL", "DB_SET_DEFAULT", "CASCADE"])
@pytest.mark.parametrize("kind", [models.ForeignKey, models.OneToOneField])
def test_action_that_is_let_or_reported_otherwise_is_silent(name: str, kind: Any, bench: Bench) -> None:
    define_key(bench, getattr(models, name), kind=kind)

    assert bench.run("freehold.E018") == []


@pytest.mark.parametrize("options", [{"managed": False}, {"db_constraint": False}], ids=str)
def test_key_without_a_constraint_holds_nothing(options: dict[str, bool], bench: Bench) -> None:
    define_key(bench, models.DO_NOTHING, **options)

    assert bench.run("freehold.E018") == []


def test_key_of_a_placed_app_is_reported(placed: Callable[..., None], bench: Bench) -> None:
    define_key(bench, models.CASCADE, "runs")

    assert "'entry' of app.thing is ON DELETE NO ACTION of" in bench.run("freehold.E018")[0].msg


def test_contract_may_let_it(placed: Callable[..., None], bench: Bench) -> None:
    letting = Contract("auth", consumer="app", reference={"user": ("id",)}, on_delete=("NO ACTION", "CASCADE"))
    placed(contracts=(letting,))
    define_key(bench, models.CASCADE, "runs")
    assert bench.run("freehold.E018") == []
    placed(contracts=(replace(letting, on_delete=("CASCADE",)),))
    assert "lets CASCADE." in bench.run("freehold.E018")[0].msg


def test_contract_lets_nothing_but_what_it_names(placed: Callable[..., None], bench: Bench) -> None:
    placed(contracts=(Contract("auth", consumer="app", reference={"user": ("id",)}, on_delete=("SET NULL",)),))
    define_key(bench, models.DB_CASCADE)

    assert "is ON DELETE CASCADE of auth.entry" in bench.run("freehold.E018")[0].msg
