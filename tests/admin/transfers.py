"""Exports and imports as a browser would send them."""

import csv
import io
import json
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from freehold.admin.transfer.formats import FORMATS
from tests.admin.pages import Model, get_url

TITLES = [each.title for each in FORMATS]


def list_fields(browser: Client, model: Model) -> list[str]:
    """What the export's form asks for each column, by the names of its boxes."""
    form = browser.get(get_url(model, "export")).context["form"]
    return [name for name, field in form.fields.items() if getattr(field, "is_selectable_field", False)]


def ask_export(browser: Client, model: Model, title: str = "CSV", query: str = "", **more: str) -> Any:
    """The answer to the export's form, with every box ticked."""
    boxes = dict.fromkeys(list_fields(browser, model), "on")
    form = {"format": str(TITLES.index(title)), "resource": "0", **boxes, **more}
    return browser.post(get_url(model, "export") + query, form)


def export(browser: Client, model: Model, title: str = "CSV", query: str = "", **more: str) -> bytes:
    page = ask_export(browser, model, title, query, **more)
    assert page.status_code == 200
    assert page["Content-Disposition"].startswith("attachment"), page.context["form"].errors
    return bytes(page.content)


def read_rows(data: bytes) -> list[dict[str, Any]]:
    """The rows of an exported CSV, TSV or JSON file."""
    text = data.decode("utf-8-sig")
    if text.startswith("["):
        return list(json.loads(text))
    delimiter = "\t" if "\t" in text.splitlines()[0] else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def write_csv(*rows: dict[str, Any], delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def upload(browser: Client, model: Model, data: bytes, title: str = "CSV", name: str = "rows.csv") -> Any:
    """The page that shows what a file would do."""
    form = {"format": str(TITLES.index(title)), "resource": "0", "import_file": SimpleUploadedFile(name, data)}
    return browser.post(get_url(model, "import"), form)


def get_ticket(page: Any) -> str:
    """What the preview's form sends along."""
    assert "confirm_form" in page.context, read_faults(page)
    return str(page.context["confirm_form"].initial["ticket"])


def confirm(browser: Client, model: Model, page: Any) -> Any:
    return browser.post(get_url(model, "process_import"), {"ticket": get_ticket(page)}, follow=True)


def import_file(browser: Client, model: Model, data: bytes, title: str = "CSV") -> Any:
    """Upload and confirm."""
    return confirm(browser, model, upload(browser, model, data, title))


def read_messages(page: Any) -> list[str]:
    return [unescape(str(message)) for message in page.context["messages"]]


def read_file_error(page: Any) -> str:
    """The line at the file's field."""
    return " ".join(page.context["form"].errors.get("import_file", []))


def read_faults(page: Any) -> list[tuple[int, str, str]]:
    """Each fault that the page lists: row, column (empty: of the whole row), line."""
    result = page.context.get("result")
    return [
        (row.number, name, line)
        for row in (result.invalid_rows if result else [])
        for name, lines in [*row.field_specific_errors.items(), ("", row.non_field_specific_errors)]
        for line in lines
    ]
