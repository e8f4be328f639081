"""Where a call is served: models that a table lists once for each place become cards and factors of one model."""
import json
import re
from collections import OrderedDict
from decimal import Decimal

from units import parse, show

GEO = re.compile(r"^(regional|global|us-gov|us|eu|apac|jp|au|in|ca|sa|mx|me|af)\.(?=[a-z0-9-]+\.)")
REGION = re.compile(r"^([a-z]{2}(?:-[a-z]+)+-\d+)/")


def bedrock(models):
    """Folds the variants of one model, which differ by where it runs, into cards of one model."""
    folded = OrderedDict()
    everywhere = {}
    for key, model in models.items():
        if place(key)[1] == {"geo": "global"}:
            everywhere.setdefault(stem(key), []).append(standard(model))
    for key in sorted(models, key=lambda k: (stem(k), rank(k))):
        if place(key)[1] not in (None, {"geo": "global"}) and standard(models[key]) in everywhere.get(stem(key), []) \
                and all(c.get("source", "").startswith("portkey") for c in models[key]["cards"]):
            continue  # Portkey repeats the global price for places that other tables know to differ.
        model = models[key]
        target = folded.setdefault(stem(key), OrderedDict(cards=[], aliases=set(), places=set()))
        bare, term = place(key)
        target["aliases"].add(bare)
        target["places"].update((term or {}).values())
        if term is not None and any(c.get("when", {}) | term == c.get("when", {}) for c in target["cards"]):
            continue
        for card in model["cards"]:
            if term:
                card = OrderedDict(card, when={**term, **card.get("when", {})})
            same = [c for c in target["cards"] if c.get("from") == card.get("from")
                    and c.get("when") == card.get("when")]
            if not same:
                target["cards"].append(card)
    out = OrderedDict()
    for name, model in folded.items():
        if not model["cards"]:
            continue
        plain = [c for c in model["cards"] if "geo" not in c.get("when", {}) and "region" not in c.get("when", {})]
        known = {json.dumps([c.get("from"), c["rates"]]) for c in plain if "rates" in c}
        cards = [c for c in model["cards"] if c in plain or not is_subset(c, plain)]
        cards = crossed(cards)
        aliases = sorted({a.lower() for a in model["aliases"]} - {name})
        out[name] = OrderedDict(cards=cards)
        if aliases:
            out[name]["aliases"] = aliases
        apart = {c["when"]["geo"] for c in cards if "geo" in c.get("when", {})}
        usual = standard(model)
        if usual and any(standard({"cards": [{k: v for k, v in c.items() if k != "when"}]}) != usual for c in cards
                         if set(c.get("when", {})) == {"geo"} and not c["when"]["geo"].startswith(("global", "us-gov"))):
            # Sold at other prices elsewhere: the plain card is right for what was the same, and for the regions that lists begin with.
            out[name]["prices_by"] = {"geo": sorted((model["places"] | {"us-east-1", "us-east-2", "us-west-2"}) - apart)}
    return out


def standard(model):
    return [(c["rates"].get("input"), c["rates"].get("output")) for c in model["cards"] if "when" not in c and "rates" in c][-1:]


def crossed(cards):
    """Adds the cards for a place and a tier (or a long prompt) together, by the tier's ratio without a place."""
    base = {c.get("from"): c for c in cards if not c.get("when")}
    places = [c for c in cards if set(c.get("when", {})) == {"geo"}]
    others = [c for c in cards if c.get("when") and "geo" not in c["when"]]
    out = list(cards)
    for place_card in places:
        for other in others:
            when = {**place_card["when"], **other["when"]}
            plain = base.get(other.get("from")) or base.get(None)
            if plain is None or any(c.get("when") == when for c in out) or "rates" not in other:
                continue
            rates = OrderedDict()
            for unit, rate in place_card["rates"].items():
                mine, theirs, usual = (parse(x) for x in (rate, other["rates"].get(unit), plain["rates"].get(unit)))
                if mine is not None and theirs is not None and usual:
                    ratio = theirs / usual
                    clean = ratio == ratio.quantize(Decimal("0.0001"))
                    rates[unit] = show(unit, mine * ratio if clean else None)
            if rates:
                out.append(OrderedDict(when=when, rates=rates, source=f'{place_card["source"]} x {other["source"]}'))
    return out


def is_subset(card, plain):
    """Whether a card for a place says what the plain one says anyway."""
    when = {k: v for k, v in card.get("when", {}).items() if k not in ("geo", "region")}
    return any(c.get("when", {}) == when and c.get("from") == card.get("from") and
               all(c.get("rates", {}).get(u) == r for u, r in card.get("rates", {}).items()) for c in plain)


def rank(key):
    return (0 if key.startswith("regional.") else 1, key)


def place(key):
    """(id without its place, the condition it states or None)."""
    region = REGION.match(key)
    if region:
        return key[region.end():], {"geo": region.group(1)}
    geo = GEO.match(key)
    if geo:
        bare = key[geo.end():]
        return bare, None if geo.group(1) == "regional" else {"geo": geo.group(1)}
    return key, None


def stem(key):
    return re.sub(r"(-v\d+)?(:\d+)?(:\d+k)?$", "", place(key)[0]) if "titan" not in key and "mistral" not in key \
        and "cohere.embed" not in key and "command" not in key and "llama" not in key else place(key)[0]


ZONE = re.compile(r"^(eu|us)/")


def azure(models, source):
    """Azure's data zones: `eu/x` and `us/x` stay names of their own, as LiteLLM's users write them, and the model x is
    told what they cost. The tables round some prices; a tenth more stands for all that is within their rounding."""
    zones = OrderedDict()
    for key in models:
        zone = ZONE.match(key)
        if zone and key[zone.end():] in models:
            zones.setdefault(key[zone.end():], OrderedDict())[zone.group(1)] = standard_rates(models[key])
    for key, rates in zones.items():
        usual = standard_rates(models[key])
        if not usual:
            continue
        tenth = [geo for geo, zoned in rates.items() if all(
            abs(zoned[u] / r - Decimal("1.1")) < Decimal("0.01") for u, r in usual.items() if u in zoned)]
        same = [geo for geo, zoned in rates.items() if all(zoned[u] == r for u, r in usual.items() if u in zoned)]
        for geos, factor in ((tenth, "1.1"), (same, "1")):
            if geos:
                models[key].setdefault("adjustments", []).append(
                    {"when": {"geo": geos if len(geos) > 1 else geos[0]}, "factor": factor, "source": source})
        for geo, zoned in rates.items():
            if geo in tenth or geo in same:
                continue
            cards = [dict(c, when={"geo": geo, **c.get("when", {})}) for c in models[f"{geo}/{key}"]["cards"]
                     if c.get("when", {}).keys() <= {"service_tier"}]
            have = {c["when"].get("service_tier") for c in cards}
            tiers = {c["when"]["service_tier"] for c in models[key]["cards"] if "service_tier" in c.get("when", {})}
            # A tier whose price in the zone is not known has none there.
            cards += [OrderedDict(when={"geo": geo, "service_tier": t}, rates=OrderedDict(input="?", output="?"), source=source)
                      for t in sorted(tiers - have)]
            models[key]["cards"] = models[key]["cards"] + cards


def standard_rates(model):
    """The token prices of a model's standard card in force last."""
    plain = [c for c in model["cards"] if "when" not in c and "rates" in c]
    units = ("input", "output", "cache_read")
    return {u: parse(plain[-1]["rates"][u]) for u in units if parse(plain[-1]["rates"].get(u))} if plain else {}
