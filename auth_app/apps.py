"""Who people are: users, sessions, linked accounts, verified phones."""

from django.apps import AppConfig


class AuthAppConfig(AppConfig):
    """Owns schema auth, with Django's own auth tables placed beside its own."""

    name = "auth_app"
    verbose_name = "Accounts"
