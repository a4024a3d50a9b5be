"""E034 and W031: services and tables that policies leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.db.models import Model

from freehold.checks.policies import get_schema, is_read_by_contract
from freehold.checks.subjects import AppConfigs, find_governing, iter_models
from freehold.ownership import Ownership, Service
from freehold.rls.declaration import find_declared, find_policies


# --- E034: services that were left out -------------------------------------------------------------------------------
def check_services_covered(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E034: each service with rights on a table that has policies has one of its own there."""
    ownership = find_governing()
    if ownership is None:
        return []
    return [
        _report_uncovered(model, service, ownership)
        for model in iter_models(app_configs)
        if model._meta.managed
        for service in _iter_uncovered(model, ownership)
    ]


def _iter_uncovered(model: type[Model], ownership: Ownership) -> Iterator[Service]:
    """Yield the services with rights and without a policy. An empty tuple closes a table to all, on purpose."""
    covered = {policy.service for policy in find_policies(model) or ()}
    schema = get_schema(model, ownership)
    for service in ownership.services if covered else ():
        has_rights = schema in (*service.writes, *service.reads) or is_read_by_contract(model, service.name, ownership)
        if has_rights and service.name not in covered:
            yield service


def _report_uncovered(model: type[Model], service: Service, ownership: Ownership) -> CheckMessage:
    writes = get_schema(model, ownership) in service.writes
    what, command = (" and can write none", "") if writes else ("", 'command="select", ')
    begin = f'Policy("…", service="{service.name}", {command}'
    return checks.Error(
        f"The service {service.name!r} has rights on {model._meta.db_table!r} and no policy among those of "
        f"{model._meta.label}: it sees no row there{what}.",
        hint=f"Add {begin}everything=True), or with using= for some rows; where none is meant, "
        f"{begin}using=Q(pk__in=[])).",
        obj=model,
        id="freehold.E034",
    )


# --- W031: tables that were left out ---------------------------------------------------------------------------------
def check_tables_protected(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """W031: a table with a user's rows, in a schema where other tables have policies, has some too."""
    ownership = find_governing()
    if ownership is None:
        return []
    protected = {get_schema(model, ownership) for model in iter_models(None) if find_policies(model)}
    return [
        _report_open(model, name)
        for model in iter_models(app_configs)
        if get_schema(model, ownership) in protected and model._meta.managed and find_declared(model) is None
        for name in _list_user_fields(model)[:1]
    ]


def _list_user_fields(model: type[Model]) -> list[str]:
    user = settings.AUTH_USER_MODEL.lower()
    related = ((field.name, field.remote_field.model) for field in model._meta.local_fields if field.remote_field)
    return [name for name, found in related if not isinstance(found, str) and found._meta.label_lower == user]


def _report_open(model: type[Model], name: str) -> CheckMessage:
    return checks.Warning(
        f"The rows of {model._meta.db_table!r} belong to users ({name}), and each service with rights on the table "
        f"reaches all of them: it has no policies, as other tables of its schema have.",
        hint=f'Declare them: policies = (Policy("own", service=…, using=Q({name}_id=CurrentUser())), …); or an empty '
        f"tuple, which closes the table to every service.",
        obj=model,
        id="freehold.W031",
    )
