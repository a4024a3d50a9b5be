"""A process and a request as their service. `acting_as` does the same for commands, tests and workers."""

from freehold.services.processes import ALL, acting_as, compile_rights, get_process, install, make_acting

__all__ = [
    "ALL",
    "acting_as",
    "compile_rights",
    "get_process",
    "install",
    "make_acting",
]
