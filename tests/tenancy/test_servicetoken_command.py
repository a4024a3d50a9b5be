"""`manage.py servicetoken`: a digest of what the environment holds, and one line for each fault."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenancy.models import ServiceToken
from tenancy.services.api_key import hash_key
from tests.tenancy.factories import make_tenant

pytestmark = pytest.mark.django_db
TEXT = "fhs_0123456789abcdef0123456789abcdef"
OTHER = TEXT + "-other"


@pytest.fixture(autouse=True)
def tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    make_tenant(slug="acme")
    make_tenant(slug="other")
    monkeypatch.setenv("SERVICE_TOKEN", TEXT)
    monkeypatch.setenv("NEXT_TOKEN", OTHER)


def run(*words: str, tenant: str = "acme") -> str:
    out = StringIO()
    call_command("servicetoken", *words, "--tenant", tenant, stdout=out)
    assert TEXT not in out.getvalue()
    return out.getvalue()


def test_digest_is_kept_and_the_same_text_changes_nothing() -> None:
    assert run("importer") == "The token importer of acme reports runs from now on.\n"
    before = ServiceToken.objects.values().get()
    assert run("importer") == "The token importer of acme was there already; nothing changed.\n"

    assert ServiceToken.objects.values().get() == before
    assert before["token_hash"] == hash_key(TEXT)
    assert TEXT not in str(before)


def test_tokens_are_rotated() -> None:
    run("importer")
    run("importer", "--from-env", "NEXT_TOKEN")
    assert run("--list").count("importer: good, made ") == 2
    assert run("importer", "--revoke", "--from-env", "SERVICE_TOKEN") == "1 of importer of acme revoked.\n"

    first, second = run("importer", "--list").splitlines()
    assert first.startswith("importer: revoked ")
    assert second.startswith("importer: good, ")
    assert second.endswith(", never used")
    assert run("--list", tenant="other") == ""
    assert run("importer", "--revoke") == "1 of importer of acme revoked.\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "SERVICE_TOKEN is not set, or empty: put the token there, such as"),
        ("0" * 40, "SERVICE_TOKEN: a token begins with fhs_"),
        (TEXT[:35], "SERVICE_TOKEN: a token has at least 32 characters behind fhs_, and 200 with it at most"),
        (TEXT * 10, "SERVICE_TOKEN: a token has at least 32 characters behind fhs_, and 200 with it at most"),
        (TEXT + " ", "SERVICE_TOKEN: a token has letters, digits and . _ ~ + / = - and no other characters"),
        (TEXT + "é", "SERVICE_TOKEN: a token has letters, digits and . _ ~ + / = - and no other characters"),
        ("fhs_" + "ab" * 20, "SERVICE_TOKEN: a token is random, and has at least 10 different characters"),
    ],
)
def test_text_that_is_no_token_is_told(text: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", text)

    with pytest.raises(CommandError) as caught:
        run("importer")

    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    assert not ServiceToken.objects.exists()


def test_other_faults_are_told() -> None:
    run("importer")
    for words, message in {
        ("importer", "--from-env", "NO_SUCH"): "NO_SUCH is not set, or empty: put the token there, such as",
        (): "NAME is missing: whose token is it?",
        ("--revoke",): "NAME is missing: whose token is it?",
        ("else", "--revoke"): "acme has no such token else that is good",
        ("else",): "SERVICE_TOKEN: this text is the token of another name or tenant",
        ("x" * 151, "--from-env", "NEXT_TOKEN"): "NAME: Ensure this value has at most 150 characters (it has 151).",
        ("\0", "--from-env", "NEXT_TOKEN"): "NAME: The name holds a character that can't be shown.",
        ("importer", "--revoke", "--list"): "Error: argument --list: not allowed with argument --revoke",
    }.items():
        with pytest.raises(CommandError) as caught:
            run(*words)
        assert str(caught.value).startswith(message)
    for tenant, message in {
        "none": "--tenant none: there is no such tenant",
        "other": "SERVICE_TOKEN: this text",
    }.items():
        with pytest.raises(CommandError) as caught:
            run("importer", tenant=tenant)
        assert str(caught.value).startswith(message)
    assert ServiceToken.objects.count() == 1


def test_revoked_token_stays_revoked() -> None:
    run("importer")
    run("importer", "--revoke")

    with pytest.raises(CommandError) as caught:
        run("importer")

    assert "was revoked on " in str(caught.value)
