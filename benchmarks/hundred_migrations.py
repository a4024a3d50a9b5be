"""`migrate` of one app with 100 migrations over stock Django's. Prints two ratios of wall time.

The migrations make tables with foreign keys and indexes, add and change columns, run SQL and code. Everything else is
applied before. Freehold's side brings lock, owner role, limits and history; the second ratio has in it what is done at
the end, whatever the number of migrations: rights and policies, stated and read back. Stock's side is Django's command
and backend, as superuser, with every table in `public`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.server import running_server
from freehold import embedded

ROUNDS = 9
COUNT = 100
LIMIT = 1.35
SIDES = ("stock", "freehold")
APP = "benchmark_plots"
SETTINGS = """
from {base} import *
INSTALLED_APPS = [*INSTALLED_APPS, "{app}"]
OWNERSHIP = "{app}_map.OWNERSHIP"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
MAP = """
from dataclasses import replace
from config.ownership import OWNERSHIP as PROJECT
schemas = (replace(each, apps=(*each.apps, "{app}")) if each.name == "app" else each for each in PROJECT.schemas)
OWNERSHIP = replace(PROJECT, schemas=tuple(schemas))
"""
MIGRATION = """
from django.db import migrations, models

def do_nothing(apps, schema_editor):
    apps.get_model("{app}", "Plot{table}").objects.using(schema_editor.connection.alias).count()

class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [{operation}]
"""
TABLE = """migrations.CreateModel("Plot{table}", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=80, db_index=True)),
    ("before", models.ForeignKey("{app}.Plot{before}", models.CASCADE, null=True)),
], options={{"db_table": "app.plot{table}"}})"""
KINDS = (  # ten in turn, each about the table that the first of the ten made
    TABLE,
    'migrations.AddField("plot{table}", "size", models.IntegerField(null=True))',
    'migrations.AddField("plot{table}", "code", models.TextField(default="", db_default=""))',
    'migrations.AddIndex("plot{table}", models.Index(fields=["size"], name="plot{table}_size_idx"))',
    'migrations.RunSQL("SELECT 1", migrations.RunSQL.noop)',
    "migrations.RunPython(do_nothing, migrations.RunPython.noop)",
    'migrations.AlterField("plot{table}", "name", models.CharField(max_length=120, db_index=True))',
    'migrations.RenameField("plot{table}", "code", "label")',
    'migrations.AddConstraint("plot{table}", models.UniqueConstraint(fields=["size"], name="plot{table}_size_key"))',
    'migrations.RemoveField("plot{table}", "label")',
)


def main() -> None:
    """Print the ratio, with what it is made of."""
    times: dict[str, list[tuple[float, float]]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as directory, running_server() as path:
        write_app(Path(directory))
        for turn in range(ROUNDS):
            for side in SIDES if turn % 2 else reversed(SIDES):
                times[side].append(measure(path, side, turn, directory))
    stock = statistics.median(whole for whole, _ in times["stock"])
    freehold = statistics.median(whole - rights for whole, rights in times["freehold"])
    both = statistics.median(whole for whole, _ in times["freehold"])
    print(f"{COUNT} migrations: {freehold / stock:.2f} of stock (limit {LIMIT}); {freehold:.3f} s over {stock:.3f} s")
    print(f"    with rights and policies at the end: {both / stock:.2f}; {both:.3f} s")


def write_app(directory: Path) -> None:
    """Write the app, its map, and the settings of both sides."""
    for side, base in (("stock", "benchmarks.settings_stock"), ("freehold", "config.settings")):
        (directory / f"{APP}_{side}.py").write_text(SETTINGS.format(base=base, app=APP))
    (directory / f"{APP}_map.py").write_text(MAP.format(app=APP))
    migrations = directory / APP / "migrations"
    migrations.mkdir(parents=True)
    for package in (migrations.parent, migrations):
        (package / "__init__.py").touch()
    for number in range(COUNT):
        table = number // len(KINDS)
        operation = KINDS[number % len(KINDS)].format(app=APP, table=table, before=max(table - 1, 0))
        dependencies = [(APP, f"{number:04}_step")] if number else []
        text = MIGRATION.format(app=APP, table=table, dependencies=dependencies, operation=operation)
        (migrations / f"{number + 1:04}_step.py").write_text(text)


def measure(path: str, side: str, turn: int, directory: str) -> tuple[float, float]:
    """Migrate a fresh database in a process of its own; give the seconds that the 100 took, and rights among them."""
    name = f"hundred_{side}_{turn}"
    with psycopg.connect(embedded.get_url(path, "postgres"), autocommit=True) as admin:
        admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    url = embedded.get_url(path, "postgres").rsplit("/", 1)[0] + f"/{name}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": f"{APP}_{side}",
        "PYTHONPATH": os.pathsep.join([directory, os.getcwd()]),
    }
    command = [sys.executable, "-m", "benchmarks.hundred_migrations", side]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    whole, rights = map(float, run.stdout.split())
    return whole, rights


def time_migrations(side: str) -> None:
    """Print the seconds that the app's migrations take with all others applied, and of these the seconds of rights."""
    import django
    from django.core.management import call_command, load_command_class
    from django.db import connection

    django.setup()
    if side == "freehold":
        call_command("ownership", "bootstrap", verbosity=0)
    connection.ensure_connection()
    command = load_command_class("django.core" if side == "stock" else "freehold", "migrate")
    for app in ("auth_app", "items", "tenancy", "runs", "profile"):
        call_command(command, app, interactive=False, verbosity=0)
    rights = watch_rights() if side == "freehold" else []
    started = time.perf_counter()
    call_command(command, APP, interactive=False, verbosity=0)
    print(time.perf_counter() - started, sum(rights))


def watch_rights() -> list[float]:
    """Give the list that gets the seconds of each time rights are brought in line."""
    from freehold.migrator import executor

    align, seconds = executor.align_rights, []

    def timed(*arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return align(*arguments)
        finally:
            seconds.append(time.perf_counter() - started)

    executor.align_rights = timed
    return seconds


if __name__ == "__main__":
    time_migrations(sys.argv[1]) if len(sys.argv) > 1 else main()
