"""Schemathesis asks the API what its document promises: no fault of the server, no status, type or header that is not
in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks

from tests.api import TOKEN
from tests.auth_app.factories import make_user
from tests.items.factories import make_favorite, make_item
from tests.runs.factories import make_run
from tests.tenancy.factories import make_api_key, make_invitation, make_membership, make_project

EXAMPLES = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers={"Host": "localhost"})
schema.config.generation.update(with_security_parameters=False)
load_all_checks()
# What a document can't say: which cursors and categories there are, and what is stale. And that who is
# signed in by headers of the test is signed in.
BEYOND = [CHECKS.get_one(name) for name in ("positive_data_acceptance", "ignored_auth")]
REPLACED = [*BEYOND, CHECKS.get_one("negative_data_rejection")]  # what was wrong may have been put right


class Known:
    """Somebody who is signed in, with an item that they offer and have marked, and a tenant that they own."""

    def __init__(self) -> None:
        user = make_user()
        self.item = make_item(user=user)
        make_favorite(user=user, item=self.item)
        mine = make_membership(user=user, role="owner")
        project = make_project(tenant=mine.tenant)
        self.ids = {
            "item_id": self.item.pk,
            "run_id": make_run(project=project).pk,
            "project_id": project.pk,
            "tenant_id": mine.tenant_id,
            "membership_id": make_membership(tenant=mine.tenant).pk,
            "api_key_id": make_api_key(project=project).pk,
            "invitation_id": make_invitation(inviter=mine).pk,
        }
        client = Client()
        client.force_login(user)
        self.cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": TOKEN}
        # Plain: over WSGI schemathesis asks for gzip by itself, and unpacks none.
        self.headers = {"Host": "localhost", "X-CSRFToken": TOKEN, "Accept-Encoding": "identity"}

    def put_into(self, case: Any) -> None:
        """Let the request be about what is there: nobody guesses ids."""
        for name in case.path_parameters or ():
            case.path_parameters[name] = str(self.ids[name])
        if "change" in case.operation.definition.raw["operationId"] or case.method == "DELETE":
            case.headers["If-Match"] = "*"
        if isinstance(case.body, dict) and isinstance(case.body.get("category_id"), str):
            case.body["category_id"] = str(self.item.category_id)
            case.body.pop("location_id", None)
        for name in ("tenant_id", "project_id"):
            if isinstance(case.body, dict) and isinstance(case.body.get(name), str):
                case.body[name] = str(self.ids[name])


@pytest.fixture
def known(db: None) -> Iterator[Known]:
    """The test's connection stays from request to request, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Known()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@EXAMPLES
def test_answers_are_as_the_document_says(case: Any, known: Known) -> None:
    case.call_and_validate(headers=known.headers, cookies=known.cookies, excluded_checks=BEYOND)


@schema.parametrize()
@EXAMPLES
def test_answers_about_what_is_there_are_too(case: Any, known: Known) -> None:
    known.put_into(case)
    case.call_and_validate(headers=known.headers, cookies=known.cookies, excluded_checks=REPLACED)
