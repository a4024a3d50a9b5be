"""What attempts leave is dropped, and limits hold, on PostgreSQL 15 too."""

import pytest

from tests.freehold.migrator.test_builds import (
    hasty,
    meadow,
    test_attempts_leave_nothing_behind_once_one_succeeds,
    test_partition_whose_detaching_was_cut_off_is_detached,
    test_statement_that_nobody_waits_behind_waits_longer_than_the_limit,
)
from tests.freehold.migrator.test_timeouts import (
    limited,
    test_code_that_takes_longer_than_anothers_limits_is_not_ended,
)

pytestmark = pytest.mark.postgresql
__all__ = [
    "hasty",
    "limited",
    "meadow",
    "test_attempts_leave_nothing_behind_once_one_succeeds",
    "test_code_that_takes_longer_than_anothers_limits_is_not_ended",
    "test_partition_whose_detaching_was_cut_off_is_detached",
    "test_statement_that_nobody_waits_behind_waits_longer_than_the_limit",
]
