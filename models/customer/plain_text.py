from odoo.tools import SQL

MAX_CELL = 32_767  # characters, as in a spreadsheet


def plain_text(html):
    """The words of a rich text, as a file shows them: SQL of a text.

    Lines and paragraphs become lines, everything else of the markup goes. What an
    import makes of a text gives that text again.

    :param SQL html: a column of rich text
    """
    lines = SQL(
        r"""regexp_replace(regexp_replace(%s, '\s*<br\s*/?>\s*', E'\n', 'gi'),
            '\s*</(?:p|div|li|tr|h[1-6]|blockquote|pre)>\s*(?=.)', E'\n', 'gi')""",
        html,
    )
    words = SQL("regexp_replace(%s, '<[^>]*>', '', 'g')", lines)
    for sign, letter in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&nbsp;", "\u00a0"),
        ("&amp;", "&"),
    ):
        words = SQL("replace(%s, %s, %s)", words, sign, letter)
    return SQL(
        r"CASE WHEN %(html)s ~ '[<&]' THEN left(btrim(%(words)s, E' \n\t'), %(most)s)"
        " ELSE left(%(html)s, %(most)s) END",
        html=html,
        words=words,
        most=MAX_CELL,
    )
