"""Whether a statement of a file can leave anything on the connection: what can't, need not be put back behind it."""

from __future__ import annotations

import re
from typing import Final

# Words of what writes, which advances a sequence; and the server's functions that set or keep something for the
# session, or run a text that they are given.
_LEAVES: Final = re.compile(
    r"""\b(?:
        insert|update|delete|merge|call|into
        | set_config|setseed|nextval|setval|\w*advisory\w*|lo_\w+|pg_\w*(?:notify|snapshot|slot)\w*|dblink\w*
        | \w*_to_xml\w*|ts_stat|ts_rewrite
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# A function with a schema is a project's own, whose body nobody reads here.
_OWN: Final = re.compile(r"(?<![\w.\"])(?!pg_catalog\s*\.)[\w\"]+\s*\.\s*[\w\"]+\s*\(", re.IGNORECASE)


def leaves_nothing(text: str) -> bool:
    """Tell whether a statement reads and does nothing else; False where that can't be seen from its words."""
    return not _LEAVES.search(text) and not _OWN.search(text)
