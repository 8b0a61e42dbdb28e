"""One moment of a served database, held still while it is copied."""

import subprocess

from .failure import RunnerError
from .process import start, stop

_END = "@@end"


class Snapshot:
    """A transaction that sees one moment; a context manager.

    pg_dump can look at the same moment (`name`), and until the block ends no file that
    the database names at that moment is deleted: Odoo's collection of unused files
    wants a lock on ir_attachment that ours keeps from it, and tries again later.

    :param Databases databases: where
    :param str db: the database
    """

    def __init__(self, databases, db):
        self.databases = databases
        self.db = db
        self.name = None
        self._process = None

    def __enter__(self):
        self._process = start(
            self.databases.psql(self.db),
            env=self.databases.quiet_environment(),
            source=subprocess.PIPE,
            output=subprocess.PIPE,
        )
        try:
            # The lock comes first: it does not fix the moment yet, and when it is
            # granted a collection that was under way has ended.
            self._run("BEGIN ISOLATION LEVEL REPEATABLE READ")
            self._run("LOCK TABLE ir_attachment IN ROW EXCLUSIVE MODE")
            ((self.name,),) = self.rows("SELECT pg_export_snapshot()")
        except BaseException:
            stop(self._process)
            raise
        return self

    def __exit__(self, *_error):
        self._process.stdin.close()
        stop(self._process)

    def rows(self, sql):
        """Rows that a query gives at this moment.

        :param str sql: one statement
        :returns: list of lists of str
        :raises RunnerError: with PostgreSQL's words when it refuses
        """
        return [line.split("\t") for line in self._run(sql)]

    def _run(self, sql):
        self._process.stdin.write(f"{sql};\nSELECT '{_END}';\n".encode())
        self._process.stdin.flush()
        lines = []
        for raw in self._process.stdout:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            if line == _END:
                return lines
            lines.append(line)
        raise RunnerError(f"PostgreSQL refused: {' '.join(lines[-3:])}")
