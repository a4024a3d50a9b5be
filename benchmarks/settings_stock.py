"""The project on Django's own backend: the same models and migrations, each table under its whole name in `public`."""

from config.settings import *  # noqa: F403 - a settings module extends another this way
from config.settings import DATABASES

DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["OPTIONS"].pop("schemas", None)
