"""Lets what third-party apps do after `migrate` be done as the owner of their own tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

from freehold.acting.roles import using_role
from freehold.ownership import Ownership

CONTENT_TYPES = "contenttypes"
_Receiver = Callable[..., Any]


@contextmanager
def receivers_as_owners(connection: BaseDatabaseWrapper, ownership: Ownership) -> Iterator[None]:
    """Call each receiver of `post_migrate` inside the block as the owner of the schema that its app is placed in.

    `django.contrib.sites` writes its first row there. A receiver of an app that is not placed runs as whoever the
    connection is then: the owner of Django's content types and permissions. Signals have no hook for this.
    """
    signal: Any = post_migrate

    def list_live(sender: Any) -> tuple[list[_Receiver], list[_Receiver]]:
        receivers, asynchronous = type(signal)._live_receivers(signal, sender)
        return [_as_owner(receiver, connection, ownership) for receiver in receivers], asynchronous

    signal._live_receivers = list_live
    try:
        yield
    finally:
        del signal._live_receivers


def _as_owner(receiver: _Receiver, connection: BaseDatabaseWrapper, ownership: Ownership) -> _Receiver:
    """Give the receiver so that it runs as the owner of its app's tables; as it is, where its app is not placed."""
    config = apps.get_containing_app_config(getattr(receiver, "__module__", ""))
    schema = ownership.find_schema_of_app(config.label) if config else None
    if config is None or schema is None or config.label not in schema.places:
        return receiver
    if schema == ownership.find_schema_of_app(CONTENT_TYPES):
        return receiver  # the connection is that owner already

    def receive(**details: Any) -> Any:
        if details.get("using") != connection.alias:
            return receiver(**details)
        with using_role(connection, schema.owner):
            return receiver(**details)

    return receive
