"""The project of docs/moving-a-table.md. libpq finds the server; TAG tells roles of one test apart."""

import os
from dataclasses import replace

from ownership import OWNERSHIP as PLAIN

TAG = os.environ["TAG"]
MAP = replace(
    PLAIN,
    schemas=tuple(replace(each, owner=f"{each.owner}_{TAG}") for each in PLAIN.schemas),
    services=tuple(replace(each, login=f"{each.login}_{TAG}") for each in PLAIN.services),
    migrator=f"migrator_{TAG}",
    mover=f"mover_{TAG}",
)
OWNERSHIP = "settings.MAP"

SECRET_KEY = "not secret"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["freehold", "django.contrib.contenttypes", "django.contrib.auth", "searches", "pages", "runs"]
SERVICE = os.environ.get("SERVICE", "all")
ROOT_URLCONF = "urls"
MIDDLEWARE = ["freehold.api.middleware.ProblemMiddleware", "freehold.ServiceMiddleware"]
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": f"freehold.backends.{'postgresql' if 'PGDATABASE' in os.environ else 'sqlite3'}",
        "NAME": os.environ.get("PGDATABASE", "local.db"),
        "USER": os.environ.get("PGUSER", "") if SERVICE != "all" else "",
        "OPTIONS": {"schemas": list(MAP.schema_names)},
    }
}
