import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.links import LinkError, parse_link


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.com", "https://example.com"),
        (" HTTPS://Example.com/A ", "https://Example.com/A"),
        ("example.com", "https://example.com"),
        ("//example.com/x", "https://example.com/x"),
        ("example.com:8080/x?y#z", "https://example.com:8080/x?y#z"),
        ("http://intranet/x", "http://intranet/x"),
        ("127.0.0.1:8069", "https://127.0.0.1:8069"),
        ("instagram.com/سارا", "https://instagram.com/سارا"),
        ("https://نمونه.ایران", "https://نمونه.ایران"),
        ("https://می‌خواهم.ایران", "https://می‌خواهم.ایران"),
    ],
)
def test_a_link_is_kept_with_its_scheme(text, link):
    assert parse_link(text) == link
    assert parse_link(link) == link


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("javascript:alert(1)", "link_scheme"),
        ("JaVaScRiPt:alert(1)", "link_scheme"),
        ("java\tscript:alert(1)", "link_character"),
        ("\x01javascript:alert(1)", "link_character"),
        ("javascript:1", "link_unknown"),
        ("data:text/html,x", "link_scheme"),
        ("vbscript:x", "link_scheme"),
        ("file:///etc/passwd", "link_scheme"),
        ("mailto:a@b.co", "link_scheme"),
        ("https:example.com", "link_unknown"),
        ("https://", "link_unknown"),
        ("https://exa mple.com", "link_character"),
        ("https://example.com/\u202egpj", "link_character"),
        ('https://example.com/"onclick=', "link_character"),
        ("https://example.com\\@evil.com", "link_character"),
        ("https://bank.com@evil.com", "link_login"),
        ("https://user:secret@example.com", "link_login"),
        ("sara", "link_unknown"),
        ("https://999.1.1.1", "link_unknown"),
        ("https://example.com:99999", "link_unknown"),
        ("https://-example-.com", "link_unknown"),
        ("https://example.com/" + "a" * 2_048, "link_long"),
    ],
)
def test_what_is_unsafe_or_no_link_is_refused(text, code):
    with pytest.raises(LinkError) as found:
        parse_link(text)
    assert found.value.code == code


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="htps:/.@\\javscrit ?#ا\u200c1"),
        st.from_regex(r"(https?://)?[a-z.:/@]{1,20}"),
    )
)
def test_whatever_is_taken_leads_to_the_web_and_reads_back(text):
    try:
        link = parse_link(text)
    except LinkError:
        return
    assert link.startswith(("https://", "http://"))
    assert parse_link(link) == link
