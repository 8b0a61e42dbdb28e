from odoo.exceptions import UserError

from .channel_texts import problem_text


class Refused(UserError):
    """The provider did not do what it was asked for, and people are told why.

    :param str code: of ``channel_texts``
    :param str words: what the provider says, without secrets
    """

    def __init__(self, env, code, words=""):
        text = problem_text(env, code)
        if words:
            text = f"{text}\n{env._('The provider says: %s', words)}"
        super().__init__(text)
        self.code = code
        self.words = words
