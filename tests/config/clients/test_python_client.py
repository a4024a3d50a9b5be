"""openapi-python-client makes a client of the live document, which goes through every resource as the API's login."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.config.clients.generated import Caller, generate, list_operations
from tests.config.clients.walks import WALKS

pytestmark = pytest.mark.xdist_group("clients")


def test_each_tag_of_the_document_has_a_walk(document: Any) -> None:
    assert list_operations(document).keys() == WALKS.keys()


@pytest.mark.parametrize("tag", WALKS)
def test_client_goes_through_every_operation(tag: str, document: Any, person: Caller, key: Caller) -> None:
    WALKS[tag](person, key)

    assert list_operations(document)[tag] - (person.called | person.guest.called | key.called) == set()


def test_document_that_the_generator_can_not_read_is_refused(document: Any, tmp_path: Path) -> None:
    broken = deepcopy(document)
    broken["paths"]["/api/v1/items"]["post"]["requestBody"]["content"] = {"text/odd": {"schema": {"type": "string"}}}

    with pytest.raises(AssertionError) as error:
        generate(broken, tmp_path)

    assert "Unsupported content type text/odd" in str(error.value)
