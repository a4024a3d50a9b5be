"""A project of somebody's own that was connected, as docs/connecting.md says. TAG tells roles of one test apart."""

import os
from pathlib import Path

from ownership import MAP

from freehold import parse_database_url

BASE_DIR = Path(__file__).resolve().parent
SECRET_KEY = "not secret"
DEBUG = True
USE_TZ = True
ALLOWED_HOSTS = ["localhost"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "urls"
OWNERSHIP = "ownership.MAP"
SERVICE = os.environ.get("SERVICE", "all")
INSTALLED_APPS = [
    "freehold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "people",
]
MIDDLEWARE = [
    "freehold.ServiceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "static/"
LOGIN = MAP.find_service(SERVICE)
DATABASES = {
    "default": parse_database_url(
        os.environ.get("DATABASE_URL", "sqlite:///local.db"),
        base=BASE_DIR,
        schemas=MAP.schema_names,
        login=LOGIN.login if LOGIN else MAP.combined,
    )
}
DATABASE_ROUTERS = ["freehold.OwnershipRouter"]
