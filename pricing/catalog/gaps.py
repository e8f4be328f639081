"""Closes what a model's cards leave open: two conditions that one call can satisfy need a card for both together.

The reader of the catalog refuses such gaps, since a call in them would be billed by whichever card came first. What
the tables do not say is derived only where it follows: the two prices' common ratio to the standard one, where it is
clean. Else the card for both says "?": charged, at a price that cannot be told. A service tier without a price for long
prompts ends at the threshold: a long call in it has no price.
"""
import json
import re
from collections import OrderedDict
from decimal import Decimal

from units import TOKENS, parse, show


def closed(state):
    """A state of cards ({condition: card}, see history.py) without gaps."""
    state = dict(state)
    while True:
        pair = next(((a, b) for a in state for b in state if a < b and open_between(state[a], state[b], state)), None)
        if pair is None:
            return state
        one, other = (state[key] for key in pair)
        tier = next((c for c in (one, other) if set(c["when"]) == {"service_tier"}), None)
        long = next((c for c in (one, other) if set(c["when"]) == {"input_tokens"}), None)
        if tier and long:
            del state[key_of(tier["when"])]
            when = {"service_tier": tier["when"]["service_tier"], "input_tokens": below(long["when"]["input_tokens"])}
            state[key_of(when)] = {**tier, "when": when}
        else:
            card = crossed(one, other, state.get("{}"))
            state[key_of(card["when"])] = card


def key_of(when):
    return json.dumps(when, sort_keys=True)


def below(bound):
    """The prompts that a beginning of long ones leaves out."""
    operator, limit = re.match(r"(>=?)(\d+)", bound).groups()
    return ("<" if operator == ">=" else "<=") + limit


def open_between(a, b, state):
    one, other = a.get("when", {}), b.get("when", {})
    if len(one) != len(other) or not one or "time" in one or "time" in other or not overlap(one, other):
        return False
    both = {**one, **other}
    return not any(len(c.get("when", {})) > len(one) and c["when"].items() <= both.items() for c in state.values())


def overlap(one, other):
    for term in one.keys() & other.keys():
        if term == "input_tokens":
            (low, high), (least, most) = limits(one[term]), limits(other[term])
            if low > most or least > high:
                return False
        else:
            mine, theirs = ({v} if isinstance(v, str) else set(v) for v in (one[term], other[term]))
            if not mine & theirs and not any(v.startswith("!") or v.endswith("*") for v in mine | theirs):
                return False
    return True


def limits(text):
    low, high = 0, 10 ** 12
    for operator, limit in re.findall(r"(<=|>=|<|>)(\d+)", text):
        number = int(limit)
        if operator[0] == ">":
            low = number + (operator == ">")
        else:
            high = number - (operator == "<")
    return low, high


def crossed(one, other, base):
    """The card for two conditions together, by the two prices' ratios to the standard one."""
    rates = OrderedDict()
    for unit, rate in one["rates"].items():
        if unit not in TOKENS:
            rates[unit] = rate
            continue
        mine, theirs, usual = (parse(c["rates"].get(unit)) for c in (one, other, base or {"rates": {}}))
        product = mine * theirs / usual if mine is not None and theirs is not None and usual else None
        clean = product is not None and theirs / usual == (theirs / usual).quantize(Decimal("0.0001"))
        if clean and ">" in other["when"].get("input_tokens", "") + one["when"].get("input_tokens", ""):
            clean = product >= mine and product >= theirs  # No long prompt costs less: the prices are of different times.
        rates[unit] = show(unit, product if clean else None)
    return {"when": {**one["when"], **other["when"]}, "rates": rates, "source": f'{one["source"]} x {other["source"]}'}
