"""Every table has one owner: the map's apps and the models agree, and what lies in the database is the map's."""

import pytest
from django.apps import apps
from django.db import connection, models

from freehold.ownership import get_ownership

MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]

# Django's own, under its two names, and what is for functions of the database alone.
WITHOUT_MODELS = {"django_migrations", "public.django_migrations", "seal.ticket_key", "limits.counter"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_lies_in_the_schema_of_its_app(model: type[models.Model]) -> None:
    schema = get_ownership().find_schema_of_app(model._meta.app_label)

    assert schema is not None, f"{model._meta.label} is in no schema: name its app in config/ownership.py"
    assert model._meta.db_table.startswith(f"{schema.name}."), model._meta.db_table


@pytest.mark.postgresql
@pytest.mark.django_db
def test_every_table_belongs_to_its_schemas_owner() -> None:
    declared = {schema.name: schema.owner for schema in get_ownership().schemas}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_get_userbyid(n.nspowner)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            """
        )
        found = cursor.fetchall()

    assert {(schema, name): owner for schema, name, owner, _ in found if owner != declared.get(schema)} == {}
    assert {name for schema, name, *_ in found if schema == "public" and not name.endswith(("_pkey", "_seq"))} >= {
        "django_migrations",
        "migration_history",
    }


@pytest.mark.django_db
def test_every_table_in_the_database_has_a_model() -> None:
    with connection.cursor() as cursor:
        tables = {table.name for table in connection.introspection.get_table_list(cursor)}

    assert tables - {model._meta.db_table for model in MODELS} <= WITHOUT_MODELS
