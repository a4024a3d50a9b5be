"""The keys of seals: what they sign, how long they last, for which database they are, and who may not have them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from pytest_django import DjangoDbBlocker

from config.ownership import OWNERSHIP
from tests.tickets import Vault, ask, making_copy

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]
LOGINS = [*(service.login for service in OWNERSHIP.services), str(OWNERSHIP.combined)]
OTHERS = [schema.owner for schema in OWNERSHIP.schemas if schema.name not in {"seal", "auth", "public"}]
CALLS = ["seal.sign('a')", "seal.is_signed('a')", "seal.rotate_key(interval '0')", "seal.note_start()"]
BLOCK, INNER, OUTER = 64, 0x36, 0x5C


@pytest.fixture(scope="module")
def vault(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Vault]:
    with django_db_blocker.unblock(), making_copy(seeded_database, "keys") as vault:
        yield vault


def get_secret(vault: Vault) -> bytes:
    """Give the newest key's secret, zeros behind it."""
    row = vault.root.execute("SELECT ipad, opad FROM seal.ticket_key ORDER BY id DESC LIMIT 1").fetchone()
    assert row
    inner, outer = (bytes(each ^ pad for each in key) for key, pad in zip(row, (INNER, OUTER), strict=True))
    assert inner == outer
    assert len(inner) == BLOCK
    return inner


def is_signed(vault: Vault, text: str) -> bool:
    return ask(vault.root, "SELECT seal.is_signed(%s)", text) == "True"


def sign(vault: Vault, body: str = "body") -> str:
    return vault.ask("SELECT seal.sign(%s)", body)


# --- Signatures ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("body", ["", "a", "a.b.c", "x" * 900, "žluťoučký kůň", "\\x00", "%s {} ' \" \n"])
def test_signature_is_the_hmac_of_the_body_and_the_keys_id(vault: Vault, body: str) -> None:
    body = body if len(body.encode()) <= 900 else body[:400]
    signed = sign(vault, body)

    rest, _, code = signed.rpartition(".")
    assert rest == f"{body}.{vault.ask('SELECT max(id) FROM seal.ticket_key')}"
    assert code == hmac.new(get_secret(vault), rest.encode(), hashlib.sha256).hexdigest()
    assert is_signed(vault, signed)


def test_secret_has_256_bits_and_differs_from_key_to_key(vault: Vault) -> None:
    secrets = set()
    for _ in range(5):
        vault.ask("SELECT seal.rotate_key(interval '0')")
        secrets.add(get_secret(vault))

    assert len(secrets) == 5
    assert {each[32:] for each in secrets} == {bytes(32)}


def test_text_of_more_than_900_bytes_is_not_signed(vault: Vault) -> None:
    with pytest.raises(errors.InvalidParameterValue, match="a text of 901 bytes is not signed, 900 are the most"):
        sign(vault, "x" * 901)


# --- The life of a key -----------------------------------------------------------------------------------------------
def test_key_before_is_good_for_the_overlap(vault: Vault) -> None:
    before = sign(vault)

    vault.ask("SELECT seal.rotate_key(interval '1 hour')")

    assert is_signed(vault, before)
    assert is_signed(vault, sign(vault))
    assert sign(vault) != before


def test_key_without_overlap_ends_and_an_earlier_end_stays(vault: Vault) -> None:
    before = sign(vault)

    vault.ask("SELECT seal.rotate_key(interval '0')")
    vault.ask("SELECT seal.rotate_key(interval '1 hour')")

    assert not is_signed(vault, before)


def test_key_that_ends_is_good_to_the_end_of_a_transaction(vault: Vault) -> None:
    before = sign(vault)
    reader = vault.connect("postgres")

    with reader.transaction():
        assert ask(reader, "SELECT seal.is_signed(%s)", before) == "True"
        vault.ask("SELECT seal.rotate_key(interval '0')")
        assert ask(reader, "SELECT seal.is_signed(%s)", before) == "True"

    assert ask(reader, "SELECT seal.is_signed(%s)", before) == "False"


def test_key_is_deleted_a_day_after_its_end(vault: Vault) -> None:
    made = vault.ask("SELECT seal.rotate_key(interval '0')")
    vault.ask("UPDATE seal.ticket_key SET ended_at = now() - interval '25 hours' WHERE id = %s RETURNING id", made)

    vault.ask("SELECT seal.rotate_key(interval '0')")

    assert vault.ask("SELECT count(*) FROM seal.ticket_key WHERE id = %s", made) == "0"


@pytest.mark.parametrize("overlap", ["-1 second", "24 hours 1 second", "1000000 years"])
def test_overlap_out_of_bounds_is_refused(vault: Vault, overlap: str) -> None:
    with pytest.raises(errors.InvalidParameterValue, match=r"an overlap lasts 0 to 24 hours, and .* was asked for"):
        vault.ask("SELECT seal.rotate_key(%s::interval)", overlap)


