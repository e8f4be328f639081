"""genai-prices: its table as a package ships it, and as entries of the compiler.

The table is Python source (`providers: list[Provider] = [...]`). It is read as a tree of literals and never run; the
result has the shape of the JSON that the project publishes as well.
"""
import ast
import re
from collections import OrderedDict
from decimal import Decimal

from units import K, MTOK, dec

UNITS = {
    "input_mtok": "input", "output_mtok": "output", "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write_5m", "cache_write_1h_mtok": "cache_write_1h", "input_audio_mtok": "input_audio",
    "cache_audio_read_mtok": "cache_read_audio", "output_audio_mtok": "output_audio", "input_image_mtok": "input_image",
    "cache_image_read_mtok": "cache_read_image", "output_image_mtok": "output_image", "input_video_mtok": "input_video",
    "output_video_mtok": "output_video", "output_reasoning_mtok": "reasoning", "output_citation_mtok": "citation",
    "web_searches_kcount": "web_searches", "storage_searches_kcount": "file_searches", "requests_kcount": "requests",
    "input_document_kpages": "input_document_pages", "input_annotated_document_kpages": "input_annotated_document_pages",
    "input_audio_hours": "input_audio_seconds", "audio_hours": "input_audio_seconds", "input_mchars": "input_characters",
}
# The circumstances of its variants that we know under another name. "default" only repeats the base.
TIERS = {("processing", "batch"): "batch", ("service_tier", "flex"): "flex", ("service_tier", "priority"): "priority"}


def read(source):
    """The list of providers in the package's data module."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.AnnAssign) and statement.target.id == "providers":
            return literal(statement.value)
    raise ValueError("the data module of genai-prices has no list of providers")


def literal(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [literal(e) for e in node.elts]
    if isinstance(node, ast.Dict):
        return {literal(k): literal(v) for k, v in zip(node.keys, node.values)}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -literal(node.operand)
    if isinstance(node, ast.Attribute):
        return ast.unparse(node)
    if isinstance(node, ast.Call):
        return call(ast.unparse(node.func), node)
    raise ValueError(f"genai-prices has {ast.unparse(node)[:80]} where a literal was expected")


def call(name, node):
    args = [literal(a) for a in node.args]
    if name == "Decimal":
        return Decimal(args[0])
    if name == "datetime.date":
        return "%04d-%02d-%02d" % tuple(args)
    if name == "datetime.time":
        zone = {k.arg: literal(k.value) for k in node.keywords}.get("tzinfo")
        if zone not in (None, "datetime.UTC", "datetime.timezone.utc"):
            raise ValueError(f"genai-prices has a time of day in {zone}")
        return "%02d:%02d" % tuple((args + [0, 0])[:2])
    # Clause, ModelPrice, Tier and so on: all of them are records. "or_" is "or" in the published JSON.
    return {k.arg.rstrip("_"): literal(k.value) for k in node.keywords if not isinstance(k.value, ast.Constant) or
            k.value.value is not None}


def rates_by_threshold(prices):
    """[(threshold text or None, rates)], with the tiers of all units lined up; None for a unit we have no name for."""
    starts = sorted({t["start"] for v in prices.values() if isinstance(v, dict) for t in v["tiers"]})
    out = []
    for start in [None] + starts:
        rates = OrderedDict()
        for key, value in prices.items():
            unit = UNITS.get(key)
            if unit is None:
                return None  # (messages): the whole model is left out.
            if isinstance(value, dict):
                price = value["base"]
                for tier in value["tiers"]:
                    if start is not None and tier["start"] <= start:
                        price = tier["price"]
            else:
                price = value
            if key.endswith("_hours"):
                rates[unit] = (dec(price), 3600)
            else:
                rates[unit] = dec(price) / (MTOK if key.endswith(("mtok", "mchars")) else K)
        out.append((start, rates))
    return out


def bounds(start, end):
    """The prompts of a tier, up to the next one's beginning. Tiers begin above `start`; 199999 means xAI's ">= 200000". 271999 was its reading of OpenAI's contested threshold;
    the other tables, and by now this one too, read "> 272000"."""
    if start is None:
        return None
    if start == 271999:
        return ">272000"
    upper = f" <={end}" if end and end % 1000 != 999 else f" <{end + 1}" if end else ""
    return (f">={start + 1}" if start % 1000 == 999 else f">{start}") + upper


def threshold(start):
    """The number that stands for a tier's beginning, as in the other table."""
    return start and (start + 1 if start % 1000 == 999 else start)


