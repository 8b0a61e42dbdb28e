import pytest

from engine.mail_headers import is_automatic


@pytest.mark.parametrize(
    "header",
    [
        ("Auto-Submitted", "auto-replied"),
        ("auto-submitted", "auto-generated; owner-email=x"),
        ("Precedence", "bulk"),
        ("Precedence", "List"),
        ("X-Autoreply", "yes"),
        ("X-Failed-Recipients", "sara@mail.example"),
        ("List-Id", "<news.mail.example>"),
        ("Return-Path", "<>"),
    ],
)
def test_machines_are_known_by_a_header(header):
    assert is_automatic([("From", "sara@mail.example"), header])


@pytest.mark.parametrize(
    "header",
    [
        ("Auto-Submitted", "no"),
        ("Auto-Submitted", "No; really"),
        ("Precedence", "first-class"),
        ("Return-Path", "<sara@mail.example>"),
        # mail programs of people set it as well
        ("X-Auto-Response-Suppress", "All"),
    ],
)
def test_people_stay_people(header):
    assert not is_automatic([("From", "sara@mail.example"), header])
