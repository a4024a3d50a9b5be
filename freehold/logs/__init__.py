"""What stands in logs and mails: one line for each record, and of errors where they came from and no value."""

from freehold.logs.errors import PlainReporter, WithoutValues
from freehold.logs.faults import log_fault, mark_logged
from freehold.logs.formats import JSONFormatter, TextFormatter

__all__ = ["JSONFormatter", "PlainReporter", "TextFormatter", "WithoutValues", "log_fault", "mark_logged"]
