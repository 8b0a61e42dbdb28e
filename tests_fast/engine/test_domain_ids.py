from engine.domain_ids import with_ids


def about(name):
    return name in ("id", "referred_by_id")


def test_ids_become_others_in_leaves_that_name_such_records():
    domain = ["|", ("referred_by_id", "=", 7), ["id", "not in", [1, 7, 9]]]
    assert with_ids(domain, {7: 9}, about) == [
        "|",
        ("referred_by_id", "=", 9),
        ["id", "not in", [1, 9, 9]],
    ]


def test_what_names_other_things_stays():
    domain = [
        ("crm_score", "=", 7),
        ("id", "in", [1, 1]),
        ("id", ">", 7),
        ("referred_by_id", "=", False),
        ("referred_by_id", "=", True),
        ("id", "=", "7"),
        (1, "=", 1),
    ]
    assert with_ids(domain, {7: 9, 0: 5}, about) == domain
