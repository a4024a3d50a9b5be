"""Full SQL in a request of service `api`: what of another user's rows it reaches. docs/identity.md tells of it.

    python -m tests.attacks.injection

The request is Ann's, and the SQL is whatever she writes. What she is after is marked: every row of the others, and
every secret of theirs, has `MARK` in it. Whatever comes back to her with a mark is counted.
"""

from __future__ import annotations

import re

MARK = "1007b0b0"  # begins the id of every row that is not to be reached
OWN_MARK = "a11ce000"  # begins that of Ann's own rows, which nobody else is to be shown
SECRETS = re.compile(rf"{MARK}[0-9a-f-]{{24,}}")
