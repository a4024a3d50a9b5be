"""Makes statements by SQLite's grammar (https://www.sqlite.org/lang.html) over the tables of a database, one after the
other from a seed. Most mean something; all are meant to get hold of what a service may not read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

Make = str | Callable[[], str]
MODULES = ("dbstat", "sqlite_stmt", "sqlite_dbpage", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4", "sqlite_master")
LIKELY = ("password", "password", "email", "id", "session_key", "key_hash", "name", "rowid", "_rowid_", "oid")
FAVOURITES = ("auth.user", "auth.session", "auth.copy", "auth.made", "app.copy", "app.log", "plain")
NATURAL = ("NATURAL", "natural left", "NATURAL INNER", "NATURAL FULL", "Natural/**/Right", "\ufeffNATURAL FULL OUTER")
KINDS = ("", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "FULL OUTER", "LEFT OUTER")
QUOTES = ('"{}"', '"{}"', "[{}]", "`{}`", 'main."{}"', '\ufeff"{}"', '/* \' */"{}"')
FUNCTIONS = ("count", "max", "min", "group_concat", "lower", "length", "hex", "quote", "typeof", "json_array", "total")
WINDOWS = ("rank()", "first_value({})", "lag({})", "count({})", "ntile(2)", "group_concat({})")
WORDS = ("'SENTINEL%'", "NULL", "1", "'x'", '"a text"', "x'00'", "'natural join'", "1.5")
PRAGMAS = ("table_info", "table_xinfo", "index_list", "foreign_key_list", "stats", "integrity_check", "module_list")
DEPTH = 2


class Grammar:
    """Statements from a seed: the same seed gives the same ones. `open_columns` are those that may be read."""

    def __init__(self, open_columns: dict[str, list[str]], views: list[str], seed: int) -> None:
        self.random = Random(seed)
        self.open_columns = open_columns
        self.tables = list(open_columns)
        self.views = views
        self.depth = 0
        self.scope: list[str] = []  # what stands in FROM just now

    def make_statement(self) -> str:
        self.depth, self.scope = 0, []
        makers: list[Make] = [*[self.select] * 5, self.insert, self.insert, self.update, self.update, self.delete]
        text = self.pick([*makers, self.copy])
        head = self.pick([*[""] * 8, "EXPLAIN ", "EXPLAIN QUERY PLAN "])
        return head + (f"{self.common()} {text}" if self.chance(0.15) else text)

    # --- Queries ------------------------------------------------------------------------------------------------------
    def select(self) -> str:
        outer, self.depth = self.scope, self.depth + 1
        text = self.core()
        if self.chance(0.12):
            text += f" {self.pick(['UNION', 'UNION ALL', 'EXCEPT', 'INTERSECT'])} {self.core()}"
        if self.chance(0.15):
            text += f" ORDER BY {self.pick(['1', '2 DESC', self.expression, self.column])}"
        if self.chance(0.05):
            text += f" LIMIT {self.pick(['1', lambda: f'(SELECT count({self.column()}) FROM {self.table()})'])}"
        self.scope, self.depth = outer, self.depth - 1
        return text

    def core(self) -> str:
        if self.chance(0.04):
            return f"VALUES ({self.expression()}), ({self.expression()})"
        source = self.source()
        text = f"SELECT {self.pick(['', '', 'DISTINCT '])}{self.results()} FROM {source}"
        if self.chance(0.3):
            text += f" WHERE {self.condition()}"
        if self.chance(0.1):
            text += f" GROUP BY {self.pick(['1', self.column])}"
            text += f" HAVING {self.condition()}" if self.chance(0.5) else ""
        return text + (f" WINDOW w AS (ORDER BY {self.column()})" if self.chance(0.05) else "")

    def results(self) -> str:
        return ", ".join(self.result() for _ in range(self.random.randint(1, 2)))

    def result(self) -> str:
        return self.pick(
            ["*", lambda: f"{self.table()}.*", "1", *[self.column] * 4, lambda: f"{self.expression()} AS password"]
        )

    def source(self) -> str:
        self.scope = []
        text = self.item()
        while self.chance(0.4):
            text += self.join()
        return text

    def join(self) -> str:
        item = self.item()
        return self.pick(
            [
                lambda: f" {self.pick(NATURAL)} JOIN {item}",
                lambda: (
                    f" {self.pick(KINDS)} JOIN {item} {self.pick(['USING', 'using', 'Using/* */'])} ({self.name()})"
                ),
                lambda: f" {self.pick(KINDS)} JOIN {item} ON {self.condition()}",
                f", {item}",
            ]
        )

    def item(self) -> str:
        if self.depth < DEPTH and self.chance(0.1):
            return f"({self.select()}) {self.pick(['', 'AS g', 'password'])}"
        if self.chance(0.12):
            return f"(SELECT NULL AS {self.pick(LIKELY)}) g"
        if self.chance(0.04):
            return self.function_table()
        hint = self.pick([*[""] * 12, " INDEXED BY partial", " INDEXED BY lowered", " NOT INDEXED"])
        return self.table() + (hint or self.pick(["", "", "", " t", " AS u"]))

    def function_table(self) -> str:
        given = self.pick([lambda: f"(SELECT json_array({self.column()}) FROM {self.table()})", "'[1]'"])
        return self.pick([f"json_each({given})", f"json_tree({given})", f"pragma_{self.pick(PRAGMAS)}('auth.user')"])

    def common(self) -> str:
        name = self.pick(["r", "password", '"auth.copy"', "sqlite_stat1"])
        if self.chance(0.3):
            return (
                f"WITH RECURSIVE {name}(id) AS (SELECT {self.name()} FROM {self.source()} UNION SELECT id FROM {name})"
            )
        return f"WITH {name} AS {self.pick(['', 'MATERIALIZED ', 'NOT MATERIALIZED '])}({self.select()})"

    # --- Changes ------------------------------------------------------------------------------------------------------
    def insert(self) -> str:
        text = f"INSERT {self.pick(['', 'OR REPLACE ', 'OR IGNORE '])}INTO {self.table()} "
        text += self.pick([lambda: f"({self.name()}) {self.select()}", lambda: f"SELECT * FROM {self.table()}"])
        if self.chance(0.3):
            change = self.pick(["NOTHING", lambda: f"UPDATE SET {self.assignment()} WHERE {self.condition()}"])
            text += "" if "WHERE" in text else " WHERE true"
            text += f" ON CONFLICT {self.pick(['', '(id)', '(email)'])} DO {change}"
        return text + self.returning()

    def copy(self) -> str:
        verb = self.pick(["REPLACE", "INSERT", "insert or ignore"])
        return f"{verb} INTO {self.table()} SELECT {self.pick(['', 'ALL ', '/**/'])}* FROM {self.table()}"

    def update(self) -> str:
        table = self.table()
        text = f"UPDATE {table} SET {self.assignment()}"
        if self.chance(0.3):
            text += f" FROM {self.source()}"
        return text + (f" WHERE {self.condition()}" if self.chance(0.5) else "") + self.returning()

    def delete(self) -> str:
        return f"DELETE FROM {self.table()} WHERE {self.condition()}{self.returning()}"

    def assignment(self) -> str:
        return self.pick(
            [lambda: f"{self.name()} = {self.expression()}", lambda: f"({self.name()}, email) = {self.subquery()}"]
        )

    def returning(self) -> str:
        return f" RETURNING {self.results()}" if self.chance(0.2) else ""

    # --- Expressions --------------------------------------------------------------------------------------------------
    def condition(self) -> str:
        sign = self.pick(["=", "IS", "<", ">", "LIKE", "GLOB", "IS NOT"])
        return self.pick(
            [
                *[lambda: f"{self.column()} {sign} {self.pick([*WORDS, self.column])}"] * 3,
                lambda: f"{self.column()} IN {self.table()}",
                lambda: f"({self.column()}, {self.column()}) {self.pick(['IN', '='])} {self.subquery()}",
                lambda: f"EXISTS {self.subquery()}",
                lambda: f"{self.expression()} BETWEEN {self.expression()} AND {self.pick(WORDS)}",
                lambda: f"{self.column()} IN {self.subquery()}",
                "true",
            ]
        )

    def expression(self) -> str:
        return self.pick(
            [
                *[self.column] * 4,
                lambda: self.pick(WORDS),
                lambda: f"{self.pick(FUNCTIONS)}({self.column()})",
                lambda: f"{self.pick(WINDOWS).format(self.column())} OVER (ORDER BY {self.column()})",
                lambda: f"CASE WHEN {self.column()} LIKE 'S%' THEN 1 ELSE {self.column()} END",
                lambda: f"count(*) FILTER (WHERE {self.column()} LIKE 'S%')",
                lambda: f"CAST({self.column()} AS text) COLLATE nocase",
                self.subquery,
            ]
        )

    def subquery(self) -> str:
        return f"({self.select()})" if self.depth < DEPTH else f"(SELECT {self.column()} FROM {self.table()})"

    def column(self) -> str:
        name = self.name()
        return f"{self.pick(['u', 't', 'g', 'excluded', self.table])}.{name}" if self.chance(0.1) else name

    def name(self) -> str:
        """Give a column's name: mostly one that may be read where it stands."""
        found = self.open_columns.get(self.pick(self.scope)) if self.scope else None
        return f'"{self.pick(found)}"' if found and self.chance(0.85) else self.pick(LIKELY)

    def table(self) -> str:
        if self.chance(0.04):
            return self.pick(MODULES)
        table = self.pick(FAVOURITES) if self.chance(0.7) else self.pick([*self.tables, *self.views])
        self.scope = [*self.scope, table]
        return self.pick(["{}" if table.isidentifier() else '"{}"', *QUOTES]).format(table)

    def pick(self, choices: Sequence[Make]) -> str:
        choice = self.random.choice(choices)
        return choice if isinstance(choice, str) else choice()

    def chance(self, share: float) -> bool:
        return self.random.random() < share
