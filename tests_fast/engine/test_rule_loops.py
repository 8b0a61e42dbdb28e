import pytest

from engine.rule_loops import EVERY_TAG, STAGE, find_loop, what_is_read

GOLD, SILVER, VIPS = ("tag", 1), ("tag", 2), ("segment", 1)


def test_reader_of_its_own_tag_is_a_loop():
    assert find_loop(GOLD, [(GOLD, GOLD)]) == [GOLD, GOLD]


def test_loop_through_a_segment_is_told_in_order():
    arrows = [(GOLD, SILVER), (SILVER, VIPS), (VIPS, GOLD)]
    assert find_loop(GOLD, arrows) == [GOLD, SILVER, VIPS, GOLD]


def test_chain_is_no_loop():
    assert find_loop(GOLD, [(GOLD, SILVER), (SILVER, VIPS)]) == []


def test_loop_that_does_not_lead_back_is_not_ours():
    assert find_loop(GOLD, [(GOLD, SILVER), (SILVER, SILVER)]) == []


def test_reader_of_every_tag_reads_its_own():
    assert find_loop(GOLD, [(EVERY_TAG, GOLD)]) == [GOLD, GOLD]


def test_leaf_without_ids_reads_every_tag():
    leaves = [
        ("category_id", "in", (1, 2)),
        ("category_id", "=", False),
        ("segment_ids", "in", [1]),
        ("city", "=", "Qom"),
    ]
    assert what_is_read(leaves) == {GOLD, SILVER, EVERY_TAG, VIPS}
    assert what_is_read([("category_id", "ilike", "vip")]) == {EVERY_TAG}


@pytest.mark.parametrize("operator", ["=", "!="])
def test_stage_follows_from_tags_of_advocates(operator):
    assert what_is_read([("journey_stage", operator, "advocacy")]) == {STAGE}
    assert find_loop(GOLD, [(GOLD, STAGE), (STAGE, GOLD)]) == [GOLD, STAGE, GOLD]
    assert find_loop(GOLD, [(SILVER, STAGE), (STAGE, GOLD)]) == []
