"""What the checks look at: the models and the ownership map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import AppConfig, apps
from django.db.models import Model

from freehold.ownership import Ownership, find_ownership as find_ownership

AppConfigs = Sequence[AppConfig] | None  # what Django hands to a check: None stands for every installed app


def find_governing() -> Ownership | None:
    """Give the project's map where it says whose tables are; None where it is for placement alone, or there is none."""
    ownership = find_ownership()
    return ownership if ownership and ownership.has_roles else None


def list_app_configs(app_configs: AppConfigs) -> list[AppConfig]:
    return list(apps.get_app_configs() if app_configs is None else app_configs)


def iter_models(app_configs: AppConfigs) -> Iterator[type[Model]]:
    """Yield each model with a table of its own name, tables between many-to-many fields and unmanaged ones included."""
    for config in list_app_configs(app_configs):
        yield from (model for model in config.get_models(include_auto_created=True) if not model._meta.proxy)
