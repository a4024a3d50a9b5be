"""An app that describes an external schema's tables, as `inspectdb` writes it: managed = False in each model."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freehold.adoption.conftest import Project
from tests.freehold.adoption.test_connecting import bootstrap, project

__all__ = ["project"]  # a fixture
MODEL = """from django.db import models


class Invoice(models.Model):
    number = models.TextField()
    items = models.ManyToManyField("self")

    class Meta:
        managed = False
        db_table = "billing.invoice"

    def __str__(self) -> str:
        return self.number
"""
MORE = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bill", "0001_initial")]
    operations = [{operations}]
"""
PLACES = {"in no schema": "", "in the external schema": ', apps=("bill",)'}


def add_app(project: Project, apps: str) -> Path:
    """Add the app `bill` and the schema `billing`, which is another tool's; give the app's directory."""
    folder = project.directory / "bill"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "models.py").write_text(MODEL)
    external = f'Schema("billing", owner=f"billing_{{TAG}}", external=True{apps}),\n        Schema("public",'
    project.edit("ownership.py", ('Schema("public",', external))
    project.edit("settings.py", ('    "people",\n]', '    "people",\n    "bill",\n]'))
    return folder


def write_more(folder: Path, operations: str) -> None:
    (folder / "migrations" / "0002_more.py").write_text(MORE.format(operations=operations))
    (folder / "migrations" / "max_migration.txt").write_text("0002_more\n")


@pytest.mark.parametrize("place", PLACES)
def test_unmanaged_models_migrate_without_an_owner(place: str, project: Project) -> None:
    folder = add_app(project, PLACES[place])
    bootstrap(project)

    project.run("python manage.py makemigrations bill")
    field = 'migrations.AddField("invoice", "note", models.TextField(default="")), '
    write_more(folder, field + 'migrations.RenameField("invoice", "note", "text")')
    project.run("python manage.py migrate")
    shown = project.run("python manage.py showmigrations bill")
    project.run("python manage.py migrate bill zero")

    assert "[X] 0001_initial" in shown
    assert "[X] 0002_more" in shown
    assert "[ ] 0001_initial" in project.run("python manage.py showmigrations bill")
    if project.server:
        assert "No findings" in project.run("python manage.py ownership check")


@pytest.mark.parametrize(
    "operation",
    [
        'migrations.RunSQL("SELECT 1")',
        'migrations.CreateModel("Own", [], options={"db_table": "billing.x"})',
        'migrations.AlterModelOptions("invoice", {"managed": True})',
    ],
)
@pytest.mark.parametrize("place", PLACES)
def test_migration_with_more_than_unmanaged_models_is_refused(place: str, operation: str, project: Project) -> None:
    folder = add_app(project, PLACES[place])
    bootstrap(project)
    project.run("python manage.py makemigrations bill")
    write_more(folder, operation)

    *_, printed = project.run("python manage.py migrate bill", status=1).splitlines()

    said = {
        "in no schema": "app bill has migrations (0002_more) and lies in no schema of the ownership map",
        "in the external schema": "app bill is of schema billing, which is external, and its migration 0002_more has "
        "more than unmanaged models",
    }
    assert said[place] in printed
    assert printed.endswith("; nothing was applied")


def test_managed_model_of_an_external_schema_is_refused_by_a_check(project: Project) -> None:
    folder = add_app(project, PLACES["in the external schema"])
    (folder / "models.py").write_text(MODEL.replace("        managed = False\n", ""))

    printed = project.run("python manage.py check", status=1)

    assert (
        "bill.Invoice: (freehold.E038) bill.Invoice is managed, and its app is of the schema 'billing', which is "
        "external: its own tool makes the tables there."
    ) in printed
