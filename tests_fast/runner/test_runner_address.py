"""address.py: who may reach the product, and how it is called."""

import pytest

from runner import serve
from runner.address import exposure, is_loopback, public_base
from runner.failure import RunnerError


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_addresses_of_this_machine_are_loopback(address):
    assert is_loopback(address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", "192.0.2.1", "shop.example"])
def test_all_others_are_not(address):
    assert not is_loopback(address)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://203.0.113.9", "https://203.0.113.9"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://xn--mgba3a4f16a.example", "https://xn--mgba3a4f16a.example"),
    ],
)
def test_a_public_address_has_one_form(url, base):
    assert public_base(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "shop.example",
        "http://shop.example",
        "https://",
        "https:///odoo",
        "https://shop.example/odoo",
        "https://shop.example?db=x",
        "https://shop.example#top",
        "https://user:secret@shop.example",
        "https://shop.example:99999",
        "https://shop.example:https",
        "https://-shop.example",
        "https://shop example",
        "https://sh'op.example",
        "https://[2001:db8::1",
    ],
)
def test_anything_else_is_refused(url):
    with pytest.raises(ValueError, match=r"\w"):
        public_base(url)


def test_loopback_needs_nothing():
    assert exposure("127.0.0.1", None, False) is None
    assert exposure("127.0.0.1", "https://shop.example", False) is None


def test_another_address_without_https_is_refused():
    with pytest.raises(ValueError, match="unencrypted"):
        exposure("0.0.0.0", None, False)


def test_another_address_is_served_with_a_warning_when_it_is_wanted():
    assert "unencrypted" in exposure("0.0.0.0", None, True)
    assert "proxy" in exposure("10.0.0.5", "https://shop.example", False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"listen": "0.0.0.0"}, "--public-url"),
        ({"public_url": "http://shop.example"}, "https://"),
        ({"public_url": "https://shop.example/crm"}, "after the host"),
    ],
)
def test_serve_refuses_before_it_does_anything(options, said):
    with pytest.raises(RunnerError) as refused:
        serve.serve(None, serve.Options(**options))
    assert said in str(refused.value)
