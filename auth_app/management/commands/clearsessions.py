"""`manage.py clearsessions`: deletes expired sessions. Run it daily.

Django's own command, which is otherwise there only with `django.contrib.sessions` installed, and its table.
"""

from django.contrib.sessions.management.commands.clearsessions import Command

__all__ = ["Command"]
