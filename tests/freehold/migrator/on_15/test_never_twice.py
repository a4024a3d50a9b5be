"""A migration is applied once on PostgreSQL 15 too."""

import pytest

from tests.freehold.migrator.test_never_twice import (
    meadow,
    test_failure_that_can_t_be_written_down_is_told_all_the_same,
    test_migration_whose_lock_is_lost_stops_and_is_applied_once_by_the_next,
    test_rollback_whose_lock_is_lost_stops_and_is_done_once_by_the_next,
    test_session_that_is_still_at_work_is_waited_for,
)

pytestmark = pytest.mark.postgresql
__all__ = [
    "meadow",
    "test_failure_that_can_t_be_written_down_is_told_all_the_same",
    "test_migration_whose_lock_is_lost_stops_and_is_applied_once_by_the_next",
    "test_rollback_whose_lock_is_lost_stops_and_is_done_once_by_the_next",
    "test_session_that_is_still_at_work_is_waited_for",
]
