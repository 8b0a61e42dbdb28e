"""The words of the sentences that say what a condition means.

Each code is one that ``engine.conditions_sentence`` asks for. "field:code" is how one
field says it; "field:code:value" and "field:>=1" are said of that value alone.
"""


def texts(env):
    """All templates in the environment's language: {code: template}."""
    return {
        **_joints(env),
        **_comparisons(env),
        **_dates(env),
        **_spans(env),
        **_moments(env),
        **_rows(env),
        **_scores(env),
        **_purchases(env),
        **_contacts(env),
        **_labels(env),
    }


def _joints(env):
    _ = env._
    return {
        "and": _("%(first)s and %(second)s"),
        "or": _("%(first)s or %(second)s"),
        "comma": _("%(first)s, %(second)s"),
        "group": _("(%(inner)s)"),
        "not": _("not %(inner)s"),
        "everybody": _("all customers"),
        "nobody": _("no customer"),
        "unknown": _("something that is no longer known"),
        "gone": _("something deleted"),
        "nothing": _("nothing"),
        "quoted": _("“%(value)s”"),
        "more_values": _("%(count)s more"),
    }


def _comparisons(env):
    _ = env._
    return {
        "is": _("%(field)s is %(value)s"),
        "is_not": _("%(field)s is not %(value)s"),
        "one_of": _("%(field)s is one of %(value)s"),
        "none_of": _("%(field)s is none of %(value)s"),
        "less": _("%(field)s below %(value)s"),
        "more": _("%(field)s above %(value)s"),
        "at_most": _("%(field)s at most %(value)s"),
        "at_least": _("%(field)s at least %(value)s"),
        "contains": _("%(field)s contains %(value)s"),
        "contains_not": _("%(field)s does not contain %(value)s"),
        "begins": _("%(field)s begins with %(value)s"),
        "ends": _("%(field)s ends with %(value)s"),
        "like": _("%(field)s looks like %(value)s"),
        "like_not": _("%(field)s does not look like %(value)s"),
        "yes": _("%(field)s: yes"),
        "no": _("%(field)s: no"),
        "empty": _("%(field)s is not known"),
        "filled": _("%(field)s is known"),
        "part": _("the %(part)s of %(field)s"),
        "part:year_number": _("year"),
        "part:quarter_number": _("quarter"),
        "part:month_number": _("month"),
        "part:iso_week_number": _("week"),
        "part:day_of_year": _("day of the year"),
        "part:day_of_month": _("day of the month"),
        "part:day_of_week": _("weekday"),
    }


def _dates(env):
    _ = env._
    return {
        "date_is": _("%(field)s on %(value)s"),
        "date_is_not": _("%(field)s not on %(value)s"),
        "date_before": _("%(field)s before %(value)s"),
        "date_after": _("%(field)s after %(value)s"),
        "date_until": _("%(field)s no later than %(value)s"),
        "date_from": _("%(field)s no earlier than %(value)s"),
        "older": _("%(field)s more than %(span)s ago"),
        "within": _("%(field)s in the last %(span)s"),
        "at_least_ago": _("%(field)s at least %(span)s ago"),
        "less_ago": _("%(field)s less than %(span)s ago"),
        "ago": _("%(field)s exactly %(span)s ago"),
        "not_ago": _("%(field)s not exactly %(span)s ago"),
    }


def _spans(env):
    _ = env._
    return {
        "one:d": _("one day"),
        "one:w": _("one week"),
        "one:m": _("one month"),
        "one:y": _("one year"),
        "one:H": _("one hour"),
        "one:M": _("one minute"),
        "one:S": _("one second"),
        "many:d": _("%(count)s days"),
        "many:w": _("%(count)s weeks"),
        "many:m": _("%(count)s months"),
        "many:y": _("%(count)s years"),
        "many:H": _("%(count)s hours"),
        "many:M": _("%(count)s minutes"),
        "many:S": _("%(count)s seconds"),
    }


def _moments(env):
    _ = env._
    return {
        "today": _("today"),
        "now": _("now"),
        "first_of_month": _("the first day of this month"),
        "first_of_year": _("the first day of this year"),
        "start_of_week": _("the first day of this week"),
        "in_span": _("the day in %(span)s"),
        "earlier": _("%(moment)s less %(span)s"),
        "later": _("%(moment)s plus %(span)s"),
        "moved_to": _("%(moment)s moved to %(day)s"),
        "set:d": _("%(moment)s with day %(count)s"),
        "set:m": _("%(moment)s with month %(count)s"),
        "set:y": _("%(moment)s with year %(count)s"),
        "set:H": _("%(moment)s with hour %(count)s"),
        "set:M": _("%(moment)s with minute %(count)s"),
        "set:S": _("%(moment)s with second %(count)s"),
        "day:monday": _("Monday"),
        "day:tuesday": _("Tuesday"),
        "day:wednesday": _("Wednesday"),
        "day:thursday": _("Thursday"),
        "day:friday": _("Friday"),
        "day:saturday": _("Saturday"),
        "day:sunday": _("Sunday"),
        "day:week_start": _("the first day of the week"),
    }


