"""What a definition names, as words for a file, and back as records of this shop."""

from ...engine.conditions import ConditionProblem, parse, problems, write, write_text
from ...engine.workflow_file import CUSTOM, compared, rewritten
from ...engine.workflow_references import AUDIENCE, SEGMENT, TAG

# Fields of a condition that point to records -> their model.
POINTS_TO = {
    "category_id": TAG,
    "segment_ids": SEGMENT,
    "source_id": "utm.source",
    "country_id": "res.country",
    "user_id": "res.users",
    "referred_by_id": "res.partner",
}
# Whom a file never names.
PEOPLE = ("res.users", "res.partner")
KEYS = {SEGMENT: "key", "res.country": "code"}  # names for programs
NOBODY = {"name": ""}


class Outward:
    """A definition of this shop as a file has it: :meth:`definition`."""

    def __init__(self, env):
        self.env = env
        rules = env["mini_crm.field"]._rules()
        self._keys = {rule.slot: key for key, rule in rules.items() if rule.slot}

    def definition(self, given):
        """A normalised definition without addresses, people and numbers of records."""
        return rewritten(given, self._setting)

    def _setting(self, _node, setting, value):
        if setting.kind == "url" or setting.model in PEOPLE:
            return None
        if setting.kind == "record":
            return self._record(setting.model, value)
        if setting.kind == "domain":
            return self._condition(value)
        return value

    def _record(self, model, record_id):
        if model in PEOPLE or not isinstance(record_id, int):
            return NOBODY
        found = self.env[model].with_context(active_test=False)
        record = found.search([("id", "=", record_id)])
        if not record:
            return NOBODY
        key = record[KEYS[model]] if model in KEYS else ""
        return {**({"key": key} if key else {}), "name": record.display_name}

    def _condition(self, text):
        try:
            return compared(write(parse(text)), self._comparison)
        except ConditionProblem:
            return None

    def _comparison(self, field, value):
        name, dot, part = field.partition(".")
        if name in self._keys:
            return f"{CUSTOM}{self._keys[name]}{dot}{part}", value
        model = POINTS_TO.get(name)
        if model and isinstance(value, list):
            return field, [self._named(model, one) for one in value]
        return field, self._named(model, value) if model else value

    def _named(self, model, value):
        """A record of a comparison; texts and "empty" stay as they are."""
        is_id = isinstance(value, int) and not isinstance(value, bool)
        return self._record(model, value) if is_id else value


