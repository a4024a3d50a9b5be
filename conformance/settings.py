"""Django's settings for its own suite, with the order's backend and database, and the hooks that place and record."""

# The suite's own, beside runtests.py: they differ from release to release.
from test_sqlite import *  # type: ignore[import-not-found]  # noqa: F403

from conformance import placing
from conformance.modes import ENGINES, SCHEMA
from conformance.order import read_order

ORDER = read_order()


def get_database(alias: str) -> dict[str, object]:
    """Give the entry of DATABASES; the suite needs two, and makes test databases of them."""
    mode = ORDER.mode
    entry: dict[str, object] = {"ENGINE": ENGINES[ORDER.dialect, mode.ours]}
    if mode.ours:
        entry["OPTIONS"] = {"schemas": [SCHEMA]}
    if ORDER.dialect == "postgresql":
        entry |= {"NAME": f"conformance_{ORDER.name}_{alias}", **ORDER.server}
    return entry


DATABASES = {alias: get_database(alias) for alias in ("default", "other")}
TEST_RUNNER = "conformance.recording.RecordingRunner"

placing.install(ORDER.mode.prefix)
