"""The one error type a command may end with."""


class RunnerError(Exception):
    """Something a person can put right.

    :param str message: what happened, one sentence
    :param str hint: what to do about it; may be empty
    """

    def __init__(self, message, hint=""):
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self):
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class Stopped(BaseException):
    """Raised in the main thread when SIGTERM, SIGHUP or SIGINT asks us to end.

    A BaseException, so that no `except Exception` on the way swallows it.
    """

    def __init__(self, signum):
        super().__init__(signum)
        self.signum = signum
