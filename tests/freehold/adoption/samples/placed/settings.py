"""Apps of Django's that a map puts into four schemas. libpq finds the server; TAG tells roles of one test apart."""

import os

from freehold import Contract, Ownership, Schema, Service

TAG = os.environ["TAG"]
MAP = Ownership(
    schemas=(
        Schema("auth", owner=f"auth_{TAG}", places=("auth", "contenttypes")),
        Schema("web", owner=f"web_{TAG}", places=("sessions",)),
        Schema("master", owner=f"master_{TAG}", places=("sites",)),
        Schema("pages", owner=f"pages_{TAG}", places=("flatpages", "redirects")),
        Schema("public", owner=f"migrator_{TAG}", apps=("freehold",)),
    ),
    services=(Service("site", login=f"site_{TAG}", writes=("auth", "web", "master", "pages")),),
    contracts=(Contract("master", consumer="pages", reference={"django_site": ("id",)}, on_delete=("NO ACTION",)),),
    migrator=f"migrator_{TAG}",
)
OWNERSHIP = "settings.MAP"

SECRET_KEY = "not secret"
SITE_ID = 1
USE_TZ = True
INSTALLED_APPS = [
    "freehold",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.redirects",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
DATABASES = {
    "default": {
        "ENGINE": f"freehold.backends.{'postgresql' if 'PGDATABASE' in os.environ else 'sqlite3'}",
        "NAME": os.environ.get("PGDATABASE", "local.db"),
        "OPTIONS": {"schemas": list(MAP.schema_names)},
    }
}
