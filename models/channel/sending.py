"""What a channel takes of a message that is sent."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Of one type of channel.

    :param text: of one message, in ``unit``
    :param unit: utf16 or bytes, as ``engine.message_split`` counts
    :param buttons: choices below a text
    :param label: characters of a choice
    :param payload: bytes of what a choice carries
    :param kinds: beginning of a MIME type -> (kind, most bytes); the first that fits
    """

    text: int
    unit: str
    buttons: int
    label: int
    payload: int
    kinds: tuple

    def describe(self, file):
        """A file as ``mini_crm.message.media`` keeps it, without its attachment."""
        return {
            "kind": self._kind(file.mimetype)[0],
            "reference": "",
            "name": file.name,
            "mime": file.mimetype,
            "size": file.file_size,
            "state": "stored",
        }

    def most_bytes(self, mime):
        """How large a file of this type may be; 0: the channel does not take it."""
        return self._kind(mime)[1]

    def _kind(self, mime):
        for beginning, kind, most in self.kinds:
            if (mime or "").startswith(beginning):
                return kind, most
        return "document", 0


LIMITS = {
    # A bot may upload 50 MB; eight uploads at once are to fit into the memory as well.
    "telegram": Limits(
        text=4096,
        unit="utf16",
        buttons=50,
        label=64,
        payload=64,
        kinds=(
            ("image/jpeg", "photo", 10 * MB),
            ("image/png", "photo", 10 * MB),
            ("video/mp4", "video", 20 * MB),
            ("audio/mpeg", "audio", 20 * MB),
            ("audio/mp4", "audio", 20 * MB),
            ("", "document", 20 * MB),
        ),
    ),
    "instagram": Limits(
        text=1000,
        unit="bytes",
        buttons=13,
        label=20,
        payload=1000,
        kinds=(
            ("image/jpeg", "photo", 8 * MB),
            ("image/png", "photo", 8 * MB),
            ("video/", "video", 25 * MB),
            ("audio/", "audio", 25 * MB),
        ),
    ),
}
