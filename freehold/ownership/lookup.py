"""Finds the project's ownership map."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from freehold.errors import OwnershipError
from freehold.ownership.map import Ownership
from freehold.ownership.validation import validate


def find_ownership() -> Ownership | None:
    """Give the project's map, or None where it has none: the backends may be used by themselves."""
    return get_ownership() if getattr(settings, "OWNERSHIP", None) else None


def get_ownership() -> Ownership:
    """Give the map that `settings.OWNERSHIP` names by its dotted path, e.g. `config.ownership.OWNERSHIP`.

    It is validated once a process.

    Raises:
        OwnershipError: the setting is missing, does not name an `Ownership`, or the map contradicts itself.
    """
    path = getattr(settings, "OWNERSHIP", None)
    if not path:
        raise OwnershipError(
            'settings.OWNERSHIP is not set: name the map, e.g. OWNERSHIP = "config.ownership.OWNERSHIP"'
        )
    return load_ownership(path)


@cache
def load_ownership(path: str) -> Ownership:
    try:
        ownership = import_string(path)
    except ImportError as error:
        raise OwnershipError(f"settings.OWNERSHIP names {path!r}, which can't be imported: {error}") from error
    if not isinstance(ownership, Ownership):
        raise OwnershipError(f"settings.OWNERSHIP names {path!r}, which is no freehold.ownership.Ownership")
    validate(ownership)
    return ownership


def get_directory() -> Path:
    """Give the directory of the module that holds the map: files about the map lie beside it.

    Raises:
        OwnershipError: see `get_ownership`.
    """
    get_ownership()
    module = import_module(settings.OWNERSHIP.rpartition(".")[0])
    return Path(str(module.__file__)).parent
