"""A project that uses the backend by itself: no app of the engine's, no ownership map. libpq finds the server."""

import os

SECRET_KEY = "not secret"
USE_TZ = True
INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": f"freehold.backends.{'postgresql' if 'PGDATABASE' in os.environ else 'sqlite3'}",
        "NAME": os.environ.get("PGDATABASE", "local.db"),
        "OPTIONS": {"schemas": ["sales", "public"]},
    }
}
