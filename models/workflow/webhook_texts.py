"""Why a webhook was not delivered, in people's words."""


def problem_text(env, code, status=0):
    """A problem in a sentence or two, or empty.

    :param env: environment; its language is spoken
    :param code: of ``mini_crm.workflow.call.problem``
    :param int status: HTTP status of the answer
    :rtype: str
    """
    if not code:
        return ""
    _ = env._
    if code == "status":
        return _(
            "The receiver answered with the error %s. Its own log tells why.", status
        )
    texts = {**_address_texts(_), **_network_texts(_)}
    return texts.get(code) or _("It failed for a reason that is in the server's log.")


def _address_texts(_):
    """What is wrong with the address."""
    return {
        "url": _(
            "The address cannot be read. Write it as https://example.com/path, without"
            " spaces and in Latin letters."
        ),
        "scheme": _("The address has to begin with https:// or http://."),
        "user": _(
            "The address holds a user name or password. Take it out: the signature"
            " proves who calls."
        ),
        "host": _(
            "The name of the receiver cannot be read. Write it in plain Latin letters,"
            " without a dot at the end."
        ),
        "port": _("Only the ports 80 and 443 are called."),
        "private": _(
            "The address belongs to a private network and is not called. Whoever runs"
            " the server can open such a network in its configuration file."
        ),
        "redirect": _(
            "The receiver points to another address. Enter that one in the workflow."
        ),
        "gone": _("The receiver says that nobody listens there any more (410)."),
    }


def _network_texts(_):
    """What went wrong on the way."""
    return {
        "dns": _("The name of the receiver is not known."),
        "no_connection": _("The receiver does not take connections."),
        "tls": _("The receiver's certificate is not valid for its name."),
        "timeout": _("The receiver did not answer within 5 seconds."),
        "answer": _("What answers there does not speak HTTP."),
        "too_large": _(
            "The message is larger than 64 KB. Choose fewer fields in the workflow."
        ),
        "key_missing": _(
            "The key that the secret is encrypted with is missing on this server. Put"
            " it back, or make a new secret in the settings."
        ),
        "copied": _("This is a copy of the database: nothing is called from it."),
    }
