"""Import and export in the admin site, on django-import-export: put one of the two before any ModelAdmin.

`ExportAdmin` writes the rows of a list to a file, `ImportAdmin` reads them from one too (docs/admin.md).
"""

from freehold.admin.transfer.pages import ExportAdmin, ImportAdmin

__all__ = ["ExportAdmin", "ImportAdmin"]
