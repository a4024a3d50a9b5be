"""What the checks look at, the models and the ownership map, and how a check of the map is registered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, register
from django.db.models import Model

from freehold.ownership import Ownership, find_ownership
from freehold.ownership.spelling import split_name

TAG: Final = "freehold"
AppConfigs = Sequence[AppConfig] | None  # what Django hands to a check: None stands for every installed app
_Rule = Callable[[AppConfigs, Ownership], Iterable[CheckMessage]]
_Check = Callable[..., list[CheckMessage]]


def find_governing() -> Ownership | None:
    """Give the project's map where it says whose tables are; None where it is for placement alone, or there is none."""
    ownership = find_ownership()
    return ownership if ownership and ownership.has_roles else None


def check_of_owners(rule: _Rule) -> _Check:
    """Register a check of the map as far as it says whose tables are: without one that does, nothing is found."""
    return _register(rule, find_governing)


def check_of_placement(rule: _Rule) -> _Check:
    """Register a check of the map as far as it says where tables lie: without one, nothing is found."""
    return _register(rule, find_ownership)


def _register(rule: _Rule, find: Callable[[], Ownership | None]) -> _Check:
    def check(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
        ownership = find()
        return list(rule(app_configs, ownership)) if ownership else []

    check.__name__ = rule.__name__
    return register(check, TAG)


def list_app_configs(app_configs: AppConfigs) -> list[AppConfig]:
    return list(apps.get_app_configs() if app_configs is None else app_configs)


def iter_models(app_configs: AppConfigs) -> Iterator[type[Model]]:
    """Yield each model with a table of its own name, tables between many-to-many fields and unmanaged ones included."""
    for config in list_app_configs(app_configs):
        yield from (model for model in config.get_models(include_auto_created=True) if not model._meta.proxy)


def list_models() -> dict[str, type[Model]]:
    """Give the models of all installed apps, each by its table."""
    return {model._meta.db_table: model for model in iter_models(None)}


def split_table(model: type[Model], ownership: Ownership) -> tuple[str, str]:
    """Give the schema and the bare name of a model's table; the schema is empty where it lies in none of the map."""
    return split_name(model._meta.db_table, ownership.schema_names)
