"""The two forms of an import: the file, and the word that what was shown may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _, gettext_lazy

from freehold.admin.transfer.cells import make_sendable
from freehold.admin.transfer.imports import TableImport
from freehold.admin.transfer.tables import UnreadableFileError

if TYPE_CHECKING:
    from freehold.admin.transfer.pages import ImportAdmin

    class BaseImportForm(forms.Form):
        """Unfold's, which has no types."""

    class BaseExportForm(forms.Form):
        """Unfold's, which has no types."""

else:
    from unfold.contrib.import_export.forms import (
        ImportForm as BaseImportForm,
        SelectableFieldsExportForm as BaseExportForm,
    )


_HELP = gettext_lazy(
    "The first line names the columns. A row with a key (%(key)s) changes the one that has it, and any other is found "
    "by its name or added. Up to %(rows)s rows and %(size)s; what would be done is shown before it is."
)


class ExportForm(BaseExportForm):
    """The columns and the format; the first one is chosen unless someone chooses another."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["format"].initial = "0"


class UploadForm(BaseImportForm):
    """A file and its format. Where it is valid, `table_import` holds the file's rows."""

    table_import: TableImport
    data_read: bytes

    def __init__(self, *args: Any, page: ImportAdmin, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.page = page
        self.request = request
        limits = {"rows": f"{page.max_import_rows:,}", "size": filesizeformat(page.max_import_bytes)}
        self.fields["format"].initial = "0"  # a script chooses another by the end of the file's name
        self.fields["import_file"].help_text = _HELP % {**limits, "key": page.opts.pk.name}

    def clean_import_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["import_file"]
        limit = self.page.max_import_bytes
        if file.size > limit:
            found = {"size": filesizeformat(file.size), "limit": filesizeformat(limit)}
            raise ValidationError(
                _("The file has %(size)s, and an import takes %(limit)s: import it in parts.") % found
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Read the file in the format chosen."""
        data: dict[str, Any] = self.cleaned_data
        if "import_file" not in data or "format" not in data:
            return data
        self.data_read = data["import_file"].read()
        try:
            self.table_import = self.page.read_import(self.request, self.data_read, self.format_title)
        except UnreadableFileError as error:
            self.add_error("import_file", make_sendable(str(error)))
        return data

    @property
    def format_title(self) -> str:
        return str(self.page.get_import_formats()[int(self.cleaned_data["format"])].title)


class ConfirmForm(forms.Form):
    """The ticket of a file that waits, and nothing that could be forged."""

    ticket = forms.CharField(widget=forms.HiddenInput)
