"""How mail leaves: one address, EMAIL_URL, taken apart into Django's settings."""

from __future__ import annotations

from typing import Any

import django
import environ
from django.core.exceptions import ImproperlyConfigured

from config.environment.variables import SettingError

NOWHERE = "dummymail://"
TIMEOUT = 10  # seconds; a mail server that does not answer holds up the request that sends
OPTIONS = {  # of the setting, without EMAIL_, and of the backend
    "HOST": "host",
    "PORT": "port",
    "HOST_USER": "username",
    "HOST_PASSWORD": "password",
    "USE_TLS": "use_tls",
    "USE_SSL": "use_ssl",
}


def list_mail_settings(url: str) -> dict[str, Any]:
    """Give the settings that send mail as `url` says; nowhere, where it is empty.

    Django 6.1 has a setting of its own for them, and warns of the older ones.

    Raises:
        SettingError: it is no such address.
    """
    given = parse_mail_url(url or NOWHERE)
    given["EMAIL_TIMEOUT"] = TIMEOUT
    return make_mailers(given) if django.VERSION >= (6, 1) else given


def parse_mail_url(url: str) -> dict[str, Any]:
    """Give Django's EMAIL_ settings. The address holds a password, so that no error quotes it."""
    try:
        return {name: value for name, value in environ.Env.email_url_config(url).items() if value not in (None, "")}
    except (ImproperlyConfigured, ValueError):
        known = ", ".join(sorted(environ.Env.EMAIL_SCHEMES))
        raise SettingError(
            f"EMAIL_URL can't be read: write it as smtp+tls://USER:PASSWORD@HOST:587, with one of {known}"
        ) from None


def make_mailers(given: dict[str, Any]) -> dict[str, Any]:
    """Give the same as the setting that Django 6.1 has for it."""
    backend = given["EMAIL_BACKEND"]
    options = {option: given[f"EMAIL_{name}"] for name, option in OPTIONS.items() if f"EMAIL_{name}" in given}
    if "smtp" in backend:
        options["timeout"] = given["EMAIL_TIMEOUT"]
    elif "filebased" in backend:
        options = {"file_path": given.get("EMAIL_FILE_PATH", "")}
    else:
        options = {}
    return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
