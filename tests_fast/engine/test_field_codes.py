"""Every problem that the engine can raise has its sentence for people."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("field_values", "field_rules", "field_choices", "links", "people")
RAISED = re.compile(r'(?:Problem|Error)\(\s*"(\w+)"|"((?:email|phone)_\w+)"')


def test_every_code_of_the_engine_has_a_sentence():
    messages = (ROOT / "models/field/field_messages.py").read_text()
    told = set(re.findall(r'^        "(\w+)": env\._', messages, re.MULTILINE))
    for name in SOURCES:
        source = (ROOT / f"engine/{name}.py").read_text()
        raised = {one or other for one, other in RAISED.findall(source)}
        assert raised
        assert not raised - told
    source = (ROOT / "engine/calendars.py").read_text()
    dates = set(re.findall(r'"(date_\w+)"', source))
    assert dates
    assert not dates - told
    source = (ROOT / "engine/money.py").read_text()
    amounts = set(re.findall(r'AmountError\("amount_(\w+)"', source))
    assert not {f"number_{a.replace('too_', '')}" for a in amounts} - told
