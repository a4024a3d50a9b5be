"""Who may do what in the admin site: what the map gives a group, less what nobody or only a superuser may."""

from __future__ import annotations

from django.apps import apps
from django.test import Client

from freehold.ownership import Group, get_ownership
from tests.admin.pages import Model
from tests.auth_app.factories import make_staff, make_superuser

ACTIONS = ("view", "add", "change", "delete")
GROUPS = {group.name: group for group in get_ownership().groups}
SUPERUSER = "superuser"
EVERYBODY = (SUPERUSER, *GROUPS)
NEVER = {  # refused to everyone, superusers included
    "admin.LogEntry": {"add", "change", "delete"},
    "auth_app.PhoneVerification": {"add", "change"},
    "auth_app.Session": {"add", "change", "delete"},
    "freehold.MigrationHistory": {"add", "change", "delete"},
    "tenancy.ApiKey": {"change"},  # a key that is made; revoking one needs the right to change
    "tenancy.Invitation": {"add", "change"},  # its secret is shown to whoever invites
    "tenancy.ServiceToken": {"add", "change"},  # `manage.py servicetoken` makes it
}
SUPERUSERS_ALONE = {"auth.Group": {"add", "change", "delete"}}


def holds(group: Group, model: Model, action: str) -> bool:
    """Whether the map gives the group this action on the model."""
    if action == "view" and {"add", "change"} & set(group.actions) and model in list_referred(group):
        return True
    return is_of(group, model) and action in group.actions


def is_of(group: Group, model: Model) -> bool:
    schema = get_ownership().find_schema_of_app(model._meta.app_label)
    return schema is not None and schema.name in group.schemas


def list_referred(group: Group) -> set[Model]:
    """What the group's tables refer to."""
    own = [model for model in apps.get_models() if is_of(group, model)]
    return {
        field.related_model
        for model in own
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation
    }


def may(who: str, model: Model, action: str) -> bool:
    """Whether a superuser, or a member of the group of that name, may do this."""
    if action in NEVER.get(model._meta.label, set()):
        return False
    if who == SUPERUSER:
        return True
    return holds(GROUPS[who], model, action) and action not in SUPERUSERS_ALONE.get(model._meta.label, set())


def sign_in(who: str) -> Client:
    client = Client()
    client.force_login(make_superuser() if who == SUPERUSER else make_staff(who))
    return client
