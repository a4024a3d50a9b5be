"""What a backend lets the layers above it know."""

from django.dispatch import Signal

# A test database is about to be made. Sent with a `cursor` of whoever makes it, and the `entry` of settings that names
# them: the moment to refuse them, while nothing is made.
creating_database = Signal()
# A test database was made (or found again) and has its schemas. Sent with `connection`, which is connected to it as
# whoever made it, while its schemas still belong to them: the moment to hand out owners and rights.
database_created = Signal()
