"""Databases of a test's own on a real server, and maps whose roles nobody else uses: the whole server shares roles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from freehold import embedded
from freehold.ownership import Contract, Ownership, Schema, Service

NUMBERS = count(1)
Parameters = dict[str, Any]


def get_server() -> Parameters:
    """Give libpq's parameters for the superuser of the suite's server."""
    path = connections.settings["default"]["OPTIONS"]["embedded"]
    return {**embedded.get_address(path), "user": "postgres", "dbname": "postgres"}


def make_tag() -> str:
    """Give a name for roles and databases that no other test and no other process has."""
    return f"{os.getpid()}_{next(NUMBERS)}"


def make_ownership(tag: str) -> Ownership:
    """Give a map of two schemas, two services and a contract, all roles of which end in `tag`."""
    return Ownership(
        schemas=(
            Schema("field", service="farm", owner=f"field_{tag}", comment="what grows"),
            Schema("wood", service="mill", owner=f"wood_{tag}"),
            Schema("public", owner=f"steward_{tag}"),
        ),
        services=(
            Service("farm", login=f"farm_{tag}", writes=("field",), search_path=("field", "public")),
            Service("mill", login=f"mill_{tag}", writes=("wood",), reads=("field",)),
        ),
        contracts=(Contract("field", consumer="wood", reference={"plot": ("id",)}),),
        migrator=f"steward_{tag}",
    )


@contextmanager
def open_database(server: Parameters, tag: str, owner: str = "postgres") -> Iterator[Parameters]:
    """Give parameters for a new database, gone with every role that ends in `tag` after the block."""
    name = f"estate_{tag}"
    with psycopg.connect(**server, autocommit=True) as root:
        root.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))
        try:
            yield {**server, "dbname": name}
        finally:
            root.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            drop_roles(root, tag)


def drop_roles(root: psycopg.Connection, tag: str) -> None:
    """Drop every role that ends in `_tag`."""
    rows = root.execute("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname LIKE %s", [rf"%\_{tag}"]).fetchall()
    for (role,) in rows:
        root.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
    for (role,) in rows:
        root.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def make_login(server: Parameters, name: str, attributes: str = "") -> Parameters:
    """Make a login with a password; give the parameters to connect as it."""
    with psycopg.connect(**server, autocommit=True) as root:
        root.execute(
            sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD 'sesame'").format(sql.Identifier(name), sql.SQL(attributes))
        )
    return {**server, "user": name, "password": "sesame"}


def get_catalogue(database: Parameters, tag: str) -> set[tuple[Any, ...]]:
    """Give all that a bootstrap can change: roles that end in `tag`, their memberships, settings, schemas, rights."""
    with psycopg.connect(**database) as root:
        return set(root.execute(CATALOGUE, {"roles": rf"%\_{tag}"}).fetchall())


CATALOGUE = """
    SELECT 'role', r.rolname::text, concat_ws(' ', r.rolcanlogin, r.rolinherit, r.rolsuper, r.rolcreatedb,
        r.rolcreaterole, r.rolreplication, r.rolbypassrls)
    FROM pg_catalog.pg_roles r WHERE r.rolname LIKE %(roles)s
    UNION ALL
    SELECT 'setting', s.setrole::regrole::text, s.setconfig::text FROM pg_catalog.pg_db_role_setting s
    JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()
    UNION ALL
    SELECT 'member', m.roleid::regrole::text, m.member::regrole::text FROM pg_catalog.pg_auth_members m
    JOIN pg_catalog.pg_roles r ON r.oid = m.member WHERE r.rolname LIKE %(roles)s
    UNION ALL
    SELECT 'schema', n.nspname || ' of ' || n.nspowner::regrole::text,
        concat_ws(' ', x.grantee::regrole, x.privilege_type)
    FROM pg_catalog.pg_namespace n
    LEFT JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x ON true
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'database', x.grantee::regrole::text, x.privilege_type FROM pg_catalog.pg_database d
    CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
    WHERE d.datname = current_database() AND x.grantee <> d.datdba
    UNION ALL
    SELECT 'default', concat_ws(' ', d.defaclrole::regrole, d.defaclnamespace::regnamespace, d.defaclobjtype::text),
        concat_ws(' ', x.grantee::regrole, x.privilege_type)
    FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) x
"""
