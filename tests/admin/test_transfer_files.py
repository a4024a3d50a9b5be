"""Files as people have them: each is read, or refused in one line that says what to do."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from freehold.admin.transfer import ImportAdmin, uploads
from freehold.admin.transfer.formats import XLSX
from items.models import Item
from tenancy.models import Tenant
from tests.admin.pages import get_url
from tests.admin.transfers import (
    TITLES,
    confirm,
    export,
    get_ticket,
    read_faults,
    read_file_error,
    read_messages,
    upload,
    write_csv,
)
from tests.tenancy.factories import make_tenant

pytestmark = pytest.mark.django_db

ADDED = ["To add: 1. To change: 0. As they are: 0."]
TEXT = "slug,name\r\nacme,Ämter\r\n"
UNSTORABLE = "Text holds a character that can't be stored."


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (TEXT.encode(), "CSV"),
        (TEXT.encode("utf-8-sig"), "CSV"),
        (TEXT.encode("utf-16"), "CSV"),
        (TEXT.replace(",", ";").encode(), "CSV"),
        (TEXT.replace(",", "\t").encode("utf-16"), "CSV"),
        (TEXT.replace(",", "\t").encode(), "TSV"),
        (TEXT.replace("\r\n", "\r").encode(), "CSV"),
        (TEXT.replace("\r\n", "\n").encode(), "CSV"),
        (b"\r\n" + TEXT.encode() + b",\r\n,\r\n\r\n", "CSV"),
        (b"slug,name,,\r\n" + "acme,Ämter,,\r\n".encode(), "CSV"),
        (' slug , name\n"acme","Ämter"\n'.encode(), "CSV"),
        ('[{"slug": "acme", "name": "Ämter"}]'.encode(), "JSON"),
        ('[{"slug": "acme", "name": "Ämter"}]'.encode("utf-8-sig"), "JSON"),
        (rb'[{"slug": "acme", "name": "\u00c4mter"}]', "JSON"),
    ],
)
def test_file_is_read_as_programs_write_it(signed_in: Client, data: bytes, title: str) -> None:
    page = upload(signed_in, Tenant, data, title)

    assert read_messages(page) == ADDED, read_file_error(page)
    confirm(signed_in, Tenant, page)
    assert Tenant.objects.get().name == "Ämter"


@pytest.mark.parametrize(
    ("data", "title", "line"),
    [
        (b"", "CSV", "The submitted file is empty."),
        (b"\n\n", "CSV", "The file has no rows. The first line names the columns, and rows follow."),
        (b"slug,name\n", "CSV", "The file has no rows. The first line names the columns, and rows follow."),
        (b"[]", "JSON", "The file has no rows. The first line names the columns, and rows follow."),
        (b"[{}]", "JSON", "The file has no rows. The first line names the columns, and rows follow."),
        (
            TEXT.encode("latin-1"),
            "CSV",
            "The file is not in UTF-8: byte 16 is 0xc4. Save it as “CSV UTF-8”, or choose UTF-8 when exporting.",
        ),
        (
            "\ufeffslug".encode("utf-16-le") + b"\0",
            "CSV",
            "The file is not in UTF-16: byte 10 is 0x00. Save it as “CSV UTF-8”, or choose UTF-8 when exporting.",
        ),
        (TEXT.encode("utf-16-le"), "CSV", "This is no text file, or the format chosen is not the file's."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "CSV", "This is no text file, or the format chosen is not the file's."),
        (b"PK\x03\x04\x14\0\x06\0", "JSON", "This is no text file, or the format chosen is not the file's."),
        (b"slug,name\nacme,a\0b\n", "CSV", "This is no text file, or the format chosen is not the file's."),
        (b"slug,name\nacme\n", "CSV", "Row 2 has 1 cells, and the first line names 2 columns."),
        (b"slug,name\na,b\nacme,A,B,C\n", "CSV", "Row 3 has 4 cells, and the first line names 2 columns."),
        (b'slug,name\na,b\n"acme,A\n', "CSV", "Row 3 can't be read: unexpected end of data."),
        (b"slug,name\nacme," + b"x" * 140_000, "CSV", "Row 2 can't be read: field larger than field limit (131072)."),
        (b"slug,slug\na,b\n", "CSV", "The column slug is there 2 times."),
        (b"slug,,name\na,b,c\n", "CSV", "A column has no name in the first line."),
        (
            b"slug,nmae\na,b\n",
            "CSV",
            "There is no column nmae. The columns are: id, version, slug, name, email, created_at, updated_at.",
        ),
        (
            b"id\n00000000-0000-4000-8000-000000000000\n",
            "CSV",
            "No column to import. These are written: slug, name, email.",
        ),
        (b"{", "JSON", "The file is not JSON: Expecting property name enclosed in double quotes"),
        (b"slug,name\na,b\n", "JSON", "The file is not JSON: Expecting value: line 1 column 1 (char 0)."),
        (b"[" * 100_000, "JSON", "The file is not JSON: "),
        (b'{"slug": "a"}', "JSON", "The file holds something else than a JSON array of objects, one a row."),
        (b"[1]", "JSON", "The file holds something else than a JSON array of objects, one a row."),
        (b'[{"slug": "a", "name": "b"}, {"slug": "a"}]', "JSON", "Row 2 has other columns than row 1."),
        (rb'[{"slug": "a", "\ud800": "b"}]', "JSON", "There is no column \ufffd. The columns are: "),
    ],
)
def test_file_that_can_not_be_read_is_refused_in_one_line(
    signed_in: Client, data: bytes, title: str, line: str
) -> None:
    page = upload(signed_in, Tenant, data, title)

    assert page.status_code == 200
    assert read_file_error(page).startswith(line)
    assert "confirm_form" not in page.context
    assert not Tenant.objects.exists()


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ({"slug": "a", "name": "a\0b"}, [(1, "name", UNSTORABLE)]),
        ({"slug": "a", "name": "\ud800"}, [(1, "name", UNSTORABLE)]),
        ({"id": "a\0b", "slug": "a", "name": "b"}, [(1, "id", "This is no key of a row.")]),
        ({"id": "\udfff", "slug": "a", "name": "b"}, [(1, "id", "This is no key of a row.")]),
        ({"slug": ["a"], "name": "b"}, [(1, "slug", "Enter a valid “slug” consisting of letters, numbers,")]),
        ({"slug": None, "name": "b"}, [(1, "slug", "This field is required.")]),
        ({"slug": "a\0", "name": ""}, [(1, "slug", UNSTORABLE), (1, "name", "This field is required.")]),
    ],
)
def test_strange_value_is_the_rows_fault(
    signed_in: Client, row: dict[str, Any], faults: list[tuple[int, str, str]]
) -> None:
    page = upload(signed_in, Tenant, json.dumps([row]).encode(), "JSON")

    found = read_faults(page)
    assert [each[:2] for each in found] == [each[:2] for each in faults]
    assert all(each[2].startswith(start[2]) for each, start in zip(found, faults, strict=True))
    assert "\0" not in page.content.decode()


def test_name_that_no_other_row_can_have_is_the_rows_fault(signed_in: Client) -> None:
    row = {"name": "x", "user": "\ud800", "category": "a\0b", "price": "1"}

    page = upload(signed_in, Item, json.dumps([row]).encode(), "JSON")

    assert read_faults(page) == [(1, "user", UNSTORABLE), (1, "category", UNSTORABLE)]


def test_file_that_is_too_large_is_refused_before_it_is_read(signed_in: Client) -> None:
    page = upload(signed_in, Tenant, b"slug,name\n" + b"x" * (10 * 1024 * 1024))

    assert read_file_error(page) == "The file has 10.0\xa0MB, and an import takes 10.0\xa0MB: import it in parts."


def test_file_of_too_many_rows_is_refused_in_one_line(signed_in: Client) -> None:
    rows = [{"slug": f"t-{number}", "name": "T"} for number in range(ImportAdmin.max_import_rows + 1)]

    for data, title in ((write_csv(*rows), "CSV"), (json.dumps(rows).encode(), "JSON")):
        page = upload(signed_in, Tenant, data, title)
        assert read_file_error(page) == "The file has more than 10,000 rows: import it in parts."


@pytest.mark.parametrize("form", [{}, {"format": "99"}, {"format": "-1"}, {"format": "x"}, {"resource": "5"}])
def test_import_with_a_forged_form_answers(signed_in: Client, form: dict[str, str]) -> None:
    page = signed_in.post(get_url(Tenant, "import"), form)

    assert page.status_code == 200
    assert page.context["form"].errors["import_file"] == ["This field is required."]


# --- Between the two pages --------------------------------------------------------------------------------------------


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / f"freehold-imports-{os.getuid()}"


def test_file_waits_where_nobody_else_may_look_and_goes_afterwards(signed_in: Client, directory: Path) -> None:
    page = upload(signed_in, Tenant, TEXT.encode())

    (file,) = directory.iterdir()
    assert (directory.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert file.name not in page.content.decode()
    confirm(signed_in, Tenant, page)
    assert list(directory.iterdir()) == []


def test_file_that_is_refused_does_not_stay(signed_in: Client, directory: Path) -> None:
    upload(signed_in, Tenant, b"slug,name\nacme,\n")
    upload(signed_in, Tenant, b"\xff")

    assert not directory.exists()


def test_old_files_go_with_the_next_upload(signed_in: Client, directory: Path) -> None:
    upload(signed_in, Tenant, TEXT.encode())
    (old,) = directory.iterdir()
    os.utime(old, (time.time() - 3601,) * 2)

    upload(signed_in, Tenant, TEXT.encode())

    assert not old.exists()
    assert len(list(directory.iterdir())) == 1


def test_file_that_someone_changed_is_not_imported(signed_in: Client, directory: Path) -> None:
    page = upload(signed_in, Tenant, TEXT.encode())
    (file,) = directory.iterdir()
    file.write_bytes(b"slug,name\nevil,Evil\n")

    done = confirm(signed_in, Tenant, page)

    assert read_messages(done) == ["Nothing was imported: the file is no longer here. Choose it again."]
    assert not Tenant.objects.exists()


def test_ticket_ends_after_an_hour(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = upload(signed_in, Tenant, TEXT.encode())
    monkeypatch.setattr(uploads, "LIFETIME", -1)

    done = confirm(signed_in, Tenant, page)

    assert read_messages(done) == ["Nothing was imported: the file is no longer here. Choose it again."]


def test_directory_of_someone_else_is_not_used(signed_in: Client, directory: Path) -> None:
    directory.mkdir()
    directory.chmod(0o755)

    with pytest.raises(uploads.UploadDirectoryError) as raised:
        uploads.keep_file(b"x")
    line = f"{directory} is not this account's alone: remove it, or set FILE_UPLOAD_TEMP_DIR"
    assert str(raised.value) == line
    assert read_messages(upload(signed_in, Tenant, TEXT.encode()))[-1] == f"Nothing can be imported: {line}."


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "", "A" * 32, "a" * 31])
def test_name_of_an_upload_leads_nowhere_else(name: str) -> None:
    with pytest.raises(ValueError) as raised:
        uploads.get_path(name)
    assert str(raised.value) == f"{name!r} is no name of an upload"


def test_ticket_holds_only_what_was_shown(signed_in: Client) -> None:
    page = upload(signed_in, Tenant, TEXT.encode())

    ticket = get_ticket(page)

    assert uploads.open_ticket(ticket + "x", model="tenancy.Tenant", user="1") is None


# --- Workbooks, where openpyxl is installed --------------------------------------------------------------------------


def test_workbooks_are_offered_where_openpyxl_is_installed() -> None:
    assert ("XLSX" in TITLES) == XLSX.is_available()


@pytest.mark.skipif(not XLSX.is_available(), reason="openpyxl is not installed")
def test_file_that_is_no_workbook_is_refused_in_one_line(signed_in: Client) -> None:
    make_tenant()
    broken = export(signed_in, Tenant, "XLSX")[:200]

    page = upload(signed_in, Tenant, broken, "XLSX")

    assert read_file_error(page) == "The file is no workbook (XLSX)."
