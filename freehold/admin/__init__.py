"""The engine's admin pages, where the project's admin site is Unfold's (`pip install "freehold[admin]"`)."""

from django.apps import apps

if apps.is_installed("unfold"):
    from freehold.admin import history  # noqa: F401 - registers its page
