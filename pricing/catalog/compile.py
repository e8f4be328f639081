#!/usr/bin/env python3
"""Compiles the shipped catalog from today's tables and the catalog of yesterday.

    compile.py TABLES [PREVIOUS] > NEW

TABLES is a directory that packages.py filled. PREVIOUS is the shipped catalog unless given. The result follows from
these, providers.json and decisions.json alone; compiled again with itself as PREVIOUS it is the same.
"""
import json
import re
import sys
from collections import OrderedDict
from decimal import Decimal
from pathlib import Path

import history
from choose import Chooser

HERE = Path(__file__).parent
RANGE = re.compile(r"-(gt|lte)-\d+k$")  # Ids that a table made up for the ranges of a model's prompts.
SHIPPED = HERE / "../src/main/resources/dev/tallyspan/pricing/catalog.json"


def read(file):
    return json.loads(Path(file).read_text(), parse_float=Decimal, parse_int=Decimal)


def compiled(directory, previous):
    """Returns (providers of the new catalog, its version, the chooser with what it noted)."""
    facts = read(Path(directory, "facts.json"))
    version = max(f["date"] for f in facts.values())
    chooser = Chooser(read(Path(directory, "genai-prices.json")), read(Path(directory, "litellm.json")), facts, previous, version)
    now = chooser.run()
    for provider, definition in now.items():
        before = previous["providers"].get(provider, {}).get("models", {})
        definition["models"] = joined(provider, before, definition["models"], chooser, facts)
    return now, version, chooser


def joined(provider, before, now, chooser, facts):
    """The models of a provider: those of the tables with their history, and those that the tables have no more."""
    decisions = chooser.decisions["models"]
    now = keep_ids(before, now, {name: key for (owner, name), key in chooser.folds.items() if owner == provider})
    out = {}
    for key in sorted(before.keys() | now.keys()):
        decision = decisions.get(f"{provider}/{key}", {})
        if decision.get("drop") or (provider, key) in chooser.deferred or RANGE.search(key) and key not in now:
            continue
        old, new = before.get(key), now.get(key)
        if old is None or new is None:
            out[key] = new or old
            if new:
                new["cards"] = new["cards"] if "cards" in decision else history.merged([], new["cards"], None)
                if "adjustments" in new:
                    new["adjustments"] = factors([], new["adjustments"], None)
        else:
            whole = "cards" in decision or "corrected" in decision
            out[key] = model(old, new, date(new, facts), whole, set(decision.get("without", [])))
    claim_names(out, now)
    return out


def keep_ids(before, now, folds):
    """A model keeps the id that it had: a table that calls it otherwise gave it another name. A name that moved to
    another model is one whose price changed, and stays a model with a history. `folds`: ids of the tables that were
    taken for another spelling of a model."""
    now = dict(now)
    owners = {name: key for name, key in folds.items() if key in now}
    owners.update({a: key for key, m in now.items() for a in m.get("aliases", [])})
    for key, old in before.items():
        owner = owners.get(key.lower())
        if key in now or owner is None:
            continue
        new = dict(now[owner])
        if owner.lower() in old.get("aliases", []) and owner not in before:
            del now[owner]
            new["aliases"] = sorted({owner.lower(), *new.get("aliases", [])} - {key.lower()})
        else:
            now[owner] = dict(now[owner], aliases=[a for a in new.get("aliases", []) if a != key.lower()])
            new = {f: v for f, v in new.items() if f not in ("aliases", "prefixes", "patterns")}
        now[key] = new
    return now


def date(model, facts):
    """The date of the table that a model's standard price is from."""
    source = next((c["source"] for c in reversed(model["cards"]) if "when" not in c), model["cards"][-1]["source"])
    return next((f["date"] for name, f in facts.items() if f"{name}@{f['version']}" in source),
                max(f["date"] for f in facts.values()))


def model(old, new, at, whole, without):
    """One model as it was and as it is. `whole`: the new cards are the decided truth about the past too; `without`: names
    that are not its own."""
    joined = dict(new)
    joined["cards"] = new["cards"] if whole else history.merged(old["cards"], new["cards"], at)
    for names in ("aliases", "prefixes", "patterns"):
        more = new.get(names, []) + [n for n in old.get(names, []) if n not in new.get(names, []) and n not in without]
        if more:
            joined[names] = sorted(more) if names != "patterns" else more
    adjustments = new.get("adjustments", []) if whole else factors(old.get("adjustments", []), new.get("adjustments", []), at)
    if adjustments:
        joined["adjustments"] = adjustments
    return joined


