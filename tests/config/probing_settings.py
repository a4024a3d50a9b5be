"""The project's settings with pages that say as whom they ran, and connections that stay to be looked at."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES

ROOT_URLCONF = "tests.config.probing_urls"
DATABASES["default"]["CONN_MAX_AGE"] = None