def end_vanished(cards):
    """A long-prompt surcharge that a later price does not have any more ends where that begins."""
    dates = sorted({c["from"] for c in cards if c["from"]})
    for card in cards:
        later = [d for d in dates if d > (card["from"] or "")]
        if later and "time" not in card["when"]:
            successors = [c for c in cards if c["from"] == later[0] and c["when"] == card["when"]]
            if not successors:
                card["until"] = later[0]


def clauses(match, kind):
    found = []
    for key, value in match.items():
        if key == "or":
            for sub in value:
                found += clauses(sub, kind)
        elif key == kind:
            found.append(value)
    return found


def load(table, today):
    """{(provider, model): entry}; `today` decides which of a variant's prices are in force."""
    models = {}
    for provider in table:
        for m in provider["models"]:
            entries = m["prices"] if isinstance(m["prices"], list) else [{"prices": m["prices"]}]
            cards, daily = [], False
            for e in entries:
                constraint = e.get("constraint") or {}
                if "start_time" in constraint:
                    daily = True
                    hours = f'{constraint["start_time"][:5]}-{constraint["end_time"][:5]}'
                    when = {"time": {"zone": "UTC", "hours": [hours]}}
                else:
                    when = {}
                tiers = rates_by_threshold(e["prices"]) if e["prices"] else [(None, {})]
                if tiers is None:
                    cards = None
                    break
                starts = [start for start, _ in tiers] + [None]
                for (start, rates), end in zip(tiers, starts[1:]):
                    card = {"from": constraint.get("start_date"), "when": dict(when), "rates": rates}
                    if start:
                        card["when"]["input_tokens"] = bounds(start, end)
                    cards.append(card)
            if not cards:
                continue
            end_vanished(cards)
            models[(provider["id"], m["id"])] = {
                "cards": cards, "grid": grid(entries, m.get("price_variants") or [], today),
                "speeds": variant_ratios(entries, m.get("price_variants") or [], ("speed", "fast"), today),
                "names": clauses(m["match"], "equals") + clauses(m["match"], "ends_with"),
                "prefixes": clauses(m["match"], "starts_with") + clauses(m["match"], "contains"),
                "patterns": clauses(m["match"], "regex"), "daily": daily}
    return models


def standard(entries, today):
    """The prices in force at a day, apart from hours."""
    found = entries[0]["prices"]
    for e in entries:
        constraint = e.get("constraint") or {}
        if "start_time" not in constraint and constraint.get("start_date", "") <= today:
            found = e["prices"]
    return found


def variant(variants, when, today):
    """The prices that a circumstance overrides today, each from the first variant that has it."""
    found = {}
    for v in variants:
        if v["when"] == dict([when]) and (v.get("constraint") or {}).get("start_date", "") <= today:
            for key, price in v["prices"].items():
                found.setdefault(key, price)
    return found


def grid(entries, variants, today):
    """{(service tier or None, threshold or None): rates} as of today."""
    out = {}
    base = standard(entries, today)
    for tier, prices in [(None, base)] + [(t, variant(variants, when, today)) for when, t in TIERS.items()]:
        for start, rates in rates_by_threshold(prices) or []:
            if rates:
                out[(tier, threshold(start))] = rates
    return out


def variant_ratios(entries, variants, when, today):
    """{unit: factor on the standard price} of a circumstance, for short prompts."""
    special, base = variant(variants, when, today), standard(entries, today)
    fast, usual = (dict(rates_by_threshold(p) or []).get(None, {}) for p in (special, base))
    return {u: r / usual[u] for u, r in fast.items() if usual.get(u) and not isinstance(r, tuple)}
