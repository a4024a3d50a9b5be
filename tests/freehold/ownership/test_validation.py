"""Each thing that can be wrong with a map, with the sentence that says so and how to mend it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings

from config.ownership import OWNERSHIP
from freehold.errors import OwnershipError
from freehold.ownership import Contract, Group, Move, Ownership, Schema, Service, get_ownership
from freehold.ownership.validation import list_problems, validate

LONG = "x" * 64
MAP = Ownership(
    schemas=(Schema("field", service="farm", apps=("crops",)), Schema("wood")),
    services=(Service("farm", writes=("field",)), Service("mill", writes=("wood",), reads=("field",))),
    contracts=(Contract("field", consumer="wood", reference={"plot": ("id",)}),),
    groups=(Group("farmers", schemas=("field",)),),
)


def add(**entries: Any) -> Ownership:
    """Give the map with one more schema, service, contract or group."""
    (word,) = entries
    return replace(MAP, **{f"{word}s": (*getattr(MAP, f"{word}s"), entries[word])})


def test_maps_of_the_project_and_of_these_tests_hold_together() -> None:
    assert list_problems(OWNERSHIP) == []
    assert list_problems(MAP) == []


@pytest.mark.parametrize(
    ("ownership", "problem"),
    [
        (Ownership((), ()), "it names no schema: add one, e.g. Schema('app', service='api', apps=('items',))"),
        # What a map without services, or a process of all of them, can't have
        *(
            (
                replace(MAP, schemas=(Schema("field"), Schema("wood")), **{"services": (), "contracts": (), **entry}),
                f"Ownership: it has {word} and no services, without which it is for placement alone: add a Service, or "
                f"drop {word}",
            )
            for entry in (
                {"contracts": MAP.contracts},
                {"moves": (Move("field.plot", "wood.plot"),)},
                {"combined": "all_rw"},
                {"commands": "farm"},
            )
            for word in entry
        ),
        (
            replace(MAP, combined="all_rw", commands="barn"),
            "Ownership: commands names no Service 'barn': name one of farm, mill",
        ),
        (
            replace(MAP, commands="farm"),
            "Ownership: commands says whom a process of every service acts as, and there is no login for one: name it "
            "in combined, or drop commands",
        ),
        # Shapes
        (
            add(schema=Schema("sea", apps=("ships"))),  # type: ignore[arg-type]
            "Schema 'sea': apps is 'ships', and a tuple is expected: write ('ships',)",
        ),
        (
            add(service=Service("boat", writes="wood")),  # type: ignore[arg-type]
            "Service 'boat': writes is 'wood', and a tuple is expected: write ('wood',)",
        ),
        (
            add(contract=Contract("field", consumer="mill", read={"plot": "id"})),  # type: ignore[dict-item]
            "Contract 'field' for 'mill': read['plot'] is 'id', and a tuple is expected: write ('id',)",
        ),
        (
            add(contract=Contract("field", consumer="mill", on_delete="CASCADE")),  # type: ignore[arg-type]
            "Contract 'field' for 'mill': on_delete is 'CASCADE', and a tuple is expected: write ('CASCADE',)",
        ),
        (
            add(group=Group("all", schemas="wood")),  # type: ignore[arg-type]
            "Group 'all': schemas is 'wood', and a tuple is expected: write ('wood',)",
        ),
        # Names
        (
            add(schema=Schema("pg_sea", owner="sea_owner")),
            "Schema 'pg_sea': name 'pg_sea' belongs to PostgreSQL itself: choose another name",
        ),
        (
            add(schema=Schema("information_schema")),
            "Schema 'information_schema': name 'information_schema' belongs to PostgreSQL itself: choose another name",
        ),
        (
            add(schema=Schema("Sea", owner="sea_owner")),
            "Schema 'Sea': name 'Sea' is no plain name: use lower-case letters, digits and _, and begin with a letter",
        ),
        (add(schema=Schema("", owner="sea_owner")), "Schema '': name '' is empty"),
        (
            add(schema=Schema(LONG, owner="sea_owner")),
            f"Schema '{LONG}': name '{LONG}' is 64 bytes long, and PostgreSQL keeps 63: shorten it",
        ),
        (
            add(schema=Schema("sea", owner="pg_monitor")),
            "Schema 'sea': owner 'pg_monitor' is reserved by PostgreSQL: choose another name",
        ),
        (
            add(schema=Schema("sea", owner="sea-owner")),
            "Schema 'sea': owner 'sea-owner' is no plain name: use lower-case letters, digits and _, and begin with a "
            "letter",
        ),
        (
            add(schema=Schema("sea", apps=("django.contrib.auth",))),
            "Schema 'sea': app 'django.contrib.auth' is no plain name: use lower-case letters, digits and _, and begin "
            "with a letter",
        ),
        (
            add(service=Service("boat", login="public")),
            "Service 'boat': login 'public' is reserved by PostgreSQL: choose another name",
        ),
        (
            add(service=Service("all")),
            "Service 'all': SERVICE=all means every service in one process: choose another name",
        ),
        (
            replace(MAP, migrator="none"),
            "Ownership: migrator 'none' is reserved by PostgreSQL: choose another name",
        ),
        (
            add(contract=Contract("field", consumer="mill", read={"field.plot": ("id",)})),
            "Contract 'field' for 'mill': table 'field.plot' names its schema again: write 'plot'",
        ),
        (
            add(contract=Contract("field", consumer="mill", read={"plot": ("id, name",)})),
            "Contract 'field' for 'mill': column 'id, name' is no plain name: use lower-case letters, digits and _, "
            "and begin with a letter",
        ),
        (
            add(contract=Contract("field", consumer="mill", call=("yield_of",))),
            "Contract 'field' for 'mill': call 'yield_of' is no function with its argument types: write it as "
            "'find_principal(text)'",
        ),
        (add(group=Group(" ", schemas=("wood",))), "Group ' ': name ' ' is empty"),
        # Duplicates
        (add(schema=Schema("wood", owner="other")), "Schema 'wood' stands there 2 times: keep one"),
        (add(service=Service("mill", login="other")), "Service 'mill' stands there 2 times: keep one"),
        (add(group=Group("farmers", schemas=("wood",))), "Group 'farmers' stands there 2 times: keep one"),
        (
            add(contract=Contract("field", consumer="wood", read={"plot": ("id",)})),
            "Contract 'field' for 'wood' stands there 2 times: put what it lists into one",
        ),
        (
            add(schema=Schema("sea", owner="wood_owner")),
            "role 'wood_owner' is owner of Schema 'wood' and owner of Schema 'sea': give each a role of its own",
        ),
        (
            add(service=Service("boat", login="wood_owner")),
            "role 'wood_owner' is owner of Schema 'wood' and login of Service 'boat': give each a role of its own",
        ),
        (
            replace(MAP, migrator="mill_rw"),
            "role 'mill_rw' is login of Service 'mill' and the migrator: give each a role of its own",
        ),
        (
            add(schema=Schema("sea", apps=("crops",))),
            "Schema 'sea': the app 'crops' lies in Schema 'field' already: remove it from one",
        ),
        (
            add(schema=Schema("sea", apps=("ships",), places=("ships",))),
            "Schema 'sea': the app 'ships' stands there twice: keep one",
        ),
        # Entries
        (
            add(schema=Schema("sea", places=("ships",), external=True)),
            "Schema 'sea': it is external and has places, which Django would make tables in: drop external=True, or "
            "the places; apps whose models are all unmanaged may stand in apps",
        ),
        (
            add(schema=Schema("sea", login="sea_go")),
            "Schema 'sea': it names a login and is not external, so that nobody needs one: drop login",
        ),
        (
            add(schema=Schema("sea", service="boat")),
            "Schema 'sea': there is no Service 'boat': name one of farm, mill",
        ),
        (
            add(schema=Schema("sea", service="mill")),
            "Schema 'sea': its Service 'mill' does not write it: add 'sea' to that service's writes",
        ),
        (
            add(service=Service("boat", writes=("sea",))),
            "Service 'boat': writes names the unknown schema 'sea': use one of field, wood",
        ),
        (
            add(service=Service("boat", reads=("sea",))),
            "Service 'boat': reads names the unknown schema 'sea': use one of field, wood",
        ),
        (
            add(service=Service("boat", connections=0)),
            "Service 'boat': connections is 0: give a whole number, -1 for as many as there are",
        ),
        (
            add(service=Service("boat", statement_timeout="soon")),
            "Service 'boat': statement_timeout is 'soon': give a time with its unit, such as '500ms', '5s', '15min' or "
            "'1h'; '0' is none",
        ),
        (
            add(service=Service("boat", lock_timeout=5)),  # type: ignore[arg-type]
            "Service 'boat': lock_timeout is 5: give a time with its unit, such as '500ms', '5s', '15min' or '1h'; '0' "
            "is none",
        ),
        (
            add(service=Service("boat", search_path=("public", "sea"))),
            "Service 'boat': search_path names the unknown schema 'sea': use one of field, wood",
        ),
        (
            add(service=Service("boat", writes=("wood",), reads=("wood",))),
            "Service 'boat': schema 'wood' stands 2 times in writes and reads: keep one",
        ),
        (
            add(contract=Contract("sea", consumer="mill", read={"ship": ("id",)})),
            "Contract 'sea' for 'mill': schema names the unknown schema 'sea': use one of field, wood",
        ),
        (
            add(contract=Contract("field", consumer="sea", read={"plot": ("id",)})),
            "Contract 'field' for 'sea': the consumer is neither a service nor a schema: use one of farm, mill, field, "
            "wood",
        ),
        (
            add(contract=Contract("field", consumer="field", read={"plot": ("id",)})),
            "Contract 'field' for 'field': provider and consumer are the same, which needs no contract: remove it",
        ),
        (
            add(contract=Contract("field", consumer="farm", read={"plot": ("id",)})),
            "Contract 'field' for 'farm': provider and consumer are the same, which needs no contract: remove it",
        ),
        (
            add(contract=Contract("field", consumer="mill")),
            "Contract 'field' for 'mill': it lists nothing: fill read, reference, call or use, or remove it",
        ),
        (
            add(contract=Contract("field", consumer="mill", read={"plot": ()})),
            "Contract 'field' for 'mill': read of 'plot' lists no column: name them, or remove the table",
        ),
        (
            add(contract=Contract("field", consumer="mill", reference={"plot": ("id",)})),
            "Contract 'field' for 'mill': a service makes no tables, so it can't reference: let the schema's "
            "owner do it",
        ),
        (
            replace(MAP, contracts=(replace(MAP.contracts[0], on_delete=("PROTECT",)),)),
            "Contract 'field' for 'wood': on_delete 'PROTECT' is no action of ON DELETE: use some of CASCADE, SET "
            "NULL, SET DEFAULT, NO ACTION, RESTRICT",
        ),
        (
            replace(MAP, contracts=(replace(MAP.contracts[0], on_delete=()),)),
            "Contract 'field' for 'wood': on_delete lists no action, and each key has one: use some of CASCADE, SET "
            "NULL, SET DEFAULT, NO ACTION, RESTRICT",
        ),
        (
            add(contract=Contract("field", consumer="mill", read={"plot": ("id",)}, on_delete=("RESTRICT",))),
            "Contract 'field' for 'mill': on_delete is about keys, and it lets nobody reference anything: drop "
            "on_delete",
        ),
        (
            add(group=Group("sailors", schemas=("sea",))),
            "Group 'sailors': schemas names the unknown schema 'sea': use one of field, wood",
        ),
        (add(group=Group("idle", schemas=())), "Group 'idle': it names no schema: name one, or remove the group"),
        (
            add(group=Group("idle", schemas=("wood",), actions=())),
            "Group 'idle': it names no action: name some of add, change, delete, view",
        ),
        (
            replace(MAP, schemas=(Schema("a", places=("contenttypes",)), Schema("b", places=("auth",)), *MAP.schemas)),
            "'contenttypes' in Schema 'a' and 'auth' in Schema 'b': one handler fills both, as one owner: place them "
            "in the same schema",
        ),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_mistake_is_named_with_its_entry_and_the_way_out(ownership: Ownership, problem: str) -> None:
    assert list_problems(ownership) == [problem]


def test_every_mistake_is_named_at_once() -> None:
    ownership = replace(MAP, services=(), contracts=(), groups=(Group("x", schemas=("sea",)),))

    with pytest.raises(OwnershipError) as caught:
        validate(ownership)

    assert str(caught.value) == (
        "the ownership map is wrong: Schema 'field': there is no Service 'farm': name one of none; "
        "Group 'x': schemas names the unknown schema 'sea': use one of field, wood"
    )


# --- The setting -----------------------------------------------------------------------------------------------------
WRONG = replace(MAP, groups=(Group("x", schemas=()),))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (None, 'settings.OWNERSHIP is not set: name the map, e.g. OWNERSHIP = "config.ownership.OWNERSHIP"'),
        (
            "config.ownership.NOTHING",
            "settings.OWNERSHIP names 'config.ownership.NOTHING', which can't be imported: Module \"config.ownership\" "
            'does not define a "NOTHING" attribute/class',
        ),
        (
            "config.nothing.MAP",
            "settings.OWNERSHIP names 'config.nothing.MAP', which can't be imported: No module named 'config.nothing'",
        ),
        (
            "config.settings.DEBUG",
            "settings.OWNERSHIP names 'config.settings.DEBUG', which is no freehold.ownership.Ownership",
        ),
        (
            f"{__name__}.WRONG",
            "the ownership map is wrong: Group 'x': it names no schema: name one, or remove the group",
        ),
    ],
)
def test_setting_that_names_no_valid_map_is_refused(path: str | None, message: str) -> None:
    with override_settings(OWNERSHIP=path), pytest.raises(OwnershipError) as caught:
        get_ownership()

    assert str(caught.value) == message
