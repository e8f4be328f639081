#!/usr/bin/env python3
"""What is different between two catalogs, for the eye of who decides whether it may ship.

    changes.py OLD NEW [--all]

Prints models that are new, whose price of today is another, or whose history or factors changed. Without --all, new models
are counted and named only.
"""
import argparse
import collections
import json
from pathlib import Path

from history import condition, same, state_at, timeline


def text(card):
    rates = card.get("rates")
    return "free" if rates is None else " ".join(f"{u}={r}" for u, r in rates.items())


def changed(old, new, at):
    """Lines about one model that both have: what a call of today costs another than before, or None of the kind."""
    lines = []
    before, now = state_at(timeline(old["cards"]), at), state_at(timeline(new["cards"]), at)
    for key in sorted(before.keys() | now.keys()):
        a, b = before.get(key), now.get(key)
        if a is None or b is None or not same(a, b):
            rates = [c.get("rates", {}) if c else {} for c in (a, b)]
            units = [u for u in {**rates[0], **rates[1]} if rates[0].get(u) != rates[1].get(u)]
            what = ", ".join(f"{u} {rates[0].get(u, '-')} -> {rates[1].get(u, '-')}" for u in units) or f"{a and text(a)} -> {b and text(b)}"
            since = f" (since {b['from']})" if b and "from" in b else ""
            lines.append(f"{'' if key == '{}' else key + ' '}{what}{since}")
    return lines


def facts(model):
    return [(condition(c), c.get("from"), c.get("until"), c.get("rates")) for c in model["cards"]]


def compare(old, new, at):
    """{"new": …, "changed": …, "history": …, "factors": …, "gone": …}: lists of (model, lines)."""
    found = collections.defaultdict(list)
    for provider in old["providers"].keys() | new["providers"].keys():
        before = old["providers"].get(provider, {}).get("models", {})
        now = new["providers"].get(provider, {}).get("models", {})
        for key in before.keys() | now.keys():
            name = f"{provider}/{key}"
            if key not in before:
                found["new"].append((name, [text(now[key]["cards"][-1])]))
            elif key not in now:
                found["gone"].append((name, []))
            else:
                lines = changed(before[key], now[key], at)
                if lines:
                    standard = any(not line.startswith("{") and "-" not in line.split(" ")[1:2] for line in lines)
                    found["changed" if standard else "more"].append((name, lines))
                elif facts(before[key]) != facts(now[key]):
                    found["history"].append((name, [f"{len(before[key]['cards'])} -> {len(now[key]['cards'])} cards"]))
                if before[key].get("adjustments") != now[key].get("adjustments"):
                    found["factors"].append((name, [json.dumps(now[key].get("adjustments"))]))
    return {kind: sorted(models) for kind, models in found.items()}


TITLES = {"new": "new models", "gone": "models that are not in it any more", "changed": "another price today",
          "more": "more is known, at the same price", "history": "another past or future", "factors": "other factors"}


def report(old, new, at, whole=False):
    found = compare(old, new, at)
    lines = [f"catalog {old['version']} -> {new['version']}: " +
             ", ".join(f"{len(found.get(kind, []))} {title}" for kind, title in TITLES.items())]
    for kind, title in TITLES.items():
        if kind == "new" and not whole:
            sellers = collections.Counter(name.split("/")[0] for name, _ in found.get(kind, []))
            lines.append("\nnew models by seller: " + ", ".join(f"{s} {n}" for s, n in sellers.most_common()))
        elif found.get(kind):
            lines.append(f"\n{title}:")
            lines += [f"  {name}: {'; '.join(what)}" for name, what in found[kind]]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--all", action="store_true", help="name every new model with its price")
    options = parser.parse_args()
    old, new = (json.loads(Path(f).read_text()) for f in (options.old, options.new))
    print(report(old, new, new["version"], options.all))


if __name__ == "__main__":
    main()
