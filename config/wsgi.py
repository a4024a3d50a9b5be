"""The WSGI application that granian serves. A process whose login the database does not hold ends here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from freehold.services import startup  # noqa: E402 - it reads the settings

startup.start_or_exit()