# --- One database ----------------------------------------------------------------------------------------------------
def test_copy_beside_takes_nothing_of_the_original_and_makes_a_key_of_its_own(vault: Vault) -> None:
    signed = sign(vault)
    vault.close()
    with making_copy(vault.name, "beside") as copy:
        taken = is_signed(copy, signed)
        own = sign(copy)
        assert (taken, is_signed(copy, own), is_signed(copy, signed)) == (False, True, False)
        assert copy.ask("SELECT count(*) FROM seal.ticket_key") == "1"
        assert (is_signed(vault, own), is_signed(vault, signed)) == (False, True)


def test_server_that_started_again_takes_its_signatures_and_notes_it(vault: Vault) -> None:
    signed = sign(vault)
    vault.ask("UPDATE seal.ticket_key SET server_started_at = '2000-01-01' RETURNING 1")

    assert is_signed(vault, signed)
    sign(vault)
    assert vault.ask("SELECT server_started_at = pg_postmaster_start_time() FROM seal.ticket_key ORDER BY id DESC") == (
        "True"
    )


def test_start_is_noted_by_one_and_nobody_waits_for_it(vault: Vault) -> None:
    sign(vault)  # a test before may have left no key that serves
    vault.ask("UPDATE seal.ticket_key SET server_started_at = '2000-01-01' RETURNING 1")
    first, second, reader = (vault.connect("postgres") for _ in range(3))

    with first.transaction():
        ask(first, "SELECT seal.sign('a')")
        second.execute("SET lock_timeout = 100")
        assert ask(second, "SELECT seal.is_signed(seal.sign('b'))") == "True"
        with reader.transaction():
            reader.execute("SET TRANSACTION READ ONLY")
            assert ask(reader, "SELECT seal.is_signed(seal.sign('c'))") == "True"


def test_dump_restored_on_another_server_takes_nothing(vault: Vault) -> None:
    signed = sign(vault)
    vault.ask("UPDATE seal.ticket_key SET server = server + 1, server_started_at = '2000-01-01' RETURNING 1")

    assert not is_signed(vault, signed)
    assert is_signed(vault, sign(vault))
    assert not is_signed(vault, signed)


# --- Nobody else -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("login", LOGINS)
def test_service_reads_no_key_and_signs_nothing_whatever_it_becomes(
    vault: Vault, login: str, request: pytest.FixtureRequest
) -> None:
    session = vault.connect(login)
    roles = [role for role in LOGINS if ask(session, "SELECT pg_has_role(%s, 'MEMBER')", role) == "True"]
    attempts = [
        "SELECT * FROM seal.ticket_key",
        "SELECT count(*) FROM seal.ticket_key",
        "COPY seal.ticket_key TO STDOUT",
        "TRUNCATE seal.ticket_key",
        "UPDATE seal.ticket_key SET ended_at = NULL",
        "INSERT INTO seal.ticket_key (ipad, opad, database, server, server_started_at) VALUES ('', '', '', 0, now())",
        "SELECT nextval('seal.ticket_key_id_seq')",
        "SELECT pg_catalog.pg_relation_filepath('seal.ticket_key'), ctid FROM seal.ticket_key",
        "CREATE TEMPORARY TABLE mine (LIKE seal.ticket_key)",
        "SET ROLE seal_owner",
        "SET ROLE auth_owner",
        *(f"SELECT {call}" for call in CALLS),
    ]
    for role in roles:
        session.execute(f"SET ROLE {role}")
        for attempt in attempts:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(attempt)
    request.node.user_properties.append(("attempts", len(roles) * len(attempts)))

    assert len(roles) == (len(LOGINS) if login == OWNERSHIP.combined else 1)


@pytest.mark.parametrize("login", LOGINS)
def test_catalogue_shows_a_service_no_value_of_a_key(vault: Vault, login: str) -> None:
    vault.root.execute("ANALYZE seal.ticket_key")
    session = vault.connect(login)

    assert session.execute("SELECT * FROM pg_catalog.pg_stats WHERE schemaname = 'seal'").fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SELECT * FROM pg_catalog.pg_statistic")
    secret = get_secret(vault)[:32].hex()
    sources = session.execute("SELECT prosrc FROM pg_catalog.pg_proc WHERE prosrc IS NOT NULL").fetchall()
    assert [source for (source,) in sources if secret in source] == []


@pytest.mark.parametrize("owner", OTHERS)
def test_other_owners_sign_nothing(vault: Vault, owner: str) -> None:
    session = vault.connect(OWNERSHIP.migrator)
    session.execute(f"SET ROLE {owner}")

    for call in CALLS:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(f"SELECT {call}")


def test_accounts_sign_and_neither_read_nor_make_keys(vault: Vault) -> None:
    session = vault.connect(OWNERSHIP.migrator)
    session.execute("SET ROLE auth_owner")

    assert ask(session, "SELECT seal.is_signed(seal.sign('a'))") == "True"
    for attempt in ("SELECT * FROM seal.ticket_key", f"SELECT {CALLS[2]}", f"SELECT {CALLS[3]}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(attempt)
