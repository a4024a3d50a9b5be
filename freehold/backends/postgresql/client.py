"""`manage.py dbshell`, also into an embedded server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client


class DatabaseClient(client.DatabaseClient):
    """Finds an embedded server, and the psql that came with it: there may be no other on the machine."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Give psql's arguments and environment. Starts an embedded server that is not running."""
        path = settings_dict["OPTIONS"].get("embedded")
        if not path:
            return super().settings_to_cmd_args_env(settings_dict, parameters)
        (_, *arguments), environment = super().settings_to_cmd_args_env(
            _add_embedded_address(settings_dict, path), parameters
        )
        return [get_embedded_psql(path), *arguments], {**(environment or {}), **get_embedded_variables(path)}


def _add_embedded_address(settings_dict: dict[str, Any], path: str) -> dict[str, Any]:
    """Give the settings with the embedded server's host and port, and the passfile among the options."""
    from freehold.embedded import get_address  # see base.get_embedded_address

    address = get_address(path)
    place = {"HOST": address.pop("host"), "PORT": address.pop("port")}
    return {**settings_dict, **place, "OPTIONS": {**settings_dict["OPTIONS"], **address}}


def get_embedded_variables(path: str) -> dict[str, str]:
    """Give libpq's variables for the embedded server, in the place of those that the caller's shell may have set."""
    from freehold.embedded.clients import get_variables  # see base.get_embedded_address

    return get_variables(path)


def get_embedded_psql(path: str) -> str:
    """Give the psql that belongs to the embedded server below `path`: an older one would not know all of it."""
    from freehold.embedded.binaries import get_installation  # see base.get_embedded_address
    from freehold.embedded.clusters import read_major
    from freehold.embedded.directories import get_directory

    return str(get_installation(None, major=read_major(get_directory(path))).bin / "psql")
