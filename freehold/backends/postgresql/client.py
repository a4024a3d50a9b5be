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
        from freehold.embedded.facade import get_psql, get_variables  # see base.py

        # Where to connect stands in the environment, in the place of what the caller's shell may have set.
        bare = {**settings_dict, "HOST": "", "PORT": "", "OPTIONS": {}}
        (_, *arguments), _ = super().settings_to_cmd_args_env(bare, parameters)
        return get_psql(path, arguments)[0], get_variables(path)
