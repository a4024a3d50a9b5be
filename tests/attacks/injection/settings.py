"""The project's settings, with pages that are built to be injectable, and three carriers of connections."""

import os
from copy import deepcopy
from urllib.parse import urlsplit

from config.settings import *  # noqa: F403
from config.settings import DATABASES

ROOT_URLCONF = "tests.attacks.injection.pages"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**26
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = None
CARRIERS = ["default"]


def add(alias: str, **options: object) -> None:
    """Add another way to the same database."""
    entry = DATABASES[alias] = deepcopy(DATABASES["default"])
    entry.update({"CONN_MAX_AGE": 0, **options})
    CARRIERS.append(alias)


if os.environ.get("ATTACK_POOL"):
    add("pooled")
    DATABASES["pooled"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1}
if os.environ.get("ATTACK_BOUNCER"):
    url = urlsplit(os.environ["ATTACK_BOUNCER"])
    add("bouncer", HOST=url.hostname, PORT=str(url.port), USER=url.username, PASSWORD=url.password)
    DATABASES["bouncer"]["NAME"] = url.path.strip("/")
    DATABASES["bouncer"]["OPTIONS"] = {"schemas": DATABASES["default"]["OPTIONS"]["schemas"]}
LOGGING = {"version": 1, "loggers": {"django": {"level": "CRITICAL"}}}  # faults are what the attempts are about
