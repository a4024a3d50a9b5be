"""What is kept and said of a session's key in place of the key itself: digests, each of the one before it.

| | is known to | signs in by cookie | finds the user in the database |
|---|---|---|---|
| key | browser and process | yes | as its proof |
| proof: SHA-256 of the key | the database, for a statement | no | yes |
| row's key: SHA-256 of the proof | whoever reads the table | no | no |

All digests are 64 lower-case hexadecimal digits, and what is digested is the text in UTF-8: PostgreSQL says the same as
`encode(sha256(convert_to(proof, 'UTF8')), 'hex')`. They need no salt and no slow hash: keys are 165 random bits.
"""

from __future__ import annotations

import hashlib


def get_proof(key: str) -> str:
    """Give what a service shows the database for the key in a cookie."""
    return _digest(key)


def get_row_key(proof: str) -> str:
    """Give `session_key` of the session's row."""
    return _digest(proof)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
