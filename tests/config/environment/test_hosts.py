"""Hosts, origins and the proxy's header are what they say, and keys can't be guessed: else one line and no start."""

from __future__ import annotations

import secrets
import string

import pytest
from django.core.management.utils import get_random_secret_key

from config.environment.hosts import read_field, read_header, read_hosts, read_origins
from config.environment.secret_key import WAY, find_fault, read_fallbacks, read_secret_key
from config.environment.variables import SettingError, read_number


@pytest.mark.parametrize(
    "host", ["shop.example", ".shop.example", "localhost", "10.0.0.1", "[::1]", "a-b.c", "XN--4.de"]
)
def test_host_is_taken(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", f"first.example, {host}")

    assert read_hosts("ALLOWED_HOSTS", debug=False) == ["first.example", host]


@pytest.mark.parametrize(
    "text",
    [
        "http://x",
        "https://shop.example/",
        "shop.example:443",
        "shop.example/path",
        "*.shop.example",
        "a b",
        "..x",
        ".",
        "-x.example",
        "x..y",
        "10.0.0.256",
        "1.2.3",
        "10.0.0.0/8",
        "::1",
        "[::1]:80",
        "[fe80::1%eth0]",
        "[10.0.0.1]",
        "user@shop.example",
        "'shop.example'",
        "shop.example;api.example",
        "x" * 64,
    ],
)
def test_host_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", f"shop.example,{text}")

    for debug in (True, False):
        with pytest.raises(SettingError, match=r"which is no host: write shop.example"):
            read_hosts("ALLOWED_HOSTS", debug=debug)


def test_hosts_of_commas_alone_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", " , ")

    with pytest.raises(SettingError) as refused:
        read_hosts("ALLOWED_HOSTS", debug=False)

    assert str(refused.value) == "ALLOWED_HOSTS=',' names no host: set it to the site's, as shop.example"


def test_every_host_is_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "*")

    assert read_hosts("ALLOWED_HOSTS", debug=True) == ["*"]
    with pytest.raises(SettingError, match=r"lets a request say any host"):
        read_hosts("ALLOWED_HOSTS", debug=False)


@pytest.mark.parametrize("origin", ["https://shop.example", "https://*.shop.example", "https://[::1]:8443"])
def test_origin_is_taken(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", origin)

    assert read_origins("CSRF_TRUSTED_ORIGINS", https=True) == [origin]


@pytest.mark.parametrize(
    "text",
    [
        "shop.example",
        "https://",
        "https://shop.example/",
        "*",
        "https://*",
        "ftp://x",
        "https://x:99999",
        "https://a@x",
    ],
)
def test_origin_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", text)

    with pytest.raises(SettingError, match=r"which is no origin: write https://shop.example"):
        read_origins("CSRF_TRUSTED_ORIGINS", https=False)


def test_origin_of_all_below_a_host_is_refused_where_one_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://*.shop.example")
    with pytest.raises(SettingError) as caught:
        read_origins("CORS_ORIGINS", https=False, wild=False)

    assert str(caught.value) == (
        "CORS_ORIGINS has 'https://*.shop.example', which is no origin: write https://shop.example or "
        "https://shop.example:8443, without a path"
    )


def test_origin_over_http_is_refused_on_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", "http://shop.example")

    assert read_origins("CSRF_TRUSTED_ORIGINS", https=False) == ["http://shop.example"]
    with pytest.raises(SettingError, match=r"the site is on HTTPS: write https, or set HTTPS=0"):
        read_origins("CSRF_TRUSTED_ORIGINS", https=True)


def test_proxy_header_is_that_of_django(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_header("PROBE") is None
    monkeypatch.setenv("PROBE", "X-Forwarded-Proto")

    assert read_header("PROBE") == ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("text", ["X-Forwarded-Proto: https", "X_FORWARDED_PROTO", "x,y", "-", "('HTTP_X', 'https')"])
def test_proxy_header_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", text)

    with pytest.raises(SettingError, match=r"is no header: name the one alone"):
        read_header("PROBE")


@pytest.mark.parametrize("text", ["-1", "1.5", "1h", "0x10", "\u0661", "9" * 11])
def test_number_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", text)

    with pytest.raises(SettingError, match=r"is no number: set it to 0, 7 or another"):
        read_number("PROBE", 7)


# --- Keys ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "make", [get_random_secret_key, lambda: secrets.token_urlsafe(50), lambda: secrets.token_hex(32)]
)
def test_random_key_is_taken(make, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    assert {find_fault(make()) for _ in range(1000)} == {""}


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("x", "has 1 characters, and 50 are the least"),
        (secrets.token_urlsafe(30), "has 40 characters, and 50 are the least"),
        ("x" * 64, "repeats itself or follows a pattern"),
        ("ab" * 40, "repeats itself or follows a pattern"),
        ("qwertyuiop" * 6, "repeats itself or follows a pattern"),
        (string.digits + string.ascii_letters, "repeats itself or follows a pattern"),
        ((string.digits + string.ascii_letters)[::-1], "repeats itself or follows a pattern"),
        (f"django-insecure-{secrets.token_urlsafe(50)}", "is an example's or a placeholder"),
        (f"{secrets.token_urlsafe(50)}ChangeMe", "is an example's or a placeholder"),
    ],
    ids=range(9),  # a random key would give each worker a test of another name
)
def test_key_that_can_be_guessed_is_refused_and_not_shown(
    key: str, fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("SECRET_KEY", key)

    with pytest.raises(SettingError) as refused:
        read_secret_key(tmp_path / "key", debug=False)

    assert str(refused.value) == f"SECRET_KEY {fault}: whoever guesses it signs in as anybody. Make one by {WAY}"
    assert read_secret_key(tmp_path / "key", debug=True) == key


def test_older_key_that_can_be_guessed_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{secrets.token_urlsafe(50)},x")

    with pytest.raises(SettingError, match=r"^SECRET_KEY_FALLBACKS, entry 2, has 1 characters"):
        read_fallbacks(debug=False)
    assert read_fallbacks(debug=True)[1] == "x"


def test_header_with_an_address_is_named_as_the_request_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_field("PROBE") is None
    monkeypatch.setenv("PROBE", "X-Real-IP")
    assert read_field("PROBE") == "HTTP_X_REAL_IP"
    monkeypatch.setenv("PROBE", "X-Real-IP: 1")
    with pytest.raises(SettingError) as caught:
        read_field("PROBE")
    assert str(caught.value) == "PROBE='X-Real-IP: 1' is no header: name the one alone, such as X-Real-IP"
