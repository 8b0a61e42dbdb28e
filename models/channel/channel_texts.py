"""What is wrong with a channel, and how to mend it, in people's words."""


def problem_text(env, code):
    """A problem in a sentence or two.

    :param env: environment; its language is spoken
    :param str code: of ``mini_crm.channel.problem``, or of an ``Unreachable``
    :rtype: str
    """
    texts = {
        **_token_texts(env),
        **_account_texts(env),
        **_delivery_texts(env),
        **_network_texts(env),
    }
    return texts.get(code) or env._(
        "The provider refuses to work with this account. Connect the channel again."
    )


def _token_texts(env):
    """What is wrong with the token or another secret."""
    _ = env._
    return {
        "no_token": _("No token has been entered yet. Enter it to connect."),
        "no_app_secret": _(
            "Enter the app secret first: without it nobody could tell Meta's deliveries"
            " from forged ones."
        ),
        "key_missing": _(
            "The key that tokens are encrypted with is missing on this server, as after"
            " copying the database without it. Enter the token and the other secrets"
            " again, or put the key file back."
        ),
        "token_invalid": _(
            "The provider does not accept the token any more: it was replaced, revoked"
            " or mistyped. Enter a new one."
        ),
        "token_expired": _(
            "The token has expired and cannot be refreshed. Enter a new one."
        ),
        "expiring": _(
            "The token expires soon and could not be refreshed. Enter a new one before"
            " then."
        ),
        "refresh_failing": _(
            "The token could not be refreshed. It is tried again every hour; enter a"
            " new one if this stays."
        ),
        "token_shape": _(
            "This is no token of a Telegram bot. It looks like"
            " 123456789:AAExampleExampleExampleExample; copy all of it from BotFather."
        ),
    }


def _account_texts(env):
    """What is wrong with the account."""
    _ = env._
    return {
        "other_account": _(
            "This token belongs to another account than before. Add a new channel for"
            " it, so that conversations are not mixed up."
        ),
        "account_taken": _(
            "This account is connected by another channel already. Open that one."
        ),
        "permission": _(
            "The token may not do this. Give it the permissions that the guide names,"
            " make a new token and enter it."
        ),
        "no_instagram": _(
            "No professional Instagram account belongs to this token. Connect the"
            " account in Meta's app, then make a new token."
        ),
        "human_agent": _(
            "Meta does not let this app answer after 24 hours any more (Human Agent)."
            " Ask Meta to approve it, then tick it again."
        ),
        "policy": _(
            "The provider has blocked this account for a while because of its rules."
            " Look into the provider's own app, and connect again when it says so."
        ),
    }


def _delivery_texts(env):
    """What is wrong with receiving."""
    _ = env._
    return {
        "no_public_address": _(
            "Providers can only call a public https address. This server has none yet:"
            " set web.base.url, or start with --public-url."
        ),
        "webhook_lost": _(
            "The provider did not know our address any more, and it could not be"
            " registered again. Connect the channel again."
        ),
        "webhook_foreign": _(
            "Another program receives this bot's messages: its address is registered"
            " instead of ours. Stop it there, then connect again."
        ),
        "conflict": _(
            "Another program asks for this bot's messages at the same time. Stop it"
            " there, then connect again."
        ),
        "delivery_failing": _(
            "The provider could not deliver messages to this server. It goes on"
            " trying; see what it says below."
        ),
        "silent": _(
            "Nothing has been received for unusually long. Write to this account"
            " yourself; if nothing shows here, connect again."
        ),
        "bad_secret": _(
            "Deliveries came whose signature is wrong: the app secret does not fit."
            " Enter it again."
        ),
    }


def _network_texts(env):
    """Why the provider could not be reached."""
    _ = env._
    return {
        "no_connection": _(
            "The provider cannot be reached from this server. Where its addresses are"
            " blocked, enter a proxy under Advanced."
        ),
        "proxy": _(
            "The provider cannot be reached through the proxy. Check the proxy's"
            " address and password under Advanced."
        ),
        "tls": _(
            "No secure connection could be made. Check the address under Advanced and"
            " the clock of this server."
        ),
        "timeout": _("The provider did not answer in time. Try again in a minute."),
        "cut_off": _("The connection broke off. Try again in a minute."),
        "address": _("The provider's address or the proxy under Advanced is wrong."),
        "refused": _("The provider refuses. See what it says, then try again."),
        "busy": _("The provider asks to wait a moment. Try again in a minute."),
        "provider_down": _(
            "The provider reports an error of its own. Try again in some minutes."
        ),
        "no_provider": _(
            "What answered is not the provider. Check its address under Advanced."
        ),
    }
