"""Addresses of nobody whom another test has counted: what is counted outlasts a test."""

import ipaddress
import secrets


def make_address() -> str:
    return str(ipaddress.IPv6Address(secrets.token_bytes(16)))
