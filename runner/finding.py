"""One line of `./run doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line: level is OK, WARN or FAIL; `hint` says what to do."""

    level: str
    subject: str
    text: str
    hint: str = ""

    def line(self):
        """The line as it is printed (str)."""
        hint = f" -> {self.hint}" if self.hint else ""
        return f"{self.level:4} {self.subject:12} {self.text}{hint}"