class Inward:
    """A definition of a file with this shop's records: :meth:`definition`.

    :param make_tags: make tags that are missing, instead of telling of them
    """

    def __init__(self, workflow, make_tags=False):
        self.env = workflow.env
        self.missing = []  # sentences
        self._make_tags = make_tags
        self._types = workflow._field_types()
        self._dates = workflow._date_types()
        rules = self.env["mini_crm.field"]._rules()
        self._slots = {key: rule.slot for key, rule in rules.items()}

    def definition(self, given):
        """The definition, with nothing in the place of what this shop lacks.

        A condition on who may enter is kept as it was written: it cannot be published
        so, and does not let everybody in.
        """
        made = rewritten(given, self._setting)
        for node_id, node in made["nodes"].items():
            if node["kind"] == "webhook" and not node.get("url"):
                self._lacks(node_id, self.env._("the address that it calls"))
        return made

    def _setting(self, node, setting, value):
        kinds = {
            "record": self._record_of,
            "field": self._field,
            "url": lambda *_args: None,
            "domain": self._condition,
        }
        if setting.kind in kinds:
            return kinds[setting.kind](node, setting, value)
        if setting.kind == "names" and setting.name == "fields":
            return self._fields(node, value)
        return value

    # Records

    def _record_of(self, node, setting, value):
        record = self._found(setting.model, value)
        if not record and setting.model not in PEOPLE:
            self._lacks(node, self._words_of(setting.model, value))
        return record.id or None

    def _found(self, model, value):
        """The record that a file means, or none."""
        records = self.env[model].browse()
        names = _names(value)
        if model in PEOPLE or not names:
            return records
        key = value.get("key")
        if model in KEYS and isinstance(key, str) and key:
            domain = [(KEYS[model], "=", key)]
            records = records.search([*self._of_shop(model), *domain], limit=1)
        for lang in (self.env.lang, "en_US"):
            if not records:
                known = records.with_context(lang=lang)
                last = [name.rpartition(" / ")[2] for name in names]
                same = known.search([*self._of_shop(model), ("name", "in", last)])
                records = same.filtered(lambda one: one.display_name in names)[:1]
        if not records and self._make_tags and model == TAG:
            return self._made_tag(value["name"])
        return records

    def _of_shop(self, model):
        company = self.env.company.id
        return [("company_id", "=", company)] if model == SEGMENT else []

    def _made_tag(self, texts):
        """A new tag with its name in the languages of the shop."""
        texts = texts if isinstance(texts, dict) else {"en_US": texts}
        # sudo: managers may not make tags everywhere, and a template says which
        tag = self.env[TAG].sudo().with_context(lang="en_US")
        tag = tag.create({"name": texts["en_US"]})
        for code, _name in self.env["res.lang"].get_installed():
            if code in texts:
                tag.with_context(lang=code).name = texts[code]
        return tag.with_env(self.env)

    # Fields and conditions

    def _field(self, node, setting, value):
        known = self._dates if setting and setting.name == "date" else self._types
        if isinstance(value, str) and value in known:
            return value
        self._lacks(node, self.env._("the field “%s”", str(value)[:60]))
        return None

    def _fields(self, node, value):
        if not isinstance(value, list):
            return value
        return [name for name in value if self._field(node, None, name)]

    def _condition(self, node, setting, value):
        given = value
        if isinstance(given, str):
            try:
                given = write(parse(given))
            except ConditionProblem:
                given = None
        lacking = []
        if isinstance(given, list):
            made = compared(given, lambda *one: self._comparison(lacking, *one))
            try:
                tree = parse(made)
            except ConditionProblem:
                lacking.append(self.env._("what its condition means"))
            else:
                known = self.env["mini_crm.condition"]._known_fields()
                if not lacking and not problems(tree, known):
                    return write_text(tree)
        self._lacks(node, ", ".join(lacking) or self.env._("what its condition means"))
        return repr(value)[:10_000] if setting is AUDIENCE else None

    def _comparison(self, lacking, field, value):
        name, dot, part = field.partition(".")
        if name.startswith(CUSTOM):
            key = name.removeprefix(CUSTOM)
            if self._slots.get(key):
                return f"{self._slots[key]}{dot}{part}", value
            lacking.append(self.env._("the field “%s”", key[:60]))
        model = POINTS_TO.get(name)
        if not model:
            return field, value
        if isinstance(value, list):
            return field, [self._id_of(lacking, model, one) for one in value]
        return field, self._id_of(lacking, model, value)

    def _id_of(self, lacking, model, value):
        if isinstance(value, int) and not isinstance(value, bool):
            value = NOBODY  # it is a number of another shop
        if not isinstance(value, dict):
            return value
        record = self._found(model, value)
        if not record:
            lacking.append(self._words_of(model, value))
        return record.id or 0

    # What is missing, in words

    def _lacks(self, node, what):
        self.missing.append(
            self.env._("Step %(node)s: %(what)s", node=node, what=what)
            if node
            else self.env._("What starts it: %s", what)
        )

    def _words_of(self, model, value):
        name = next(iter(_names(value)), "")[:60]
        # sudo: what a model is called is no secret
        kind = self.env["ir.model"].sudo()._get(model).name
        if not name:
            return kind
        return self.env._("%(kind)s “%(name)s”", kind=kind, name=name)


def _names(value):
    """Names by which a file means a record, in its languages: list of str."""
    given = value.get("name") if isinstance(value, dict) else None
    named = given.values() if isinstance(given, dict) else [given]
    return [name for name in named if isinstance(name, str) and name.strip()]
