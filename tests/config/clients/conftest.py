"""The site, as processes of `web` and `api` beside a copy of the filled database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from tenancy.models import ApiKey, Project
from tenancy.services.api_key import hash_key
from tests.config.clients.generated import Caller, fetch_document, generate, load
from tests.config.processes import Site, Visitor, make_url, serving
from tests.dialect import DIALECT
from tests.seeded import execute_as_superuser

ALIAS, KEY = "clients", "fh_clients_only-in-this-database"


@contextmanager
def copying(database: str, directory: Path) -> Iterator[str]:
    """Yield the URL of a copy of a database; ALIAS is its connection."""
    connections["seeded"].close()
    name = f"{database}_clients" if DIALECT == "postgresql" else str(directory / "clients.db")
    if DIALECT == "postgresql":
        execute_as_superuser(f"CREATE DATABASE {name} TEMPLATE {database}")
    else:
        shutil.copy(database, name)
    connections.settings[ALIAS] = {**deepcopy(connections.settings["default"]), "NAME": name}
    try:
        yield make_url(name) if DIALECT == "postgresql" else f"sqlite:///{name}"
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
        if DIALECT == "postgresql":
            execute_as_superuser(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def sites(
    seeded_database: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Site]]:
    directory = tmp_path_factory.mktemp("clients")
    with django_db_blocker.unblock(), copying(seeded_database, directory) as url:
        project = Project.objects.using(ALIAS).get(tenant__slug="nordlicht", slug="search")
        add_key(project)
        with serving(directory, "web", url) as web, serving(directory, "api", url) as api:
            yield {"web": web, "api": api}


def add_key(project: Project) -> None:
    """Add the key, on PostgreSQL as its superuser: a service can't choose the hash."""
    if DIALECT == "postgresql":
        execute_as_superuser(
            "INSERT INTO app.api_keys (project_id, name, prefix, key_hash) "
            f"VALUES ('{project.pk}', 'clients', 'fh_clients', '{hash_key(KEY)}')",
            connections.settings[ALIAS]["NAME"],
        )
    else:
        ApiKey.objects.using(ALIAS).create(
            project=project, name="clients", prefix="fh_clients", key_hash=hash_key(KEY), scopes=[]
        )


@pytest.fixture(scope="module")
def document(sites: dict[str, Site]) -> Any:
    return fetch_document(sites["api"].url)


@pytest.fixture(scope="module")
def package(document: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    directory = tmp_path_factory.mktemp("generated")
    generate(document, directory)
    return load(directory)


@pytest.fixture
def person(package: Any, sites: dict[str, Site]) -> Caller:
    """Somebody who is signed in, as a browser is; `guest` is somebody else."""
    guest, person = (sign_in(package, sites, f"{name}@freehold.example") for name in ("lena", "user"))
    person.guest, person.read_letters = guest, lambda: sites["api"].said
    return person


def sign_in(package: Any, sites: dict[str, Site], email: str) -> Caller:
    visitor = Visitor()
    visitor.sign_in(sites["web"], email)
    cookies = {each.name: str(each.value) for each in visitor.cookies}
    headers = {"X-CSRFToken": cookies["csrftoken"]}
    return Caller(package.Client(sites["api"].url, cookies=cookies, headers=headers))


@pytest.fixture
def key(package: Any, sites: dict[str, Site]) -> Caller:
    """An API key to a project of theirs."""
    return Caller(package.AuthenticatedClient(sites["api"].url, token=KEY))
