from engine.conditions_records import with_other_ids


def names(path):
    return path in ("referred_by_id", "parent_id", "event_ids.author_id")


def becomes(text):
    return with_other_ids(text, {7: 1, 8: 1}, names)


def test_ids_of_fields_that_hold_them_become_others():
    assert becomes("[('referred_by_id', '=', 7)]") == "[('referred_by_id', '=', 1)]"
    assert (
        becomes('["|", ["parent_id", "in", [9, 7]], ["name", "=", "x"]]')
        == '["|", ["parent_id", "in", [9, 1]], ["name", "=", "x"]]'
    )


def test_two_that_become_one_are_named_once():
    assert becomes("[('parent_id', 'in', [7, 3, 8, 1])]") == (
        "[('parent_id', 'in', [1, 3])]"
    )


def test_numbers_of_other_fields_and_other_texts_stay():
    for text in (
        "[('total_spent', '>=', 7)]",
        "[('color', '=', 7)]",
        "[('parent_id', 'ilike', 7)]",
        "[('parent_id', '=', 77)]",
        "[('parent_id', '=', True)]",
        "[('parent_id', '=', '7')]",
        "no domain (",
        "",
        "7",
    ):
        assert becomes(text) == text


def test_what_only_odoo_can_compute_stays_as_it_is_written():
    text = "[('user_id', '=', uid), ('city', '=', 'شیراز'),\n ('parent_id', '=', 7)]"
    assert becomes(text) == text.replace("7", "1")
    assert becomes('[["a", "=", false], ["parent_id", "=", 8]]') == (
        '[["a", "=", false], ["parent_id", "=", 1]]'
    )


def test_conditions_within_are_read_by_their_path():
    text = "[('event_ids', 'any', [('author_id', '=', 7), ('parent_id', '=', 7)])]"
    assert becomes(text) == text.replace("7", "1", 1)
