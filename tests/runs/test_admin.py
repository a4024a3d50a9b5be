"""The admin page of runs."""

import pytest
from django.test import Client

from runs.models import Run
from tests.admin.pages import get_url, read_form
from tests.auth_app.factories import make_superuser
from tests.runs.factories import make_run

pytestmark = pytest.mark.django_db


def test_change_makes_a_new_version(client: Client) -> None:
    client.force_login(make_superuser())
    run = make_run()
    form = read_form(client.get(get_url(Run, "change", run)).content.decode(), Run)
    finished = {"finished_at_0": "2026-01-02", "finished_at_1": "03:04:05"}

    page = client.post(get_url(Run, "change", run), {**form, "status": "cancelled", **finished})

    run.refresh_from_db()
    assert (page.status_code, run.status, run.version) == (302, "cancelled", 2)