def _rows(env):
    _ = env._
    return {
        "bought": _("has bought"),
        "bought:within": _("bought in the last %(span)s"),
        "bought:none": _("has never bought"),
        "bought:none:within": _("did not buy in the last %(span)s"),
        "happened": _("%(what)s has happened"),
        "happened:within": _("%(what)s in the last %(span)s"),
        "happened:none": _("%(what)s has never happened"),
        "happened:none:within": _("no %(what)s in the last %(span)s"),
        "anything": _("something has happened"),
        "anything:within": _("something happened in the last %(span)s"),
        "anything:none": _("nothing has ever happened"),
        "anything:none:within": _("nothing happened in the last %(span)s"),
        "where": _("%(rows)s (counting only: %(inner)s)"),
        "no_contact": _("no contact for %(span)s"),
        "contact": _("in touch, or new, in the last %(span)s"),
    }


def _scores(env):
    _ = env._
    return {
        "crm_health:empty": _("not enough data yet"),
        "crm_health:filled": _("health is known"),
        "last_contacted_at:within": _("in touch in the last %(span)s"),
        "last_contacted_at:older": _("last contact more than %(span)s ago"),
        "last_contacted_at:empty": _("never in touch"),
        "last_contacted_at:filled": _("in touch before"),
        "awaiting_reply_since:older": _("has not replied for more than %(span)s"),
        "awaiting_reply_since:within": _("asked in the last %(span)s, no reply yet"),
        "awaiting_reply_since:filled": _("has not replied yet"),
        "awaiting_reply_since:empty": _("owes no reply"),
        "customer_since:within": _("new in the last %(span)s"),
        "customer_since:older": _("a customer for more than %(span)s"),
    }


def _purchases(env):
    _ = env._
    never, once = _("has not bought yet"), _("has bought")
    return {
        "total_purchases:at_least": _("bought %(value)s times or more"),
        "total_purchases:at_most": _("bought at most %(value)s times"),
        "total_purchases:more": _("bought more than %(value)s times"),
        "total_purchases:less": _("bought fewer than %(value)s times"),
        "total_purchases:is": _("bought exactly %(value)s times"),
        "total_purchases:=0": never,
        "total_purchases:<=0": never,
        "total_purchases:<1": never,
        "total_purchases:>0": once,
        "total_purchases:>=1": once,
        "total_purchases:!=0": once,
        "total_spent:at_least": _("spent %(value)s or more"),
        "total_spent:at_most": _("spent at most %(value)s"),
        "total_spent:more": _("spent more than %(value)s"),
        "total_spent:less": _("spent less than %(value)s"),
        "last_purchase_at:within": _("bought in the last %(span)s"),
        "last_purchase_at:older": _("last bought more than %(span)s ago"),
        "last_purchase_at:empty": never,
        "last_purchase_at:filled": once,
    }


def _contacts(env):
    _ = env._
    return {
        "category_id:is": _("has the tag %(value)s"),
        "category_id:is_not": _("does not have the tag %(value)s"),
        "category_id:one_of": _("has one of the tags %(value)s"),
        "category_id:none_of": _("has none of the tags %(value)s"),
        "category_id:empty": _("has no tag"),
        "category_id:filled": _("has a tag"),
        "segment_ids:is": _("is in the segment %(value)s"),
        "segment_ids:is_not": _("is not in the segment %(value)s"),
        "segment_ids:one_of": _("is in one of the segments %(value)s"),
        "segment_ids:none_of": _("is in none of the segments %(value)s"),
        "segment_ids:empty": _("is in no segment"),
        "segment_ids:filled": _("is in a segment"),
        "source_id:is": _("came from %(value)s"),
        "birthday_period:is:today": _("birthday today"),
        "birthday_period:is:next_7": _("birthday in the next 7 days"),
        "birthday_period:is:next_30": _("birthday in the next 30 days"),
        "birthday_period:is:this_month": _("birthday this month"),
        "birthday_period:is:next_month": _("birthday next month"),
    }


def _labels(env):
    """How a sentence calls a field, where its label stands alone elsewhere."""
    _ = env._
    return {
        "word:crm_score": _("score"),
        "word:crm_health": _("health"),
        "word:journey_stage": _("stage of the journey"),
        "word:last_contacted_at": _("last contact"),
        "word:awaiting_reply_since": _("question without a reply"),
        "word:total_interactions": _("number of messages and calls"),
        "word:response_rate": _("response rate"),
        "word:last_purchase_at": _("last purchase"),
        "word:total_purchases": _("number of purchases"),
        "word:total_spent": _("amount spent"),
        "word:average_order_value": _("average order"),
        "word:customer_since": _("customer since"),
        "word:birthday_period": _("birthday"),
        "word:source_id": _("source"),
        "word:country_id": _("country"),
        "word:user_id": _("owner"),
        "word:referred_by_id": _("referrer"),
        "word:name": _("name"),
        "word:email": _("e-mail"),
        "word:phone": _("phone"),
        "word:street": _("street"),
        "word:city": _("city"),
        "word:zip": _("postcode"),
        "word:ref": _("customer key"),
        "word:lang": _("language"),
        "word:date": _("date"),
        "word:type": _("kind of event"),
        "word:kind": _("kind"),
        "word:amount": _("amount"),
        "word:amount_company": _("amount in the shop's currency"),
        "word:quantity": _("quantity"),
        "word:reference": _("reference"),
        "word:source": _("where it was entered"),
        "word:interaction": _("direction"),
        "word:summary": _("summary"),
    }
