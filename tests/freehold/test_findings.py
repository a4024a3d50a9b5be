"""A report as text, JSON and SARIF."""

from __future__ import annotations

import json

from freehold.findings import Finding, write_report

RULES = {"L001": "A foreign key has no index", "L041": "SQL names a table without its schema"}
FOUND = [
    Finding("L041", "items", "items has no schema.", "Write app.items.", "error", "items/sql/x.sql", 7),
    Finding("L001", "app.items (user_id)", "no index.", "", "warning"),
]


def test_text_has_place_message_and_way_out() -> None:
    assert write_report(FOUND, "text", tool="lint", rules=RULES) == (
        "L001 app.items (user_id): no index.\n"
        "L041 items/sql/x.sql:7: items: items has no schema.\n"
        "     Write app.items.\n"
        "2 findings."
    )


def test_text_of_nothing_says_so() -> None:
    assert write_report([], "text", tool="lint", rules=RULES) == "No findings."


def test_json_has_every_key() -> None:
    document = json.loads(write_report(FOUND, "json", tool="lint", rules=RULES))

    assert (document["version"], document["tool"]) == (1, "lint")
    assert document["findings"][1] == {
        "rule": "L041",
        "object": "items",
        "message": "items has no schema.",
        "hint": "Write app.items.",
        "level": "error",
        "path": "items/sql/x.sql",
        "line": 7,
    }


def test_sarif_has_rules_results_and_places() -> None:
    log = json.loads(write_report(FOUND, "sarif", tool="lint", rules=RULES))
    (run,) = log["runs"]

    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["name"] == "freehold lint"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["L001", "L041"]
    assert [(each["ruleId"], each["ruleIndex"], each["level"]) for each in run["results"]] == [
        ("L001", 0, "warning"),
        ("L041", 1, "error"),
    ]
    assert run["results"][1]["message"] == {"text": "items: items has no schema. Write app.items."}
    assert run["results"][1]["locations"] == [
        {
            "logicalLocations": [{"fullyQualifiedName": "items"}],
            "physicalLocation": {"artifactLocation": {"uri": "items/sql/x.sql"}, "region": {"startLine": 7}},
        }
    ]
    assert "physicalLocation" not in run["results"][0]["locations"][0]
