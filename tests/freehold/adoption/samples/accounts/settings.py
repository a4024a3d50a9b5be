"""django-allauth, put into schema `auth` by a map. libpq finds the server; TAG tells roles of one test apart."""

import os

from freehold import Contract, Ownership, Schema, Service

TAG = os.environ["TAG"]
MAP = Ownership(
    schemas=(
        Schema(
            "auth",
            owner=f"auth_{TAG}",
            places=("auth", "contenttypes", "sessions", "account", "socialaccount", "mfa", "usersessions"),
        ),
        Schema("master", owner=f"master_{TAG}", places=("sites",)),
        Schema("public", owner=f"migrator_{TAG}", apps=("freehold",)),
    ),
    services=(Service("site", login=f"site_{TAG}", writes=("auth", "master")),),
    contracts=(Contract("master", consumer="auth", reference={"django_site": ("id",)}, on_delete=("NO ACTION",)),),
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
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sites",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": f"freehold.backends.{'postgresql' if 'PGDATABASE' in os.environ else 'sqlite3'}",
        "NAME": os.environ.get("PGDATABASE", "local.db"),
        "OPTIONS": {"schemas": list(MAP.schema_names)},
    }
}
