"""What a backend lets the layers above it know."""

from django.dispatch import Signal

# A test database was made (or found again) and has its schemas. Sent with `connection`, which is connected to it as
# whoever made it, while its schemas still belong to them: the moment to hand out owners and rights.
database_created = Signal()
