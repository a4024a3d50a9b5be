"""Every model's table gets the prefix once, whoever defines the model."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import models
from django.db.models.signals import class_prepared

from conformance import placing


@pytest.fixture
def registry() -> Iterator[Apps]:
    """An empty registry, while models are placed."""
    placing.install("conformance.")
    yield Apps()
    class_prepared.disconnect(dispatch_uid="conformance")


def define(name: str, registry: Any, base: Any = models.Model, **attributes: Any) -> Any:
    proxy = {"proxy": True} if base is not models.Model else {}
    meta = type("Meta", (), {"app_label": "lab", "apps": registry, **proxy, **attributes.pop("meta", {})})
    return type(name, (base,), {"Meta": meta, "__module__": __name__, **attributes})


def test_model_and_its_many_to_many_table_are_placed(registry: Apps) -> None:
    item = define("Item", registry, others=models.ManyToManyField("self"))

    assert item._meta.db_table == "conformance.lab_item"
    assert item._meta.get_field("others").m2m_db_table() == "conformance.lab_item_others"


def test_model_with_table_of_its_own_is_placed(registry: Apps) -> None:
    assert define("Item", registry, meta={"db_table": "things"})._meta.db_table == "conformance.things"


def test_proxy_has_the_table_of_its_parent(registry: Apps) -> None:
    item = define("Item", registry)

    assert define("Proxy", registry, item)._meta.db_table == "conformance.lab_item"


def test_django_s_record_of_migrations_stays() -> None:
    model = SimpleNamespace(_meta=SimpleNamespace(db_table="django_migrations"))

    placing.place("conformance.", model)

    assert model._meta.db_table == "django_migrations"


def test_name_of_the_control_is_shortened_as_django_does() -> None:
    name = placing.rename("x" * 63, "conformance_")

    assert (len(name), name[:12]) == (63, "conformance_")


def test_name_in_a_schema_keeps_its_whole_length() -> None:
    assert placing.rename("x" * 63, "conformance.") == "conformance." + "x" * 63
