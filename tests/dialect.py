"""Chooses the suite's database before Django's settings are read: TEST_DIALECT=postgresql (the default) or sqlite.

PostgreSQL is an embedded server in a temporary directory that the tests start themselves. xdist's workers share
the one that the first process chose. A developer's `.env` is no test's, nor that of a process that a test starts.
"""

import os
import tempfile

DIALECT = os.environ.setdefault("TEST_DIALECT", "postgresql")
OWNER = "FREEHOLD_TEST_DIRECTORY"

os.environ["ENV_FILE"] = os.devnull
# What is counted outlasts a test; those about it say which limits they have.
os.environ["API_RATE_LIMITS"] = os.environ["SIGN_IN_LIMITS"] = "off"
os.environ.setdefault("PG_ACCOUNT", "nobody")  # no test makes an account on this machine

if OWNER not in os.environ:
    os.environ[OWNER] = tempfile.mkdtemp(prefix="freehold-test-")
    os.chmod(os.environ[OWNER], 0o755)
    IS_OWNER = True
else:
    IS_OWNER = False

if DIALECT == "postgresql":
    os.environ["DATABASE_URL"] = f"embedded://{os.environ[OWNER]}/postgres"
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{os.environ[OWNER]}/test.db"
