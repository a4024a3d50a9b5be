"""Statements that have names on a connection known clean: the server parses each once, and plans it less often.

A name is worth something where no other statement can stand behind it. So one is given on a session of the server's own
alone, which no pooler shares out, and only while nobody but one principal used it since it was last looked at. What
SQL leaves, PREPARE under a name of ours or DEALLOCATE, shows in `pg_prepared_statements`: what the protocol made has no
`from_sql`, and statements of a service can't speak the protocol. Where a request ends that is looked at (`kept.py`);
where somebody else comes without that, all names go first. A plan that is kept is made anew where the role, the
search_path or `row_security` is another, or a table's policies are (PostgreSQL, plancache.c); who asks is a setting
that it reads each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from psycopg.pq import ExecStatus

from freehold.backends.postgresql.pipelines import Command, Message, Named, Naming, Unnaming

if TYPE_CHECKING:
    from freehold.acting import Acting

MOST: Final = 100  # names on a connection; psycopg's own limit
_NOTED: Final = 1000  # statements that were seen once
HELD: Final = "freehold_names"  # on the driver's connection: a pool hands it from one wrapper to another
_ALL: Final = Unnaming(b"ALL")
FORGET: Final = b"; DEALLOCATE ALL"
# How many statements have names, and how many of these SQL gave.
LOOK: Final = (
    b"; SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE from_sql) FROM pg_catalog.pg_prepared_statement()"
)
# What is refused where a statement is not what it was when it got its name (manual, appendix A): its result has other
# types, the name is gone or another's, a type or function that it names is.
STALE: Final = ("0A000", "26000", "42P05", "42704", "42804", "42883", "XX000")

_Key = tuple[bytes, tuple[int, ...]]


def lay_out(commands: Sequence[Command]) -> list[Message]:
    """Give what goes out where nothing has a name: what comes again at once is parsed once, as the last statement
    without a name."""
    pairs = zip(commands, (None, *commands), strict=False)
    return [
        each.by_name(b"") if last and (each.text, each.types) == (last.text, last.types) else each
        for each, last in pairs
    ]


def is_wanted(message: Message) -> bool:
    """Tell whether its result is one of a command."""
    return isinstance(message, Command | Named)


class Names:
    """The names of one session."""

    def __init__(self) -> None:
        self._names: OrderedDict[_Key, bytes] = OrderedDict()  # those on the server, the one used longest ago first
        self._seen: set[_Key] = set()
        self._count = 0
        self._who: Any = None
        self._is_doubtful = False

    @property
    def count(self) -> int:
        """How many there are on the server."""
        return len(self._names)

    def meet(self, acting: Acting) -> None:
        """Note who uses the session. What somebody else may have left is not believed."""
        who: Any = getattr(acting.who, "proof", "") or acting.who
        self._is_doubtful = self._is_doubtful or self._who not in (None, who)
        self._who = who

    def doubt(self) -> None:
        """Take no name for what it was."""
        self._is_doubtful = True

    def trust(self, result: Any) -> bool:
        """Take what was looked at; tell whether all names are ours. Then whoever comes next may use them."""
        is_ours = (result.get_value(0, 0), result.get_value(0, 1)) == (b"%d" % self.count, b"0")
        self._who = None if is_ours else self._who
        return is_ours and not self._is_doubtful

    def forget(self) -> None:
        """Note that the session has no names."""
        self._names.clear()
        self._who, self._is_doubtful = None, False

    def lay_out(self, commands: Sequence[Command]) -> list[Message]:
        """Give what goes out for the commands, those that were seen before by name. Behind more names than are let, the
        one that was used longest ago goes."""
        messages: list[Message] = []
        if self._is_doubtful:
            messages.append(_ALL)
            self._names.clear()
        made: dict[_Key, bytes] = {}
        for command in commands:
            key = command.text, tuple(command.types or ())
            name = made.get(key) or self._names.get(key)
            if name is None and key in self._seen:
                self._count += 1
                name = made[key] = b"freehold_%d" % self._count
                messages.append(Naming(name, *key))
            elif name is not None and key in self._names:
                self._names.move_to_end(key)
            self._note(key)
            messages.append(command.by_name(name) if name else command)
        over = max(0, len(self._names) + len(made) - MOST)
        return [*messages, *(Unnaming(self._names[key]) for key in list(self._names)[:over])]

    def _note(self, key: _Key) -> None:
        if len(self._seen) >= _NOTED:
            self._seen.clear()
        self._seen.add(key)

    def learn(self, messages: Sequence[Message], found: Sequence[Sequence[Any]]) -> None:
        """Note which names the server gave and took. They outlive a transaction that is taken back."""
        for message, results in zip(messages, found, strict=True):
            if isinstance(message, Command | Named) or results[-1].status != ExecStatus.COMMAND_OK:
                continue
            if isinstance(message, Naming):
                self._names[message.text, tuple(message.types)] = message.name
            elif message == _ALL:
                self._is_doubtful = False
            else:
                self._names = OrderedDict(each for each in self._names.items() if each[1] != message.name)
