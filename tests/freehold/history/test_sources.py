"""What is kept of files, and how it is compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from freehold.history.sources import MOST_OF_A_FILE, MOST_OF_ALL, Sources, list_differences, read_sources


def test_checksum_of_one_file_is_its_own() -> None:
    assert Sources({"a.py": b"x"}).checksum == hashlib.sha256(b"x").hexdigest()


def test_checksum_of_several_files_depends_on_names_contents_and_where_one_ends() -> None:
    found = {
        Sources(contents).checksum
        for contents in (
            {"a": b"x", "b": b"y"},
            {"a": b"xy", "b": b""},
            {"a": b"x", "c": b"y"},
            {"a": b"x", "b": None},
            {"a": b"x"},
        )
    }

    assert len(found) == 5


def test_line_ends_of_a_checkout_make_no_difference(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_bytes(b"SELECT 1;\r\n")

    assert read_sources([tmp_path / "a.sql"], tmp_path).contents == {"a.sql": b"SELECT 1;\n"}


def test_names_are_relative_with_slashes(tmp_path: Path) -> None:
    files = [tmp_path / "app" / "sql" / "a.sql", tmp_path / "other" / "b.sql"]

    assert read_sources(files, tmp_path / "app").contents == {"sql/a.sql": None, "../other/b.sql": None}


@pytest.mark.parametrize("content", [b"x" * (MOST_OF_A_FILE + 1), b"\xff", b"a\0b"])
def test_of_what_is_too_long_or_no_text_the_checksum_is_kept(content: bytes) -> None:
    kept = Sources({"a": content}).keep()

    assert kept == {"a": {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}}
    assert list_differences(kept, Sources({"a": content})) == []
    (found,) = list_differences(kept, Sources({"a": b"other"}), "app")
    assert found.text == f"app/a: had {len(content):,} bytes and has 5 bytes now; only its checksum was kept"


def test_all_that_is_kept_is_limited() -> None:
    contents = {str(number): b"x" * MOST_OF_A_FILE for number in range(6)}

    kept = Sources(contents).keep()

    assert sum(isinstance(each, str) for each in kept.values()) == MOST_OF_ALL // MOST_OF_A_FILE


def test_difference_names_what_is_gone_and_what_is_new() -> None:
    before, now = {"a": "1\n2\n", "b": "gone\n"}, Sources({"a": b"1\n3\n", "c": b"new\n"})

    found = list_differences(before, now, "app")

    assert [(each.name, each.line) for each in found] == [("a", 2), ("c", 1), ("b", 1)]
    assert found[0].text.splitlines() == ["--- a/app/a", "+++ b/app/a", "@@ -1,2 +1,2 @@", " 1", "-2", "+3"]
    assert found[1].text.splitlines()[:2] == ["--- /dev/null", "+++ b/app/c"]
    assert found[2].text.splitlines()[:2] == ["--- a/app/b", "+++ /dev/null"]


def test_difference_that_is_long_is_cut() -> None:
    now = Sources({"a": b"\n".join(str(number).encode() for number in range(1000))})

    (found,) = list_differences({"a": ""}, now)

    assert found.text.splitlines()[-1] == "(803 more lines)"


def test_difference_in_the_last_line_break_is_one() -> None:
    (found,) = list_differences({"a": "x"}, Sources({"a": b"x\n"}))

    assert found.text.splitlines()[-1] == "(line breaks alone)"


@pytest.mark.parametrize("size", [MOST_OF_ALL + 1, MOST_OF_ALL + MOST_OF_A_FILE * 3])
@pytest.mark.parametrize("at", [0, 1, 2], ids=["before", "at", "behind"])
def test_long_file_is_read_in_pieces_and_has_the_checksum_of_the_whole(tmp_path: Path, size: int, at: int) -> None:
    text = b"x" * (MOST_OF_A_FILE - at) + b"\r\n\r" + b"y" * size + b"\r"
    (tmp_path / "a.sql").write_bytes(text)
    (tmp_path / "b.sql").write_bytes(b"b")
    whole = text.replace(b"\r\n", b"\n")

    found = read_sources([tmp_path / "a.sql", tmp_path / "b.sql"], tmp_path)

    assert not isinstance(found.contents["a.sql"], bytes)
    assert found.checksum == Sources({"a.sql": whole, "b.sql": b"b"}).checksum
    assert found.first_checksum == hashlib.sha256(whole).hexdigest()
    assert found.keep() == Sources({"a.sql": whole, "b.sql": b"b"}).keep()
    assert list_differences(found.keep(), found) == []
