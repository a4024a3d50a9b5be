"""Import and export on the pages of an admin class, as far as the rights of the person go."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters, get_content_type_for_model
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db import DataError, models, router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from tablib import Dataset

from freehold.admin.transfer import uploads
from freehold.admin.transfer.columns import Column, list_related, make_column
from freehold.admin.transfer.formats import FORMATS, TableFormat
from freehold.admin.transfer.forms import ConfirmForm, ExportForm, UploadForm
from freehold.admin.transfer.imports import TableImport, check_lists
from freehold.admin.transfer.resources import make_resource
from freehold.admin.transfer.results import ImportResult
from freehold.admin.transfer.tables import UnreadableFileError

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    class ExportBase(ModelAdmin[Any]):
        """The library's mixins have no types."""

        def export_action(self, request: HttpRequest) -> HttpResponse: ...
        def get_export_queryset(self, request: HttpRequest) -> models.QuerySet[Any]: ...
        def get_export_resource_fields_from_form(self, form: Any) -> list[str] | None: ...

    class ImportBase:
        import_template_name: str

else:
    from import_export.admin import ExportMixin as ExportBase, ImportMixin as ImportBase

_logger = logging.getLogger(__name__)


class ExportAdmin(ExportBase):
    """Writes the rows of the list, as it is filtered, searched and ordered, for whoever may see it.

    `exported` names the columns: fields, or methods of the class. `identified_by` are those that people know a row by,
    here and in files about rows that refer to it.
    """

    exported: tuple[str, ...] = ()
    identified_by: tuple[str, ...] = ()
    max_export_rows = 100_000
    import_export_change_list_template = "freehold/change_list_transfer.html"
    export_form_class = ExportForm

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.exported:
            make_column(self, name)  # refuses what is secret as soon as the class is registered

    @cached_property
    def columns(self) -> list[Column]:
        """The columns of a file, in their order. Found late: they ask the admin classes of other models."""
        return [make_column(self, name) for name in self.exported]

    def get_exported(self, request: HttpRequest) -> tuple[str, ...]:
        """Give the columns that this person may see; where a page hides one from some, a file does too."""
        return self.exported

    def get_columns(self, request: HttpRequest) -> list[Column]:
        """Give these, in the order of the file."""
        seen = self.get_exported(request)
        return [column for column in self.columns if column.name in seen]

    def get_export_resource_classes(self, request: HttpRequest) -> list[type]:
        """Give the only one, which names the columns to the library."""
        return [make_resource(self.model, self.get_columns(request))]

    def get_export_formats(self) -> list[type[TableFormat]]:
        return FORMATS

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person may see the list."""
        return self.has_view_permission(request)

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[Any]:
        """Give none: rows are chosen by the list's filters. The library's own would read the key of every row."""
        return []

    def list_relations(self) -> list[str]:
        """Give the relations that the columns go through."""
        paths = [f"{column.name}__{part}" for column in self.columns for part in column.identity]
        return list_related(paths)

    def get_export_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Give the rows of the list, with no more of them than is written; what is computed may need any column."""
        rows, relations = super().get_export_queryset(request), self.list_relations()
        if not all(column.source for column in self.columns):
            return rows.select_related(*relations).defer(*getattr(self, "secret_fields", ()))
        paths = [f"{column.name}__{part}" for column in self.columns for part in column.identity]
        return rows.select_related(None).select_related(*relations).only(*self.exported, *relations, *paths)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Show the form, or give the file. What makes no sense in the address leads to the list, which says so."""
        try:
            with transaction.atomic(using=router.db_for_read(self.model)):
                return super().export_action(request)
        except (IncorrectLookupParameters, ValueError, OverflowError, DataError):
            return HttpResponseRedirect(f"{_get_list_address(self)}?{ERROR_FLAG}=1")

    def get_export_data(
        self, file_format: TableFormat, request: HttpRequest, queryset: models.QuerySet[Any], **options: Any
    ) -> bytes:
        """Give the file.

        Raises:
            ValueError: it would have too many rows; the library shows the message.
        """
        count = queryset.count()
        if count > self.max_export_rows:
            found = {"count": f"{count:,}", "limit": f"{self.max_export_rows:,}"}
            raise ValueError(_("%(count)s rows are more than a file takes (%(limit)s): narrow the list down.") % found)
        _logger.info("%s exports %s rows of %s as %s", request.user.pk, count, self.opts.label, file_format.title)
        return file_format.export_data(self.get_data_for_export(request, queryset, **options))

    def get_data_for_export(self, request: HttpRequest, queryset: models.QuerySet[Any], **options: Any) -> Any:
        """Give the rows with the columns that were chosen. The library's own asks five questions a cell."""
        chosen = self.get_export_resource_fields_from_form(options.get("export_form")) or ()
        columns = [column for column in self.get_columns(request) if column.name in chosen]
        dataset = Dataset(headers=[column.name for column in columns])
        for row in queryset.iterator(chunk_size=2000):
            dataset.append([column.read(row) for column in columns])
        return dataset

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: TableFormat) -> str:
        """Give a name with the model and the day."""
        return f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"


