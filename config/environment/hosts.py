"""Host names that the site answers to, origins that its forms come from, and the header by which a proxy says HTTPS.

Django takes any text for each, and a wrong one is found by the first visitor who gets a 400.
"""

from __future__ import annotations

import ipaddress
import re

from config.environment.variables import SettingError, describe, read_list, read_text

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<wild>\*\.)?(?P<host>\[[^\]]*\]|[^:/?#@\[\]]*)(?::(?P<port>[0-9]{1,5}))?"
)
_HEADER = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def read_hosts(name: str, *, debug: bool) -> list[str]:
    """Give the host names; the machine's own where the variable is unset or blank.

    Raises:
        SettingError: an entry is no host, none is left, or it is every host while DEBUG is off.
    """
    hosts = read_list(name, LOOPBACK)
    if not hosts:
        raise SettingError(f"{describe(name, read_text(name))} names no host: set it to the site's, as shop.example")
    for host in hosts:
        if host == "*" and debug:
            continue
        if host == "*":
            raise SettingError(
                f"{name}='*' lets a request say any host, which then stands in links of mails: name the site's own"
            )
        if not is_host(host.removeprefix(".")):
            raise SettingError(
                f"{name} has {host!r}, which is no host: write shop.example, .shop.example with all below it, or an "
                f"address such as [::1], without scheme, port and path"
            )
    return hosts


def read_origins(name: str, *, https: bool, wild: bool = True) -> list[str]:
    """Give the origins; none where the variable is unset or blank. `wild`: one may be that of all below a host.

    Raises:
        SettingError: an entry is no origin, or one over http where the site is on HTTPS.
    """
    origins = read_list(name)
    below = ", https://*.shop.example" if wild else ""
    for origin in origins:
        match = _ORIGIN.fullmatch(origin)
        is_known = match and is_host(match["host"]) and 0 < int(match["port"] or 443) < 65536
        if not match or not is_known or (match["wild"] and not wild):
            raise SettingError(
                f"{name} has {origin!r}, which is no origin: write https://shop.example{below} or "
                f"https://shop.example:8443, without a path"
            )
        if https and match["scheme"] == "http":
            raise SettingError(f"{name} has {origin!r}, and the site is on HTTPS: write https, or set HTTPS=0")
    return origins


def read_header(name: str) -> tuple[str, str] | None:
    """Give Django's SECURE_PROXY_SSL_HEADER for a header such as `X-Forwarded-Proto`; none where it is unset or blank.

    Raises:
        SettingError: it is no header's name.
    """
    header = read_field(name, "X-Forwarded-Proto")
    return (header, "https") if header else None


def read_field(name: str, example: str = "X-Real-IP") -> str | None:
    """Give a header as `request.META` has it; none where it is unset or blank.

    Raises:
        SettingError: it is no header's name.
    """
    header = read_text(name)
    if header and not _HEADER.fullmatch(header):
        raise SettingError(f"{describe(name, header)} is no header: name the one alone, such as {example}")
    return f"HTTP_{header.upper().replace('-', '_')}" if header else None


def is_host(text: str) -> bool:
    """Tell whether it is a host's name or address, an IPv6 one in brackets. No name ends in a number alone."""
    if text.startswith("["):
        return text.endswith("]") and _is_address(text[1:-1], 6)
    if re.fullmatch(r"[0-9]+", text.rpartition(".")[2]):
        return _is_address(text, 4)
    return len(text) <= 253 and bool(_NAME.fullmatch(text))


def _is_address(text: str, version: int) -> bool:
    try:
        return "%" not in text and ipaddress.ip_address(text).version == version
    except ValueError:
        return False
