#!/usr/bin/env python3
"""Writes docs/price-comparison.md: what the shipped catalog and nine published tables say of forty much-used models.

    comparison.py COMPARISON_JSON > ../../docs/price-comparison.md

COMPARISON_JSON lists [model, provider, {table: [input, output, cache read, cache write]}] in US dollars per million
tokens. Each table that differs must be explained, by the catalog's own history or by a decision, or this fails. A test
of the default build holds our column against the shipped catalog.
"""
import json
import re
import sys
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
AT = "2026-11-22"
PROVIDERS = {"google": "gcp.gemini", "x-ai": "x_ai", "mistral": "mistral_ai"}
TABLES = {"LiteLLM": ("LiteLLM", "2026-07-24"), "genai": ("genai-prices", "2026-09-23"), "Langfuse": ("Langfuse", "2026-08-20"),
          "Portkey": ("Portkey", "2026-08-21"), "modelsdev": ("models.dev", "2026-07-02"), "Phoenix": ("Phoenix", "2026-08-21"),
          "OpenLIT": ("OpenLIT", "2026-07-21"), "simonw": ("simonw/llm-prices", "2026-08-05"),
          "tokencost": ("tokencost", "2025-08-31")}
UNITS = ["input", "output", "cache_read", "cache_write_5m"]
WORDS = ["input", "output", "cache reads", "cache writes"]


def per_million(rate):
    return None if rate is None else Decimal(rate.removesuffix("/M")) if rate.endswith("/M") else Decimal(rate) * 1000000


def figures(card):
    return [per_million(card["rates"].get(unit)) for unit in UNITS]


def show(values):
    return "/".join("·" if v is None else f"{v.normalize():f}" for v in values)


def same(theirs, ours):
    """A figure that either does not have is no contradiction, nor is a zero for what is not charged for."""
    return all(t is None or o is None and t == 0 or t == o for t, o in zip(theirs, ours))


def why(table, theirs, ours, cards, newer_agree, decision):
    """Why a table's prices differ from ours, with "{}" for those that do so, or None."""
    name, date = TABLES[table]
    for card in cards:
        if same(theirs[:2], figures(card)[:2]) and figures(card)[:2] != ours[:2]:
            if "withdrawn" in card:
                return "{}: an announced price that was withdrawn"
            if card.get("from", "") > AT:
                return "{}: the price from " + card["from"][:10] + " on"
            successors = [c["from"][:10] for c in cards if c.get("from", "") > card.get("from", "")]
            return "{}: the price before " + min(successors) if successors else None
    differ = [i for i, (t, o) in enumerate(zip(theirs, ours)) if not same([t], [o])]
    if differ == [3] and ours[3] is None:
        return "{}: a price for cache writes, which this provider does not charge for"
    if decision:
        return "{}: " + decision["reason"]
    if newer_agree >= 2:
        return "{}: older than " + str(newer_agree) + " tables that have our price for " + " and ".join(WORDS[i] for i in differ)
    return None


def main():
    rows = json.loads(Path(sys.argv[1]).read_text(), parse_float=Decimal, parse_int=Decimal)
    catalog = json.loads((HERE / "../src/main/resources/dev/tallyspan/pricing/catalog.json").read_text())
    decisions = json.loads((HERE / "decisions.json").read_text())["models"]
    lines, unexplained, agreed = [], [], 0
    for model, seller, tables in rows:
        provider = PROVIDERS.get(seller, seller)
        models = catalog["providers"][provider]["models"]
        names = (model, re.sub(r"-\d{8}$", "", model))
        id_ = next(k for k, m in models.items() for name in names if name in (k, *m.get("aliases", [])))
        cards = [c for c in models[id_]["cards"] if "when" not in c]
        current = [c for c in cards if c.get("from", "")[:10] <= AT and "withdrawn" not in c][-1]
        ours = figures(current)
        decision = decisions.get(f"{provider}/{id_}")
        if decision and not {"cards", "base", "agreed"} & decision.keys():
            decision = None  # It is about names or withdrawn prices.
        cells, reasons = [], {}
        for table, (name, date) in TABLES.items():
            theirs = tables.get(table)
            if theirs is None:
                cells.append("—")
            elif same(theirs, ours):
                cells.append("=")
            else:
                cells.append(show(theirs))
                agree = sum(1 for t, v in tables.items() if v and TABLES[t][1] > date and same(v, ours) and v[2:] != [None, None])
                reason = why(table, theirs, ours, cards, agree, decision)
                if reason is None:
                    unexplained.append(f"{provider}/{model}: {name} {show(theirs)}, ours {show(ours)}")
                else:
                    reasons.setdefault(reason, []).append(name)
        agreed += not reasons
        texts = [reason.format(", ".join(names)) for reason, names in reasons.items()]
        more = [c for c in models[id_]["cards"] if "time" in c.get("when", {}) and c.get("until") is None]
        if more:
            texts.append("ours is the price outside peak hours; during peak hours it is " + show(figures(more[-1])))
        lines.append(f"| `{provider}/{model}` | {show(ours)} | {' | '.join(cells)} | {'; '.join(texts) or 'all agree'} |")
    if unexplained:
        sys.exit("unexplained:\n" + "\n".join(unexplained))
    heads = " | ".join(f"{name} {date}" for name, date in TABLES.values())
    print(f"""# Forty models in ten tables

This page compares Tallyspan's prices of forty much-used models with nine published tables, and explains every difference.

Prices are in US dollars per million tokens, as `input/output/cache read/cache write`, for the standard tier and short prompts. Tallyspan's
prices are those of the shipped catalog (version {catalog["version"]}) on {AT}. `·` means that there is no separate price, `=` that no figure
differs from Tallyspan's, and `—` that the table does not have the model. Each table has the date in its column heading and states a fact
about that day. {agreed} of {len(rows)} models are uncontested.

The page is generated by `pricing/catalog/comparison.py`, which fails if a table differs and neither the catalog's history nor a decision
explains why.

| model | Tallyspan | {heads} | reason |
|---|---|{"---|" * len(TABLES)}---|
""" + "\n".join(lines))


if __name__ == "__main__":
    main()
