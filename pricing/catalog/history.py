"""How a model's cards of yesterday and of today become one history.

A published table says what holds now; few say since when. So the catalog itself is the memory: what it said stays true
for calls of that time, and a price that differs begins on the day of the table that has it first. A table with dates of
its own (genai-prices) is believed about them.

Cards are compared as the catalog writes them. A timeline is [(begin, {condition: card})], each state a whole set of
cards that hold together until the next begins; "" is the beginning of time.
"""
import json
from decimal import Decimal

from gaps import closed

FACTS = ("rates", "free", "minimum", "read_as")


def condition(card):
    return json.dumps(card.get("when", {}), sort_keys=True)


def same(a, b):
    return all(plain(a.get(f)) == plain(b.get(f)) for f in FACTS)


def plain(value):
    """(Ordered dicts compare by their order too.)"""
    return dict(value) if isinstance(value, dict) else value


def timeline(cards):
    """The states of cards that are in force at some time; withdrawn ones are not part of it."""
    cards = [c for c in cards if "withdrawn" not in c]
    spans = []
    for card in cards:
        begin = card.get("from", "")
        ends = [c["from"] for c in cards if condition(c) == condition(card) and c.get("from", "") > begin]
        ends += [card["until"]] if "until" in card else []
        spans.append((begin, min(ends, default=None), card))
    bounds = sorted({b for b, _, _ in spans} | {e for _, e, _ in spans if e})
    states = []
    for at in bounds:
        state = {condition(c): c for b, e, c in spans if b <= at and (e is None or at < e)}
        states.append((at, state))
    return states


def cards(states):
    """The cards of a timeline: one for each run of equal facts under a condition."""
    out = []
    for i, (begin, state) in enumerate(states):
        before = states[i - 1][1] if i else {}
        for key, card in state.items():
            if key in before and same(before[key], card):
                continue
            until = None
            for later, following in states[i + 1:]:
                if key not in following:
                    until = later
                    break
                if not same(following[key], card):
                    break
            written = {"from": begin} if begin else {}
            if until:
                written["until"] = until
            out.append({**written, **{k: v for k, v in card.items() if k not in ("from", "until")}})
    return sorted(out, key=lambda c: (c.get("from", ""), len(c.get("when", {})), condition(c)))


def state_at(states, at):
    found = {}
    for begin, state in states:
        if begin <= at:
            found = state
    return found


def equal(a, b):
    """Whether two rates are one price, of which a table may have rounded one ("0.0375/M" and "0.038/M")."""
    if a == b or "?" in (a, b):
        return True
    (x, _, per), (y, _, other) = a.partition("/"), b.partition("/")
    if per != other:
        return False
    digits = min(decimals(x), decimals(y))
    difference = abs(Decimal(x) - Decimal(y))
    return digits >= 2 and difference <= Decimal(5).scaleb(-digits - 1) and difference <= Decimal("0.025") * Decimal(x)


def decimals(number):
    return len(number.partition(".")[2])


def precise(new, old):
    """Of two rates that are equal, the one that says more; the older of two that say the same."""
    if old == "?" or new != "?" and decimals(new.partition("/")[0]) > decimals(old.partition("/")[0]):
        return new
    return old


def agree(old, new):
    """Whether a state says the same as another wherever both say something. One that merely has more (another unit,
    another tier) knows more of the same price; one that lost a threshold does not."""
    common = old.keys() & new.keys()
    if not common or any(threshold(k) for k in old.keys() - new.keys()):
        return False
    return all(alike(old[key], new[key]) for key in common)


def threshold(key):
    """Whether a condition is the surcharge for long prompts by itself; that of a place goes with the place."""
    return json.loads(key).keys() == {"input_tokens"}


def alike(a, b):
    mine, theirs = plain(a.get("rates", {})), plain(b.get("rates", {}))
    shared = mine.keys() & theirs.keys()
    return mine == theirs or bool(shared) and all(equal(mine[u], theirs[u]) for u in shared)


def filled(new, old):
    """A state with what an older one knows besides it, and the older cards where nothing is different. Under each
    condition the two must be alike; conditions that only the older one has stay if the standard price is alike."""
    if not ("{}" in old and "{}" in new and alike(old["{}"], new["{}"]) or agree(old, new)):
        return new
    out = {}
    for key, card in new.items():
        before = old.get(key)
        if before is None or not alike(before, card):
            out[key] = card
            continue
        mine, theirs = card.get("rates", {}), before.get("rates", {})
        rates = {u: precise(r, theirs[u]) if u in theirs else r for u, r in mine.items()}
        rates.update((u, r) for u, r in theirs.items() if u not in mine)
        whole = {**card, "rates": rates} if rates else dict(card)
        if theirs.keys() - mine.keys():
            whole["source"] = ", ".join(dict.fromkeys([card["source"], before["source"]]))
        whole.update((f, before[f]) for f in ("minimum", "read_as") if f in before and f not in whole)
        out[key] = before if same(whole, before) else whole
    tiers = {card.get("when", {}).get("service_tier") for card in new.values()}
    for key in old.keys() - new.keys():
        tier = old[key].get("when", {}).get("service_tier")
        if (tier is None or tier not in tiers) and (not threshold(key) or agree(old, new)):
            out[key] = old[key]
    return out


def merged(old_cards, new_cards, date):
    """The history of a model: `old_cards` as the catalog had them, `new_cards` as the tables of `date` have them."""
    old, new = timeline(old_cards), [(at, closed(state)) for at, state in timeline(new_cards)]
    withdrawn = [c for c in new_cards if "withdrawn" in c]
    withdrawn += [c for c in old_cards if "withdrawn" in c and c not in withdrawn]
    if not new:
        return old_cards
    if not old:
        return cards(new) + withdrawn
    since = next((begin for begin, state in reversed(old) if agree(state, new[0][1])), None)
    if since is None:
        now = max(begin for begin, _ in new if begin <= date) if new[0][0] <= date else new[0][0]
        # Undated and different: it changed, and this is the first table to say so. Dated: the table knows since when.
        since = date if now == "" else ""
    begins = sorted({b for b, _ in old} | {max(b, since) for b, _ in new})
    states = []
    for at in begins:
        if at < since:
            states.append((at, state_at(old, at)))
        else:
            states.append((at, filled(state_at(new, max(at, new[0][0])), state_at(old, at))))
    return cards([(at, closed(state)) for at, state in states]) + withdrawn
