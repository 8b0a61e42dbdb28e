class CopyStream:
    r"""Rows as text, made while it is read; for COPY FROM STDIN (NULL '').

    PostgreSQL takes in the first rows while the next ones are still being made, and no
    more than a few are in memory. Its text format is read faster than CSV: JSON is full
    of quotation marks, which it does not double.

    :param rows: iterable of sequences of str; an empty one is NULL

    ``error`` is the exception that making a row has raised, if one did.
    """

    def __init__(self, rows):
        self._rows = iter(rows)
        self._rest = ""
        self.error = None

    def read(self, size):  # pylint: disable=method-required-super
        """The next ``size`` characters of the text, fewer at its end (str)."""
        try:
            text = self._made(size)
        except Exception as error:
            self.error = error  # psycopg2 hides it behind one of its own
            raise
        self._rest = text[size:]
        return text[:size]

    def _made(self, size):
        pieces, length = [self._rest], len(self._rest)
        if length < size:
            for row in self._rows:
                pieces.append(_line(row))
                length += len(pieces[-1])
                if length >= size:
                    break
        return "".join(pieces)


# https://www.postgresql.org/docs/current/sql-copy.html, "Text Format"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _line(cells):
    text = "\t".join(cells)
    if "\\" in text or "\n" in text or "\r" in text or text.count("\t") >= len(cells):
        text = "\t".join(cell.translate(_ESCAPED) for cell in cells)
    return f"{text}\n"
