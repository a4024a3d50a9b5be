"""Faults of every kind are outlasted on PostgreSQL 15 too."""

import pytest

from tests.freehold.migrator.test_faults import (
    estate,
    network,
    test_fault_before_any_message_of_a_rollback_is_outlasted_by_the_one_that_waits,
    test_fault_before_any_message_of_a_run_is_outlasted_by_the_migrator_that_waits,
    whole,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.once]
__all__ = [
    "estate",
    "network",
    "test_fault_before_any_message_of_a_rollback_is_outlasted_by_the_one_that_waits",
    "test_fault_before_any_message_of_a_run_is_outlasted_by_the_migrator_that_waits",
    "whole",
]
