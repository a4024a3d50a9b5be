"""E034 and W031: services and tables that policies leave out."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.db.models import Model

from freehold.checks.policy_places import is_ruled
from freehold.checks.row_policies import is_read_by_contract
from freehold.checks.subjects import AppConfigs, check_of_owners, iter_models, split_table
from freehold.ownership import Ownership
from freehold.protected import find_declared
from freehold.rls.policy import find_policies


@check_of_owners
def _check_services_covered(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E034: each service with rights on a table that has policies has one of its own there. An empty tuple closes a
    table to all, on purpose."""
    for model in iter_models(app_configs):
        covered = {policy.service for policy in find_policies(model) or ()}
        schema, _ = split_table(model, ownership)
        for service in ownership.services if covered and is_ruled(schema, ownership) else ():
            reads = schema in service.reads or is_read_by_contract(model, service.name, ownership)
            writes = schema in service.writes
            if service.name not in covered and (reads or writes):
                what, command = (" and can write none", "") if writes else ("", 'command="select", ')
                begin = f'Policy("…", service="{service.name}", {command}'
                yield checks.Error(
                    f"The service {service.name!r} has rights on {model._meta.db_table!r} and no policy among those of "
                    f"{model._meta.label}: it sees no row there{what}.",
                    hint=f"Add {begin}everything=True), or with using= for some rows; where none is meant, "
                    f"{begin}using=Q(pk__in=[])).",
                    obj=model,
                    id="freehold.E034",
                )


@check_of_owners
def check_tables_protected(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """W031: a table with a user's rows, in a schema where other tables have policies, has some too."""
    protected = {split_table(model, ownership)[0] for model in iter_models(None) if find_policies(model)}
    for model in iter_models(app_configs):
        users = _list_user_fields(model) if model._meta.managed and find_declared(model) is None else ()
        if users and split_table(model, ownership)[0] in protected:
            yield checks.Warning(
                f"The rows of {model._meta.db_table!r} belong to users ({users[0]}), and each service with rights on "
                f"the table reaches all of them: it has no policies, as other tables of its schema have.",
                hint=f'Declare them: policies = (Policy("own", service=…, using=Q({users[0]}_id=CurrentUser())), …); '
                f"or an empty tuple, which closes the table to every service.",
                obj=model,
                id="freehold.W031",
            )


def _list_user_fields(model: type[Model]) -> list[str]:
    user = settings.AUTH_USER_MODEL.lower()
    related = ((field.name, field.remote_field.model) for field in model._meta.local_fields if field.remote_field)
    return [name for name, found in related if not isinstance(found, str) and found._meta.label_lower == user]