class ImportAdmin(ImportBase, ExportAdmin):
    """Reads rows from such a file too, for whoever may add and change them: all of them, or none.

    `imported` are the columns that a file may write. First a page shows what would be done, then a word does it.
    """

    imported: tuple[str, ...] = ()
    needs_version = False  # whether a file that changes a row must say the version it was made on
    max_import_rows = 10_000
    max_import_bytes = 10 * 1024 * 1024
    import_export_change_list_template = ExportAdmin.import_export_change_list_template

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        check_lists(self)

    def complete_imported(self, row: Any, change: bool) -> None:
        """Fill what no column of a file says, before the row is checked and saved."""

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person may both add and change rows: a file does either."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_import_formats(self) -> list[type[TableFormat]]:
        return FORMATS

    def read_import(self, request: HttpRequest, data: bytes, title: str) -> TableImport:
        """Give the import that a file asks for.

        Raises:
            UnreadableFileError: it holds no table of that format with these columns.
        """
        chosen = next(each for each in FORMATS if each.title == title)()
        found = TableImport(self, request, chosen.read_table(data, self.max_import_rows))
        found.check_columns()
        return found

    def import_action(self, request: HttpRequest, **options: Any) -> HttpResponse:
        """Ask for a file; show what it would do."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
        form = UploadForm(FORMATS, self.get_export_resource_classes(request), page=self, request=request, **given)
        if not given or not form.is_valid():
            return self.show_import(request, form=form)
        result = form.table_import.run(dry=True)
        return self.show_preview(
            request, result, form.data_read, form.cleaned_data["import_file"].name, form.format_title
        )

    def show_preview(
        self, request: HttpRequest, result: ImportResult, data: bytes, name: str, title: str
    ) -> HttpResponse:
        """Show what a file does, and ask for a word where it does anything."""
        messages.add_message(request, messages.ERROR if result.has_faults else messages.INFO, result.describe())
        form = UploadForm(FORMATS, self.get_export_resource_classes(request), page=self, request=request)
        if result.has_faults or not result.written:
            return self.show_import(request, form=form, result=result if result.has_faults else None)
        try:
            file, digest = uploads.keep_file(data)
        except (OSError, uploads.UploadDirectoryError) as error:
            _logger.exception("The file of an import can't be kept")
            self.message_user(request, _("Nothing can be imported: %(reason)s.") % {"reason": error}, messages.ERROR)
            return self.show_import(request, form=form)
        user = str(request.user.pk)
        upload = uploads.Upload(file, digest, name, title, self.opts.label, user, result.digest)
        confirm = ConfirmForm(initial={"ticket": upload.seal()})
        return self.show_import(request, form=form, result=result, confirm_form=confirm)

    def show_import(self, request: HttpRequest, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Import"),
            "opts": self.opts,
            "media": self.media + context["form"].media,
            "fields_list": [(self.opts.verbose_name_plural, self.imported)],
            **context,
        }
        return TemplateResponse(request, [self.import_template_name], shown)

    def process_import(self, request: HttpRequest, **options: Any) -> HttpResponse:
        """Do what was shown, if it would still be that."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(_get_address(self, "import"))
        if request.FILES:  # from the form that stands on this page too, where nothing could be done
            return self.import_action(request)
        upload = uploads.open_ticket(request.POST.get("ticket", ""), model=self.opts.label, user=str(request.user.pk))
        data = uploads.find_file(upload) if upload else None
        if upload is None or data is None:
            self.message_user(
                request, _("Nothing was imported: the file is no longer here. Choose it again."), messages.ERROR
            )
            return HttpResponseRedirect(_get_address(self, "import"))
        uploads.remove_file(upload.file)
        try:
            result = self.import_seen(request, upload, data)
        except UnreadableFileError as error:  # the columns are others since a new release
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(_get_address(self, "import"))
        if result.digest != upload.seen or result.has_faults:
            text = _("Nothing was imported: rows have changed since the page was made. This is what would be done now.")
            messages.warning(request, text)
            return self.show_preview(request, result, data, upload.name, upload.format)
        messages.success(request, result.describe_done(str(self.opts.verbose_name_plural)))
        return HttpResponseRedirect(_get_list_address(self))

    def import_seen(self, request: HttpRequest, upload: uploads.Upload, data: bytes) -> ImportResult:
        """Import and log in one transaction; take all back where it is not what the page had shown."""
        table_import = self.read_import(request, data, upload.format)
        with transaction.atomic(using=router.db_for_write(self.model)):
            result = table_import.run(dry=False)
            if result.digest != upload.seen or result.has_faults:
                transaction.set_rollback(True, using=router.db_for_write(self.model))
            else:
                self.log_import(request, upload, result)
        return result

    def log_import(self, request: HttpRequest, upload: uploads.Upload, result: ImportResult) -> None:
        """Write a line of the admin log for each row: who, which, from which file, which columns."""
        content_type = get_content_type_for_model(self.model)
        person: Any = request.user.pk
        LogEntry.objects.bulk_create(
            (
                LogEntry(
                    user_id=person,
                    content_type=content_type,
                    object_id=str(each.row.pk),
                    object_repr=str(each.row)[:200],
                    action_flag=ADDITION if each.is_new else CHANGE,
                    change_message=f"Imported from {upload.name}: {', '.join(each.changed)}.",
                )
                for each in result.written
            ),
            batch_size=500,
        )


def _get_address(page: ExportAdmin, name: str) -> str:
    return reverse(f"{page.admin_site.name}:{page.opts.app_label}_{page.opts.model_name}_{name}")


def _get_list_address(page: ExportAdmin) -> str:
    return _get_address(page, "changelist")
