import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.people import ContactError, parse_email, parse_phone

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@given(st.integers(0, 9_999_999))
def test_every_way_to_write_an_iranian_mobile_is_one_number(number):
    digits = f"912{number:07}"
    wanted = "+98" + digits
    for text in (
        f"0{digits}",
        digits,
        f"+98{digits}",
        f"0098{digits}",
        f"98{digits}",
        f"0912 {digits[3:6]} {digits[6:]}",
        f"(0912) {digits[3:6]}-{digits[6:]}",
        f"0{digits}".translate(PERSIAN),
    ):
        shown, sanitized = parse_phone(text, "IR")
        assert sanitized == wanted
        assert parse_phone(shown, "US") == (shown, sanitized)


@pytest.mark.parametrize("region", ["DE", "US", "TR", "FR", "CI", "MU"])
def test_example_numbers_of_other_countries_are_read(region):
    example = phonenumbers.example_number(region)
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.format_number(
        example, phonenumbers.PhoneNumberFormat.NATIONAL
    )
    assert parse_phone(e164, None)[1] == e164
    assert parse_phone(national, region)[1] == e164


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("call me", "phone_unknown"),
        ("12", "phone_unknown"),
        ("12345", "phone_short"),
        ("22334455", "phone_invalid"),
        ("09123456789012345", "phone_long"),
        ("+999123456789", "phone_country"),
        ("9.89123E+11", "phone_scientific"),
        ("09123456789, 09351234567", "phone_several"),
    ],
)
def test_what_is_no_phone_number_is_refused_with_a_code(text, code):
    with pytest.raises(ContactError) as error:
        parse_phone(text, "IR")
    assert error.value.code in (code, "phone_invalid")


def test_addresses_are_read_with_and_without_a_name():
    assert parse_email(" Sara <Sara.A@Example.COM> ") == (
        "Sara.A@Example.COM",
        "sara.a@example.com",
    )
    assert parse_email("mailto:x@y.ir")[0] == "x@y.ir"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nobody", "email_unknown"),
        ("a@b", "email_unknown"),
        ("a b@c.de", "email_unknown"),
        ("a..b@c.de", "email_unknown"),
        ("a@b.de; c@d.de", "email_several"),
        ("a@b.de,c@d.de", "email_several"),
    ],
)
def test_what_is_no_address_is_refused_with_a_code(text, code):
    with pytest.raises(ContactError) as error:
        parse_email(text)
    assert error.value.code == code
