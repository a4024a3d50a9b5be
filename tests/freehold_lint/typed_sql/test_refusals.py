"""Each thing that is refused before any database is asked: a file, and the line that is printed of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from freehold_lint.typed_sql.faults import TypedSQLError
from freehold_lint.typed_sql.sources import read_source
from freehold_lint.typed_sql.statements import list_choices, write_statement
from freehold_lint.typed_sql.trees import read_tree

HEADER = "-- name: list_items\n-- kind: many\n-- purpose: items\n"
SELECT = "SELECT i.id FROM app.items AS i\n"
PAGED = f"{HEADER}-- sort: newest = i.id DESC\n-- page: 5 10\n"

REFUSED = [
    # the header
    ("SELECT 1 AS a\n", "1: the header has no `name`: write `-- name: …` at the file's top"),
    (
        "-- name: list_items\n-- kind: many\nSELECT 1\n",
        "1: the header has no `purpose`: write `-- purpose: …` at the file's top",
    ),
    (
        HEADER.replace("list_items", "show") + SELECT,
        "1: the name is show, and the file is called list_items.sql: use one",
    ),
    (HEADER.replace("list_items", "List") + SELECT, "1: List is no name for a function: small letters, digits and _"),
    (
        HEADER.replace("many", "all") + SELECT,
        "2: no kind is called `all`: one, maybe, many, exec, execrows, batch, load are",
    ),
    (HEADER + "-- kind: one\n" + SELECT, "4: `kind` is said twice: line 2 has it too; remove one"),
    (
        HEADER + "-- sorts: a\n" + SELECT,
        "4: no header is called `sorts`: name, kind, purpose, service, sort, page, type, embed, most, plan, only, "
        "caller, index are",
    ),
    (
        HEADER + "-- of a shop\n" + SELECT,
        "4: this line of the header says nothing: write `-- word: …`, or go on by two blanks",
    ),
    (HEADER + "-- service:\n" + SELECT, "4: `service` says nothing: write it behind the colon"),
    (HEADER + "-- most: few\n" + SELECT, "4: `most` is a number of statements, such as 64, and 4,096 at most"),
    (HEADER + "-- only: sqlite\n" + SELECT, "4: `only` may say `postgresql`: there is then nothing for SQLite"),
    (HEADER + "-- type: total\n" + SELECT, "4: write `-- type: name = int`, `-- type: name?` or `-- type: name!`"),
    (HEADER + "-- type: id!\n-- type: id?\n" + SELECT, "5: the type of id is said twice: remove one"),
    (HEADER + "-- embed: category\n" + SELECT, "4: write `-- embed: category = category_id, category_slug AS slug`"),
    (
        HEADER.replace("many", "exec") + "-- embed: a = a_id\n" + SELECT,
        "4: `embed` is for rows, and this is `exec`",
    ),
    (HEADER + "-- sort: newest\n" + SELECT, "4: write an order as `-- sort: newest = created_at DESC, id DESC`"),
    (
        HEADER + "-- sort: a = i.id, \n" + SELECT,
        "4: a column of the order is missing: write `created_at DESC, id DESC`",
    ),
    (HEADER + "-- sort: a = @key\n" + SELECT, "4: an order takes no parameters: write one for each"),
    (
        HEADER + "-- sort: a = i.id DESC NULLS LAST\n" + SELECT,
        "4: NULLS FIRST and NULLS LAST are not taken: order by a column that is never NULL",
    ),
    (
        HEADER + "-- sort: a = i.id\n-- sort: a = i.id DESC\n" + SELECT,
        "5: the order a is there already: use another name",
    ),
    (
        HEADER.replace("many", "one") + "-- sort: a = i.id\n" + SELECT,
        "4: `sort` is for `kind: many`, and this is `one`",
    ),
    (
        HEADER + "-- page: 5 10\n" + SELECT,
        "4: `page` needs an order: write `-- sort: newest = created_at DESC, id DESC`",
    ),
    (PAGED.replace("5 10", "10 5") + SELECT, "5: write the usual and the greatest number of rows: `-- page: 50 200`"),
    # pages
    (
        PAGED + SELECT,
        "5: a page has `-- after` once: in WHERE, in a line of its own, behind a condition",
    ),
    (HEADER + SELECT + "WHERE true\n-- after\n", "6: `-- after` is for pages: write `-- page: 50 200` into the header"),
    (PAGED + SELECT + "WHERE true\n-- after\nLIMIT 5\n", "9: `page` brings its own LIMIT: take LIMIT out"),
    (
        HEADER + "-- sort: a = i.id\n" + SELECT + "ORDER BY i.name = @name\n",
        "6: ORDER BY holds a part or a parameter, and `sort` replaces it: take it out",
    ),
    # parts
    (HEADER + SELECT + "WHERE true\n-- if: a\nAND i.id = @a\n", "6: the part a has no end: write `-- end`"),
    (HEADER + SELECT + "-- end\n", "5: `-- end` ends nothing: write `-- if: part` before it"),
    (HEADER + SELECT + "-- if: a\n-- if: b\n-- end\n-- end\n", "6: a part in the part a: end that first, by `-- end`"),
    (HEADER + SELECT + "-- if: a\n-- end b\n", "6: `-- end b` ends the part a: use one name"),
    (
        HEADER + SELECT + "WHERE i.id = @a\n-- if: a\nAND i.id = @a\n-- end\n",
        "7: @a stands in outside of parts and a: give each its own parameter",
    ),
    (
        HEADER + "-- most: 1\n" + SELECT + "WHERE true\n-- if: a\nAND i.id = @a\n-- end\n",
        "7: its parts and orders make 2 statements, and 1 are let: split off the part a into a file of its own, "
        "or raise `most`",
    ),
    (
        HEADER.replace("many", "batch") + SELECT + "WHERE true\n-- if: a\nAND i.id = @a\n-- end\n",
        "6: `kind: batch` takes no parts: write a file for each",
    ),
    (HEADER + "\n-- type: id!\n" + SELECT, "5: `type` stands below the header: put it among the first lines"),
    (HEADER + SELECT + "-- page: 5 10\n", "5: `page` stands below the header: put it among the first lines"),
    # the statement
    (HEADER, "1: there is no statement in it: write one below the header"),
    (HEADER + SELECT + "WHERE i.name =@name\n", "5: `=@name` reads as the operator =@: write a blank before @name"),
    (
        HEADER + SELECT + "WHERE i.id = @using\n",
        "5: using is an argument that functions have themselves: use another name",
    ),
    (HEADER + SELECT + "WHERE i.id = @Name\n", "5: Name is no name for a parameter: small letters, digits and _"),
    (HEADER + SELECT + "WHERE i.name = 'a\n", "5: a text in quotes has no end: close it"),
    (HEADER + SELECT + "WHERE = 1\n", '5: syntax error at or near "=": mend the statement'),
    (HEADER + SELECT + ";\nSELECT 2 AS b\n", "6: it holds more than one statement: write a file for each"),
    (HEADER + "CREATE TABLE app.a (b int)\n", "4: only SELECT, VALUES, INSERT, UPDATE, DELETE and MERGE are taken"),
    (HEADER + "SELECT\n    i.*\nFROM app.items AS i\n", "5: `*` takes whatever columns there are: name each"),
    (
        HEADER + "SELECT i.id\nFROM items AS i\n",
        "5: items has no schema: write app.items, or whichever schema it is in",
    ),
    (HEADER + "DELETE FROM items\n", "4: items has no schema: write app.items, or whichever schema it is in"),
    # what once ended without a line
    (HEADER + "SELECT (q).* FROM (SELECT 1 AS a) AS q\n", "4: `*` takes whatever columns there are: name each"),
    (
        PAGED.replace("i.id DESC", "i.id; SELECT 1") + SELECT + "WHERE true\n-- after\n",
        "4: it holds more than one statement: write a file for each",
    ),
    (HEADER + "-- sort: a = i.id'\n" + SELECT, "4: a text in quotes has no end: close it"),
    (
        HEADER + "-- page: 1 99999999999\n" + SELECT,
        "4: write the usual and the greatest number of rows: `-- page: 50 200`",
    ),
]


def look_at(path: Path) -> None:
    source = read_source(path)
    read_tree(source, write_statement(source, list_choices(source)[0]))


@pytest.mark.parametrize(("text", "line"), REFUSED)
def test_refusal_names_file_and_line(text: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("sql/item/list_items.sql")
    path.parent.mkdir(parents=True)
    path.write_text(text)

    with pytest.raises(TypedSQLError) as refused:
        look_at(path)

    assert str(refused.value) == f"sql/item/list_items.sql:{line}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SELECT 1 WHERE 2 = @b", ": @a is not in both files: list_items.sql has the same parameters"),
        ("SELECT @a\n-- if: c\n-- end", ""),
        ("", ":1: there is no statement in it: write one, or remove the file"),
    ],
)
def test_refusal_of_a_file_for_sqlite(text: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("sql/item/list_items.sql")
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + SELECT + "WHERE i.id = @a")
    path.with_name("list_items.sqlite.sql").write_text(text)

    if not line:
        assert read_source(path).sqlite is not None
        return
    with pytest.raises(TypedSQLError) as refused:
        read_source(path)

    assert str(refused.value) == f"sql/item/list_items.sqlite.sql{line}"


PARTS = HEADER + SELECT + "WHERE i.id = @a\n-- if: b\nAND i.name = @b\n-- end\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "SELECT 1\nWHERE 1 = @a AND 2 = @b\n-- if: b\nAND 3 = @b\n-- end\n",
            "2: @b stands in no part, and in list_items.sql in the part b: put it there here too",
        ),
        (
            "SELECT 1\nWHERE true\n-- if: b\nAND 1 = @a AND 3 = @b\n-- end\n",
            "4: @a stands in the part b, and in list_items.sql in no part: put it there here too",
        ),
        ("SELECT 1\nWHERE 1 = @a AND 4 = @a\n-- if: b\nAND 3 = @b AND 2 = @b\n-- end\n", ""),
    ],
)
def test_parameter_of_a_part_stays_in_it_on_sqlite(
    text: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("sql/item/list_items.sql")
    path.parent.mkdir(parents=True)
    path.write_text(PARTS)
    path.with_name("list_items.sqlite.sql").write_text(text)

    if not line:
        assert read_source(path).sqlite is not None
        return
    with pytest.raises(TypedSQLError) as refused:
        read_source(path)

    assert str(refused.value) == f"sql/item/list_items.sqlite.sql:{line}"


def test_statement_that_is_a_part_whole_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("sql/item/list_items.sql")
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEADER}-- if: all\n{SELECT}-- end\n")
    source = read_source(path)

    with pytest.raises(TypedSQLError, match=":5: without its parts there is no statement: leave its words outside"):
        read_tree(source, write_statement(source, list_choices(source)[-1]))


def test_name_of_pythons_own_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.sql"
    path.write_text(HEADER.replace("list_items", "list") + SELECT)

    with pytest.raises(TypedSQLError, match="list is a name of Python's own: use another, such as list_all"):
        read_source(path)


def test_file_that_can_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dir.sql").mkdir()

    with pytest.raises(TypedSQLError, match=r"it is no file: mend or remove it"):
        read_source(tmp_path / "dir.sql")
