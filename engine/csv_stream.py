import csv


class CsvStream:
    """Rows as the text of a CSV file, made while it is read; for COPY FROM STDIN.

    PostgreSQL takes in the first rows while the next ones are still being made, and no
    more than a few are in memory.

    :param rows: iterable of sequences of cells

    ``error`` is the exception that making a row has raised, if one did.
    """

    def __init__(self, rows):
        self._rows = iter(rows)
        self._pieces = []
        self.error = None
        self._writer = csv.writer(_Sink(self._pieces.append), lineterminator="\n")

    def read(self, size):  # pylint: disable=method-required-super
        """The next ``size`` characters of the text, fewer at its end (str)."""
        try:
            self._make(size)
        except Exception as error:
            self.error = error  # psycopg2 hides it behind one of its own
            raise
        text = "".join(self._pieces)
        self._pieces.clear()
        self._pieces.append(text[size:])
        return text[:size]

    def _make(self, size):
        length = sum(map(len, self._pieces))
        for row in self._rows:
            self._writer.writerow(row)
            length += len(self._pieces[-1])
            if length >= size:
                return


class _Sink:
    """The file that ``csv.writer`` writes to: a function that gets each row's text."""

    def __init__(self, write):
        self.write = write
