"""Finding duplicates in memory, as the product does it with tables."""

from collections import Counter, defaultdict

from engine import duplicate_traits as traits_of
from engine import duplicates

SLOTS = ("custom_date_1", "custom_text_1")


def traits(**values):
    """Traits of one customer by name, phone, email, street, zip, city and slots."""
    phone, email = values.pop("phone", ""), values.pop("email", "")
    slots = [(slot, values.pop(slot, "") or "") for slot in SLOTS]
    return traits_of.read(phones=(phone,), emails=(email,), slots=slots, **values)


def figures_of(records):
    """What is common among customers, counted as the product counts it."""
    words = {kind: Counter() for kind in ("name", "city", "zip")}
    values = defaultdict(Counter)
    for one in records:
        words["name"].update(set(one.words))
        words["city"].update(filter(None, [one.city]))
        words["zip"].update(filter(None, [one.zip]))
        for slot, value in one.slots:
            values[slot][value] += 1
    slots = {
        slot: duplicates.slot_bits(
            sum(n * (n - 1) // 2 for n in counts.values()), sum(counts.values())
        )
        for slot, counts in values.items()
    }
    totals = {"name": sum(bool(one.words) for one in records)}
    totals |= {kind: sum(words[kind].values()) for kind in ("city", "zip")}
    return duplicates.Figures(len(records), words, totals, slots)


def blocks_of(records, figures):
    """Which records are in a block: {key: [numbers]}."""
    telling = frozenset(
        slot
        for slot, bits in figures.slots.items()
        if bits >= duplicates.TELLING_BITS - 3 * slot.startswith("custom_date")
    )
    blocks = defaultdict(list)
    for number, one in enumerate(records):
        for key in traits_of.keys(one, telling):
            blocks[key].append(number)
    return blocks


def find(records):
    """Judged candidates: {(number, higher number): Judgement}."""
    figures = figures_of(records)
    blocks = blocks_of(records, figures)
    figures.crowds = {key: len(some) for key, some in blocks.items() if len(some) > 6}
    candidates = {
        (one, other)
        for some in blocks.values()
        if len(some) <= duplicates.CROWD
        for at, one in enumerate(some)
        for other in some[at + 1 :]
    }
    return {
        (one, other): duplicates.judge(records[one], records[other], figures)
        for one, other in candidates
    }


def shown(judged, threshold=duplicates.DEFAULT_THRESHOLD):
    """Pairs that people get to see."""
    return {pair for pair, told in judged.items() if told.score >= threshold}
