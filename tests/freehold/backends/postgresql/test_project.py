"""A small project with the backend alone: its schemas in OPTIONS, no map, Django's own commands and test runner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.postgresql

ROOT = Path(__file__).resolve().parents[4]
DATABASE = f"scratch_project_{os.getpid()}"

SETTINGS = """
import json, os
SECRET_KEY = "x"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["shop"]  # no content types: those that each flush makes anew would stand in the way of Restored
DATABASES = {"default": json.loads(os.environ["PROJECT_DATABASE"])}
"""
MODELS = """
from django.db import models

class Customer(models.Model):
    code = models.CharField(max_length=9, unique=True)
    class Meta:
        db_table = "shop.customer"

class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    follows = models.ManyToManyField("self", symmetrical=False)
    class Meta:
        db_table = "shop.order"
"""
FILL = """
def fill(apps, editor):
    apps.get_model("shop", "Customer").objects.create(code="first")
"""
DATA = """
from django.db import migrations
from shop.data import fill

DECOY = "CREATE TABLE other.customer AS SELECT 1 AS id; CREATE TABLE other.order AS SELECT 1 AS id"

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunSQL(DECOY, "DROP TABLE other.customer, other.order"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
"""
TESTS = """
from django.db import connection
from django.test import TestCase, TransactionTestCase
from shop.models import Customer, Order

class Base:
    def check(self):
        customer = Customer.objects.create(code="x")  # its code is unique: a row left by another test is noticed
        Order.objects.create(customer=customer).follows.add(Order.objects.create(customer=customer))
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM other.customer), (SELECT count(*) FROM other.order)")
            self.assertEqual(cursor.fetchone(), (1, 1))

    def test_one(self):
        self.check()

    def test_two(self):
        self.check()

class InTransaction(Base, TestCase): pass

class Flushed(Base, TransactionTestCase):
    reset_sequences = True

    def test_three(self):
        customer = Customer.objects.create(pk=9, code="y")
        self.assertEqual(Order.objects.create(customer=customer).pk, 1)

    test_four = test_three

class Restored(TransactionTestCase):
    serialized_rollback = True

    def check(self):
        self.assertEqual(list(Customer.objects.values_list("code", flat=True)), ["first"])
        Customer.objects.create(code="x")

    test_one = test_two = check
"""
STEPS = """
import io, json, re, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection

def run(*words, **options):
    out = io.StringIO()
    call_command(*words, stdout=out, no_color=True, **{"verbosity": 1, **options})
    return out.getvalue()

def read():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname IN ('shop', 'other') ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]

with connection.cursor() as cursor:
    cursor.execute("CREATE SCHEMA shop; CREATE SCHEMA other")
found = {}
run("makemigrations", "shop")
open("shop/migrations/0002_data.py", "w").write(DATA)
found["sqlmigrate"] = run("sqlmigrate", "shop", "0001")
run("migrate")
found["made"] = read()
found["no changes"] = run("makemigrations", "--check", "--dry-run")
run("dumpdata", "shop", output="dump.json")
run("sqlflush")
run("flush", interactive=False)
found["flushed"] = [len(json.loads(run("dumpdata", "shop"))), read() == found["made"]]
run("loaddata", "dump.json")
found["loaded"] = len(json.loads(run("dumpdata", "shop")))
with connection.cursor() as cursor:
    cursor.execute(run("sqlsequencereset", "shop"))
    cursor.execute("DELETE FROM django_migrations WHERE app = 'shop' AND name = '0001_initial'")
    cursor.execute("DELETE FROM django_migrations WHERE app = 'shop'")
found["fake initial"] = re.findall("FAKED", run("migrate", "shop", "0001", fake_initial=True))
run("migrate", "shop", "0002", fake=True)
run("migrate", "shop", "zero")
found["zero"] = read()
run("squashmigrations", "shop", "0002", interactive=False, squashed_name="all")
run("migrate")
found["squashed"] = read() == found["made"]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def project(server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give a function that runs Python in the project's directory, with a database of the project's own."""
    directory = tmp_path_factory.mktemp("project")
    (directory / "shop" / "migrations").mkdir(parents=True)
    files = {"settings.py": SETTINGS, "shop/models.py": MODELS, "shop/tests.py": TESTS, "shop/data.py": FILL}
    files |= {"shop/__init__.py": "", "shop/migrations/__init__.py": "", "steps.py": f"DATA = {DATA!r}\n{STEPS}"}
    for name, content in files.items():
        (directory / name).write_text(content)
    options = {"options": "-c search_path=public,other", "schemas": ["shop", "other"]}
    entry = {"ENGINE": "freehold.backends.postgresql", "NAME": DATABASE, "OPTIONS": server["OPTIONS"] | options}
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "settings", "PROJECT_DATABASE": json.dumps(entry)}
    environment["PYTHONPATH"] = f"{directory}:{ROOT}"

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    with psycopg.connect(dbname="postgres", **server["OPTIONS"], autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE}")
        yield run
        for name in (DATABASE, *(f"test_{DATABASE}{suffix}" for suffix in ("", "_1", "_2"))):
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def found(project: Any) -> dict[str, Any]:
    """What Django's commands did, one after the other."""
    return json.loads(project("steps.py").splitlines()[-1])


def test_commands_of_a_project_find_its_tables_in_their_schemas(found: dict[str, Any]) -> None:
    assert 'CREATE TABLE "shop"."order"' in found["sqlmigrate"]
    assert [name for name in found["made"] if name.startswith("other.")] == ["other.customer", "other.order"]
    assert {"shop.customer", "shop.order", "shop.order_follows", "shop.order_id_seq"} < set(found["made"])
    assert found["no changes"] == "No changes detected\n"
    assert found["flushed"] == [0, True]
    assert found["loaded"] == 1


def test_migrations_of_a_project_are_faked_taken_back_and_squashed(found: dict[str, Any]) -> None:
    assert found["fake initial"] == ["FAKED"]
    assert found["zero"] == []
    assert found["squashed"] is True


def test_tests_of_a_project_run_in_parallel_on_clones_that_are_kept(project: Any, found: dict[str, Any]) -> None:
    first, second = (project("-m", "django", "test", "--parallel", "2", "--keepdb") for _ in range(2))

    assert "Ran 8 tests" in first
    assert "Ran 8 tests" in second
    assert second.splitlines()[-1].startswith("Preserving test database")
