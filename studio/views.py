"""The page of the database."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from freehold import Ownership, get_ownership
from freehold.findings import Finding
from freehold.rights.look import find_drift_over
from studio.database import list_declared_tables, read_database
from studio.overview import make_overview
from studio.picture import draw_picture

logger = logging.getLogger(__name__)


def show_database(request: HttpRequest) -> HttpResponse:
    """Show the live database as it is owned, and where it is not as declared. It is for whom `DATABASE_PAGE` says."""
    ownership = get_ownership()
    drift = _find_drift(ownership)
    overview = make_overview(read_database(connection, ownership), ownership, drift, list_declared_tables())
    return render(request, "studio/index.html", {"overview": overview, "picture": draw_picture(overview)})


def _find_drift(ownership: Ownership) -> Sequence[Finding] | None:
    if connection.vendor != "postgresql":
        return ()
    try:
        return find_drift_over(connection, ownership)
    except Exception:  # the page is more than one of its parts
        logger.exception("The page of the database can't tell where it is not as declared")
        return None
