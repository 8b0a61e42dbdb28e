import pytest

from engine.fields import SLOTS, slot_type
from engine.slot_indexes import PREFIX, changes, slot_indexes, wanted_indexes

PLAIN, UNACCENTED = "{}", "unaccent({})"


@pytest.mark.parametrize("letters", [None, PLAIN, UNACCENTED])
def test_every_slot_has_partial_indexes_of_its_own(letters):
    wanted = wanted_indexes(SLOTS, letters)
    assert len(wanted) == sum(len(slot_indexes(slot, letters)) for slot in SLOTS)
    for name, definition in wanted.items():
        assert name.startswith(PREFIX)
        assert len(name) <= 63  # what PostgreSQL keeps of a name
        assert " WHERE " in definition


def test_texts_are_searched_by_what_odoo_compares():
    for slot in ("custom_text_1", "custom_url_5", "custom_email_1", "custom_phone_2"):
        name = f"mini_crm_{slot}_trgm_idx"
        assert f'gin ("{slot}" gin_trgm_ops)' in slot_indexes(slot, PLAIN)[name]
        unaccented = slot_indexes(slot, UNACCENTED)[name]
        assert f'gin (unaccent("{slot}") gin_trgm_ops)' in unaccented
        assert name not in slot_indexes(slot, None)


def test_no_text_is_too_long_for_its_index():
    for slot in SLOTS:
        for definition in slot_indexes(slot, None).values():
            if slot_type(slot) in ("text", "url", "email") and "btree" in definition:
                assert f'(left("{slot}", 100))' in definition


def test_whole_texts_are_found_without_trigrams_too():
    assert "mini_crm_custom_text_1_hash_idx" in slot_indexes("custom_text_1", None)
    assert "mini_crm_custom_text_1_hash_idx" not in slot_indexes("custom_text_1", PLAIN)


def test_only_what_differs_is_changed():
    wanted = {"same": "a", "unfinished": "b", "older": "c", "missing": "d"}
    existing = {
        "same": (True, "a"),
        "unfinished": (False, "b"),
        "older": (True, "before"),
        "by hand": (True, None),
    }
    drop, make = changes(wanted, existing)
    assert drop == ["by hand", "older", "unfinished"]
    assert make == ["missing", "older", "unfinished"]
    assert changes(wanted, {n: (True, d) for n, d in wanted.items()}) == ([], [])
