"""Third-party tables get their schema, in models and in migrations, and Django sees no difference."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RenameIndex
from django.db.migrations.state import ModelState, ProjectState
from django.test import override_settings
from django.test.utils import isolate_apps

from config.ownership import OWNERSHIP
from freehold.placement import get_placed_name, install

TABLES = {
    "contenttypes.ContentType": "auth.django_content_type",
    "auth.Group": "auth.auth_group",
    "auth.Permission": "auth.auth_permission",
    "auth.Group_permissions": "auth.auth_group_permissions",
    "admin.LogEntry": "auth.django_admin_log",
}


@pytest.mark.parametrize(("model", "table"), TABLES.items())
def test_model_of_a_placed_app_lies_in_the_schema_of_the_map(model: str, table: str) -> None:
    assert apps.get_model(model)._meta.db_table == table


def test_table_between_many_to_many_fields_has_one_name_everywhere() -> None:
    field = Group._meta.get_field("permissions")

    assert field.m2m_db_table() == field.remote_field.through._meta.db_table == "auth.auth_group_permissions"


@pytest.mark.parametrize(("model", "table"), TABLES.items())
def test_historical_model_lies_where_the_model_does(model: str, table: str) -> None:
    loader = MigrationLoader(None)
    state = loader.project_state([key for key in loader.graph.leaf_nodes() if key[0] in {"auth", "admin"}])

    assert state.apps.get_model(model)._meta.db_table == table


@pytest.mark.parametrize("app", ["auth", "contenttypes", "admin"])
def test_makemigrations_sees_no_difference(app: str) -> None:
    loader = MigrationLoader(None)

    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))

    assert detector.changes(loader.graph, trim_to_apps={app}) == {}


def define(app: str, **meta: Any) -> type[models.Model]:
    """Give a model of the app."""
    options = type("Meta", (), {"app_label": app, **meta})
    return type("Thing", (models.Model,), {"__module__": __name__, "Meta": options})


@isolate_apps()
def test_name_given_in_meta_is_kept_behind_the_schema() -> None:
    model = define("admin", db_table="things")

    assert model._meta.db_table == "auth.things"
    assert model._meta.original_attrs["db_table"] == "things"


@isolate_apps()
def test_name_with_a_schema_of_its_own_stays() -> None:
    assert define("admin", db_table="app.things")._meta.db_table == "app.things"


@isolate_apps()
def test_proxy_lies_where_its_parent_does() -> None:
    parent = define("admin")
    options = type("Meta", (), {"app_label": "admin", "proxy": True})

    proxy = type("Proxy", (parent,), {"__module__": __name__, "Meta": options})

    assert proxy._meta.db_table == parent._meta.db_table == "auth.admin_thing"


@isolate_apps()
@pytest.mark.parametrize("app", ["items", "unknown"])
def test_model_of_any_other_app_keeps_its_name(app: str) -> None:
    assert define(app)._meta.db_table == f"{app}_thing"


@isolate_apps()
def test_project_without_a_map_is_left_alone() -> None:
    with override_settings(OWNERSHIP=None):
        assert define("admin")._meta.db_table == "admin_thing"


@isolate_apps()
def test_app_added_to_the_map_is_placed() -> None:
    with override_settings(OWNERSHIP="tests.freehold.maps.WITH_SITES"):
        assert define("sites")._meta.db_table == "auth.sites_thing"
    assert define("unknown")._meta.db_table == "unknown_thing"


@isolate_apps()
def test_install_again_places_once() -> None:
    install()

    assert define("admin")._meta.db_table == "auth.admin_thing"
    assert get_placed_name("auth.admin_thing", "admin", OWNERSHIP) == "auth.admin_thing"


# --- Names of indexes ------------------------------------------------------------------------------------------------
def define_indexed(app: str, table: str, **options: Any) -> type[models.Model]:
    meta = {"app_label": app, "db_table": table, "indexes": [models.Index(fields=["-a"])], **options}
    attributes = {"__module__": __name__, "Meta": type("Meta", (), meta), "a": models.IntegerField()}
    return type("Thing", (models.Model,), attributes)


def list_index_names(model: type[models.Model]) -> list[str]:
    return [index.name for index in model._meta.indexes]


@isolate_apps()
@pytest.mark.parametrize(("app", "table"), [("items", "app.things"), ("admin", "things")], ids=["own", "placed"])
def test_index_without_a_name_is_called_as_without_a_schema(app: str, table: str) -> None:
    with override_settings(OWNERSHIP=None), isolate_apps():
        expected = list_index_names(define_indexed("items", "things"))

    model = define_indexed(app, table)

    assert list_index_names(model) == expected == ["things_a_902c31_idx"]
    assert model._meta.db_table.partition(".")[2] == "things"


@isolate_apps()
def test_index_of_an_abstract_model_is_named_for_each_table() -> None:
    options = type("Meta", (), {"abstract": True, "indexes": [models.Index(fields=["a"])]})
    base = type("Base", (models.Model,), {"__module__": __name__, "Meta": options, "a": models.IntegerField()})
    names = []
    for table in ("app.stones", "app.trees"):
        options = type("Meta", (base.Meta,), {"app_label": "items", "db_table": table})
        model = type(table.partition(".")[2], (base,), {"__module__": __name__, "Meta": options})
        names += list_index_names(model)

    assert [name.partition("_")[0] for name in names] == ["stones", "trees"]


@isolate_apps()
def test_index_with_a_name_of_its_own_keeps_it() -> None:
    given = models.Index(fields=["a"], name="app.things_a_idx")

    assert list_index_names(define_indexed("items", "app.things", indexes=[given])) == ["app.things_a_idx"]


@isolate_apps("items")
def test_index_that_a_migration_made_with_a_dot_is_renamed_by_makemigrations() -> None:
    now = ModelState.from_model(define_indexed("items", "app.things"))
    before = now.clone()
    before.options["indexes"] = [models.Index(fields=["-a"], name="app.things_a_9b0c1d_idx")]
    old, new = ProjectState(), ProjectState()
    old.add_model(before)
    new.add_model(now)

    changes = MigrationAutodetector(old, new)._detect_changes()

    (operation,) = changes["items"][0].operations
    assert isinstance(operation, RenameIndex)
    assert (operation.old_name, operation.new_name) == ("app.things_a_9b0c1d_idx", "things_a_902c31_idx")
    assert list_index_names(old.apps.get_model("items", "thing")) == ["app.things_a_9b0c1d_idx"]
