"""Runs for people: a list that is asked by its address, and a run's page. Both follow what is under way."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from freehold import PolicyError, StaleRecordError
from runs import showing
from runs.forms import RunsForm
from runs.models import Run
from runs.models.run import OPEN
from runs.services.run import change_status
from runs.sql import run as sql
from tenancy.queries import list_projects, may_write

SECONDS: Final = 3  # between two looks at what is under way
MOST_DIGITS: Final = 18  # of a version


@require_safe
@login_required
def list_runs(request: HttpRequest) -> HttpResponse:
    """Show the runs that the query string asks for; to htmx, which asks again while some are under way, the table."""
    form = RunsForm(request.GET)
    form.is_valid()
    return answer(request, "runs/_runs.html", "runs/list.html", find_runs(form, request.GET.get("after", "")))


def find_runs(form: RunsForm, after: str) -> dict[str, Any]:
    """Give what the template shows: three queries, one more where a run's project is none of the first 200."""
    projects = list_projects()
    page, is_found = showing.find_page(form, after)
    names = showing.name_projects(page.rows, {each.id: each.name for each in projects})
    runs = [showing.show(each, names.get(each.project_id, "")) for each in page.rows]
    kept = form.conditions
    return {
        "form": form,
        "projects": projects,
        "counts": showing.count_runs(form),
        "runs": runs,
        "is_open": any(each["is_open"] for each in runs),
        "is_filtered": bool(kept.keys() - {"sort"}),
        "is_lost": not is_found,
        "here": showing.link(kept, after=after if is_found else ""),
        "first": showing.link(kept) if after and is_found else "",
        "next": showing.link(kept, after=page.next) if page.next else "",
        "seconds": SECONDS,
    }


@require_safe
@login_required
def show_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show a run; to htmx what changes of it."""
    row = sql.find_run(id=run_id)
    if row is None:
        raise Http404(f"no run {run_id}")
    names = showing.name_projects([row], {})
    context = {
        "run": showing.show(row, names.get(row.project_id, "")),
        "metadata": showing.list_metadata(row.metadata),
        "may_cancel": row.status in OPEN and may_write(row.project_id, get_user_id(request)),
        "seconds": SECONDS,
    }
    return answer(request, "runs/_run.html", "runs/run.html", context)


@require_POST
@login_required
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """End a run that is under way, if it is as the page showed it."""
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else 0
    try:
        change_status(run_id=run_id, versions={version}, status="cancelled")
    except (Run.DoesNotExist, PolicyError) as error:  # seen, and not to be changed: as each dialect says it
        if sql.find_run(id=run_id):
            raise PermissionDenied from error
        raise Http404(f"no run {run_id}") from error
    except StaleRecordError:
        messages.warning(request, "The run has changed meanwhile: look again, and cancel it then.")
    except ValidationError:
        messages.warning(request, "The run has ended already.")
    else:
        messages.success(request, "The run is cancelled.")
    return redirect("runs:run", run_id)


def get_user_id(request: HttpRequest) -> UUID:
    """Give the user who is signed in."""
    user_id: Any = request.user.pk
    return UUID(str(user_id))


def answer(request: HttpRequest, part: str, whole: str, context: dict[str, Any]) -> HttpResponse:
    """Answer with the part to htmx, and with 304 where it has that; else with the whole page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # HtmxMiddleware sets it
    inside = render_to_string(part, context, request)
    etag = f'"{hashlib.sha256(inside.encode()).hexdigest()[:32]}"'
    content = render_to_string("runs/_following.html", {**context, "part": inside, "etag": etag}, request)
    if htmx and not htmx.history_restore_request:
        response = HttpResponse(content, headers={"ETag": etag})
        kept = get_conditional_response(request, etag=etag, response=response)
        response = kept if isinstance(kept, HttpResponse) else response
        if response.status_code != HTTPStatus.OK:
            response.headers["HX-Reswap"] = "none"  # htmx puts the nothing of 304 in the place of what is there
    else:
        response = render(request, whole, {**context, "following": content})
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request", "Cookie"])
    return response
