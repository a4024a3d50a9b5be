"""What the engine does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

from freehold.backends.signals import database_created
from freehold.groups import fill_groups
from freehold.ownership import get_ownership
from freehold.ownership.administration import bootstrap_database


def connect() -> None:
    """Listen. A second time changes nothing."""
    pre_migrate.connect(listen_last, dispatch_uid="freehold.groups")
    database_created.connect(hand_out, dispatch_uid="freehold.ownership")


def listen_last(**kwargs: Any) -> None:
    """Listen for `post_migrate` behind Django's own receiver, which makes the permissions that groups get.

    Receivers are called in the order they came in, and the engine is the first app to be ready.
    """
    post_migrate.connect(fill_groups, dispatch_uid="freehold.groups")


def hand_out(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new test database its roles, owners and rights, where the map has any. Receives `database_created`."""
    if getattr(settings, "OWNERSHIP", None) and get_ownership().has_roles:
        bootstrap_database(connection, get_ownership())
