"""`ownership show`: the table for people, and the JSON whose shape docs/ownership.md promises to other languages."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from config.ownership import OWNERSHIP
from freehold.ownership import Contract, Group, Ownership, Proof, Schema, Service, Withheld

MAP = Ownership(
    schemas=(
        Schema(
            "app", service="api", apps=("items",), comment="what grows", withheld=(Withheld("plot", columns=("word",)),)
        ),
        Schema("auth", places=("admin",)),
        Schema("sea", external=True, login="sea_go"),
    ),
    services=(Service("api", writes=("app",), reads=("sea",), search_path=("app", "public"), comment="the API"),),
    contracts=(
        Contract("auth", consumer="api", read={"user": ("id", "email")}, call=("find_principal(text)",)),
        Contract("auth", consumer="app", reference={"user": ("id",)}, comment="whose it is"),
    ),
    groups=(Group("auditors", schemas=("app", "auth"), actions=("view",)),),
    proofs={"session": Proof(user="auth.user_of_session()")},
)


def show(**options: Any) -> str:
    """Give what `manage.py ownership show` prints."""
    output = StringIO()
    call_command("ownership", "show", stdout=output, **options)
    return output.getvalue()


def test_document_holds_the_whole_map_in_the_promised_shape() -> None:
    with override_settings(OWNERSHIP=f"{__name__}.MAP"):
        document = json.loads(show(format="json"))

    assert document == {
        "version": 1,
        "migrator": "migrator",
        "combined": "",
        "commands": "",
        "prefix": "",
        "schemas": [
            {
                "name": "app",
                "owner": "app_owner",
                "service": "api",
                "external": False,
                "login": "",
                "comment": "what grows",
                "lets_run": [],
                "withheld": [{"name": "plot", "columns": ["word"], "verbs": []}],
            },
            {
                "name": "auth",
                "owner": "auth_owner",
                "service": None,
                "external": False,
                "login": "",
                "comment": "",
                "lets_run": [],
                "withheld": [],
            },
            {
                "name": "sea",
                "owner": "sea_owner",
                "service": None,
                "external": True,
                "login": "sea_go",
                "comment": "",
                "lets_run": [],
                "withheld": [],
            },
        ],
        "services": [
            {
                "name": "api",
                "login": "api_rw",
                "writes": ["app"],
                "reads": ["sea"],
                "search_path": ["app", "public"],
                "comment": "the API",
                "connections": 40,
                "times": {
                    "statement_timeout": "60s",
                    "idle_in_transaction_session_timeout": "60s",
                    "lock_timeout": "10s",
                },
            }
        ],
        "roles": [
            {"name": "app_owner", "kind": "owner", "login": False, "member_of": []},
            {"name": "auth_owner", "kind": "owner", "login": False, "member_of": []},
            {"name": "sea_owner", "kind": "owner", "login": False, "member_of": []},
            {
                "name": "migrator",
                "kind": "migrator",
                "login": True,
                "member_of": ["app_owner", "auth_owner", "sea_owner"],
            },
            {"name": "api_rw", "kind": "service", "login": True, "member_of": []},
            {"name": "sea_go", "kind": "external", "login": True, "member_of": ["sea_owner"]},
        ],
        "apps": [
            {
                "label": "items",
                "schema": "app",
                "owner": "app_owner",
                "tables": ["app.favorites", "app.item_images", "app.items"],
            }
        ],
        "placements": [
            {"label": "admin", "schema": "auth", "owner": "auth_owner", "tables": ["auth.django_admin_log"]}
        ],
        "contracts": [
            {
                "schema": "auth",
                "owner": "auth_owner",
                "consumer": "api",
                "kind": "service",
                "role": "api_rw",
                "read": {"user": ["id", "email"]},
                "reference": {},
                "on_delete": ["CASCADE", "SET NULL", "SET DEFAULT"],
                "call": ["find_principal(text)"],
                "use": [],
                "comment": "",
            },
            {
                "schema": "auth",
                "owner": "auth_owner",
                "consumer": "app",
                "kind": "schema",
                "role": "app_owner",
                "read": {},
                "reference": {"user": ["id"]},
                "on_delete": ["CASCADE", "SET NULL", "SET DEFAULT"],
                "call": [],
                "use": [],
                "comment": "whose it is",
            },
        ],
        "proofs": [{"kind": "session", "user": "auth.user_of_session()", "tenant": "", "seal": "", "delegate": ""}],
        "extensions": "",
        "rights": [],
        "moves": [],
        "groups": [{"name": "auditors", "schemas": ["app", "auth"], "actions": ["view"]}],
    }


def test_document_of_the_project_names_every_table_of_design() -> None:
    document = json.loads(show(format="json"))

    tables = {table for app in (*document["apps"], *document["placements"]) for table in app["tables"]}
    assert {"auth.user", "auth.session", "master.categories", "app.items", "app.runs"} <= tables
    without_models = {"seal", "limits"}
    assert {table.partition(".")[0] for table in tables} == {*OWNERSHIP.schema_names} - without_models


def test_document_is_plain_ascii_and_one_document() -> None:
    text = show(format="json")

    assert text.isascii()
    assert text.endswith("}\n")


def test_table_names_each_schema_login_and_contract() -> None:
    lines = [" ".join(line.replace("│", " ").replace("┃", " ").split()) for line in show().splitlines()]

    assert "What lies where" in lines
    assert (
        "auth auth_owner web auth_app (placed: auth, contenttypes, admin) who people are: users, sessions, linked "
        "accounts"
    ) in lines
    assert "web web_rw auth pages about accounts" in lines
    assert "migrate migrator becomes auth_owner, master_owner, app_owner, seal_owner, limits_owner" in lines
    assert "auth api_rw read user (id, email, display_name, is_active) whose items and runs these are" in lines
    assert "master app_owner reference categories (id) on delete NO ACTION what is in use can't be deleted" in lines


@pytest.mark.sqlite
def test_bootstrap_on_sqlite_has_nothing_to_do() -> None:
    output = StringIO()

    call_command("ownership", "bootstrap", stdout=output)

    assert output.getvalue() == "Nothing to do: SQLite has no roles and no schemas.\n"
