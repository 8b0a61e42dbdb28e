import json

import pytest
from hypothesis import given
from test_workflow_any_definition import definitions

from engine.workflow_secrets import host_of, without_secrets

HOOK = {"kind": "webhook", "url": "https://x.org/hooks/s3cret?token=s3cret"}


def test_an_address_tells_its_host_only_and_nothing_else_changes():
    definition = {
        "trigger": {"kind": "by_hand"},
        "first": "n1",
        "nodes": {
            "n1": {**HOOK, "next": {"next": "n2"}},
            "n2": {"kind": "send", "text": "https://x.org/shop"},
            "n3": {"kind": "webhook"},
        },
    }
    before = json.dumps(definition)
    shown = without_secrets(definition)
    assert json.dumps(definition) == before
    assert shown["nodes"]["n1"].pop("url") == "https://x.org/..."
    del definition["nodes"]["n1"]["url"]
    assert shown == definition


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:s3cret@x.org:8443/s3cret", "https://x.org/..."),
        ("http://x.org#s3cret", "http://x.org/..."),
        ("s3cret", "..."),
        ("https://[s3cret", "..."),
        (["s3cret"], "..."),
    ],
)
def test_nothing_but_the_host_is_told(address, shown):
    assert host_of(address) == shown


@given(definitions)
def test_any_json_is_shown(definition):
    assert isinstance(without_secrets(definition), dict)
