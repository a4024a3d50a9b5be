"""docs/backend.md, step by step, on two projects of the older kind: the commands are read from the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.freehold.adoption.conftest import Project, read_commands

pytestmark = pytest.mark.postgresql

ENGINE = (
    '"ENGINE": "django.db.backends.postgresql",',
    '"ENGINE": "freehold.backends.postgresql",\n        "OPTIONS": {"schemas": ["sales", "public"]},',
)
NOTHING = "System check identified no issues (0 silenced).\n"
WARNING = re.compile(r"^(shop\.\w+): \((freehold\.W\d+)\) (.*)$", re.MULTILINE)
HINT = re.compile(r"migration: (.*)$", re.MULTILINE)
LOCATIONS = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname ~ '^(shop_)?(tag|order|customer)' AND n.nspname IN ('public', 'sales') ORDER BY 1
"""
CATALOGUE = """
    SELECT pg_get_constraintdef(k.oid), 'constraint' FROM pg_constraint k WHERE k.connamespace = 'sales'::regnamespace
    UNION ALL
    SELECT pg_get_indexdef(c.oid), 'index' FROM pg_class c
    WHERE c.relkind = 'i' AND c.relnamespace = 'sales'::regnamespace
    UNION ALL
    SELECT s.seqrelid::regclass::text, s.seqtypid::regtype::text
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
    WHERE c.relnamespace = 'sales'::regnamespace
    ORDER BY 1, 2
"""
FOUND = """
shop.Customer W010 The index sales.customer_code_4c250607_like
shop.Customer W010 The index sales.customer_name_c001e930
shop.Customer W010 The index sales.customer_name_c001e930_like
shop.Customer W011 The unique constraint customer_code_key of sales.customer
shop.Customer W012 The CHECK constraint customer_points_check of sales.customer
shop.Customer W013 The foreign key customer_referrer_id_6816163d_fk_customer_id of sales.customer
shop.Customer W015 The sequence sales.customer_id_seq of sales.customer.id has the type integer and its column bigint
shop.Order W010 The index sales.order_number_idx
shop.Order W014 The foreign key order_customer_id_9da9253f_fk_customer_id of sales.order does what \
order_customer_id_9da9253f_fk does, which is newer
"""
ENDS = (" is in the database 'default', and no model asks for it.", ", in the database 'default'.")


def read_steps(heading: str) -> Iterator[str]:
    return iter(read_commands(heading))


def shorten(label: str, check_id: str, text: str) -> str:
    """Give a warning without the words that all of its kind end in."""
    end = ENDS[check_id in {"freehold.W014", "freehold.W015"}]
    assert text.endswith(end)
    return f"{label} {check_id.removeprefix('freehold.')} {text.removesuffix(end)}"


def test_project_in_public_moves_its_tables_step_by_step(open_sample: Callable[[str], Project]) -> None:
    project, steps = open_sample("public"), read_steps("From a project with everything in `public`")
    project.run("python manage.py migrate")
    project.run("python manage.py shell -c 'from shop.models import Tag; Tag.objects.create(name=\"kept\")'")

    project.edit("settings.py", ENGINE)
    project.run(next(steps))
    assert project.run(next(steps)) == "No changes detected\n"
    project.edit(
        "shop/models.py",
        ("unique=True)\n", 'unique=True)\n\n    class Meta:\n        db_table = "sales.tag"\n'),
        ("(Tag)\n", '(Tag)\n\n    class Meta:\n        db_table = "sales.order"\n'),
    )
    project.run(next(steps))
    create = 'migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS sales", migrations.RunSQL.noop),'
    project.edit("shop/migrations/0002_to_sales.py", ("operations = [", f"operations = [\n        {create}"))
    project.run(next(steps))

    assert project.run(next(steps)) == NOTHING
    assert list(steps) == []
    tables = [name for name in project.fetch(LOCATIONS) if not name.endswith(("_seq", "_pkey")) and "_id_" not in name]
    assert {name.partition(".")[0] for name in project.fetch(LOCATIONS)} == {"sales"}
    assert {"sales.tag", "sales.order", "sales.order_tags"} <= set(tables)
    assert project.fetch("SELECT name FROM sales.tag") == ["kept"]
    assert project.run("python manage.py makemigrations --check --dry-run") == "No changes detected\n"


def test_project_with_quotes_finds_and_mends_what_was_left_over_step_by_step(
    open_sample: Callable[[str], Project],
) -> None:
    project, steps = open_sample("quoted"), read_steps("From a project that puts quotes into the name")
    project.run("python manage.py migrate")

    project.edit("settings.py", ENGINE)
    project.run(next(steps))
    project.edit(
        "shop/models.py", *((f'\'"sales"."{name}"\'', f'"sales.{name}"') for name in ("tag", "customer", "order"))
    )
    before = project.fetch(CATALOGUE)
    assert "Rename table for customer to sales.customer" in project.run(next(steps))
    project.run(next(steps))
    assert project.fetch(CATALOGUE) == before

    found = project.run(next(steps))
    assert sorted(shorten(*each) for each in WARNING.findall(found)) == FOUND.strip().splitlines()

    project.run(next(steps))
    statements = "".join(f"            {line!r},\n" for line in HINT.findall(found))
    project.edit(
        "shop/migrations/0004_leftovers.py",
        ("operations = [", f"operations = [\n        migrations.RunSQL([\n{statements}        ])"),
    )
    project.run(next(steps))
    assert project.run(next(steps)) == NOTHING
    assert list(steps) == []

    mended = project.fetch(CATALOGUE)
    drop(project)
    project.run("python manage.py migrate")
    assert project.fetch(CATALOGUE) == mended
    assert project.run("python manage.py check --database default") == NOTHING


def drop(project: Project) -> None:
    """Empty the database, as a new one is."""
    with psycopg.connect(**project.server) as connection:
        connection.execute("DROP SCHEMA sales, public CASCADE; CREATE SCHEMA public")


def test_migration_that_waits_and_a_model_ahead_of_it_are_no_leftovers(open_sample: Callable[[str], Project]) -> None:
    project = open_sample("new")
    project.run("python manage.py migrate shop 0001")

    waiting = project.run("python manage.py check --database default")
    project.run("python manage.py migrate")
    project.edit("shop/models.py", ("max_length=20", "max_length=20, db_index=True"))
    project.run("python manage.py makemigrations shop --name again")
    project.run("python manage.py migrate")
    project.edit("shop/models.py", (", db_index=True", ""))

    assert waiting == NOTHING
    assert project.run("python manage.py check --database default") == NOTHING


def test_server_that_does_not_answer_is_left_to_other_commands(open_sample: Callable[[str], Project]) -> None:
    project = open_sample("new")
    project.environment["PGPORT"] = "1"

    assert project.run("python manage.py check --database default") == NOTHING