def factors(old, new, at):
    """Adjustments with their history: a factor that differs holds from the day of its table on."""
    before, now = single(old), single(new)
    for key, adjustment in now.items():
        same = [a for k, a in before.items() if k[0] == key[0] and "until" not in a]
        if any(a["factor"] != adjustment["factor"] for a in same):
            before.update((k, {**a, "until": at}) for k, a in list(before.items()) if a in same)
            before[key[0], at] = {"from": at, **adjustment}
        elif not same:
            before[key] = adjustment
    return together(before.values())


def single(adjustments):
    """{(one place or speed, begin): adjustment}, lists of places taken apart."""
    out = OrderedDict()
    for a in adjustments:
        (dimension, values), = a["when"].items()
        for value in [values] if isinstance(values, str) else values:
            out[(dimension, value), a.get("from")] = {**a, "when": {dimension: value}}
    return out


def together(adjustments):
    """Adjustments of one factor and time as one."""
    out = []
    for a in adjustments:
        (dimension, value), = a["when"].items()
        for b in out:
            if dimension in b["when"] and all(a.get(f) == b.get(f) for f in ("factor", "from", "until")):
                b["when"][dimension].append(value)
                break
        else:
            out.append({**a, "when": {dimension: [value]}})
    for b in out:
        (dimension, values), = b["when"].items()
        b["when"] = {dimension: values[0] if len(values) == 1 else sorted(values)}
    return out


def claim_names(models, now):
    """One name, one model: an id first, then what today's tables say, then who had it."""
    taken = {key.lower(): key for key in models}
    for key in list(models):
        if taken[key.lower()] != key:
            del models[key]  # Two spellings of one id.
    prefixes = {}
    for fresh in (True, False):
        for key, model in models.items():
            for field, owners in (("aliases", taken), ("prefixes", prefixes)):
                for name in model.get(field, []):
                    if (name in now.get(key, {}).get(field, [])) == fresh:
                        owners.setdefault(name, key)
    for key, model in models.items():
        for field, owners in (("aliases", taken), ("prefixes", prefixes)):
            if field in model:
                model[field] = [n for n in model[field] if owners[n] == key]
                if not model[field]:
                    del model[field]


ADJUSTMENT = ["from", "until", "when", "factor", "source"]
FIELDS = ["aliases", "prefixes", "patterns", "dated", "cards", "adjustments", "prices_by", "unadjusted"]
CARD = ["from", "until", "recorded", "withdrawn", "when", "minimum", "read_as", "rates", "free", "source", "note"]


def ordered(members, order):
    return OrderedDict((k, members[k]) for k in order if k in members)


def written(providers, version):
    """The catalog as text: a line for each model, so that a change of price is a change of one line."""
    blocks = []
    for id_, provider in providers.items():
        head = json.dumps({k: v for k, v in provider.items() if k != "models"})[:-1]
        lines = []
        for key, m in provider["models"].items():
            cards = [ordered(c, CARD) for c in m["cards"]]
            whole = {**m, "cards": cards}
            if "adjustments" in m:
                whole["adjustments"] = [ordered(a, ADJUSTMENT) for a in m["adjustments"]]
            lines.append(f"  {json.dumps(key)}: {json.dumps(ordered(whole, FIELDS))}")
        models = ",\n".join(lines)
        blocks.append(f' {json.dumps(id_)}: {head}{", " if len(head) > 1 else ""}"models": {{\n{models}\n }}}}')
    return '{"format": "tallyspan-prices/1", "version": "%s", "currency": "USD", "providers": {\n' % version \
        + ",\n".join(blocks) + "\n}}\n"


def main():
    previous = json.loads(Path(sys.argv[2] if len(sys.argv) > 2 else SHIPPED).read_text())
    providers, version, chooser = compiled(sys.argv[1], previous)
    sys.stdout.write(written(providers, version))
    for line in chooser.report:
        print("decided:", line, file=sys.stderr)


if __name__ == "__main__":
    main()
