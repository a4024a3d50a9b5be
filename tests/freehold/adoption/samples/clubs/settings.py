"""An app that a user installs, in a schema of its own. libpq finds the server; TAG tells roles of one test apart."""

import os

from freehold import Contract, Ownership, Schema, Service

TAG = os.environ["TAG"]
MAP = Ownership(
    schemas=(
        Schema("auth", owner=f"auth_{TAG}", places=("auth", "contenttypes")),
        Schema("sport", owner=f"sport_{TAG}", places=("clubs",)),
        Schema("public", owner=f"migrator_{TAG}", apps=("freehold",)),
    ),
    services=(Service("site", login=f"site_{TAG}", writes=("auth", "sport")),),
    contracts=(Contract("auth", consumer="sport", reference={"auth_user": ("id",)}),),
    migrator=f"migrator_{TAG}",
)
OWNERSHIP = "settings.MAP"

SECRET_KEY = "not secret"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["freehold", "django.contrib.contenttypes", "django.contrib.auth", "clubs"]
DATABASES = {
    "default": {
        "ENGINE": f"freehold.backends.{'postgresql' if 'PGDATABASE' in os.environ else 'sqlite3'}",
        "NAME": os.environ.get("PGDATABASE", "local.db"),
        "OPTIONS": {"schemas": list(MAP.schema_names)},
    }
}
