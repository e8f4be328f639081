#!/usr/bin/env python3
"""Prices, with the product, every model on which today's two tables agree, and lists what comes out otherwise.

    agreement.py TABLES JAR [--at TIME]

A model counts where genai-prices and LiteLLM have it under one name at one seller, with the same input, output, cache
read and cache write price wherever both give one. Each such price is asked for by itself, of the command `price` in the
jar. At least 99 of 100 models must be priced as the tables say; the exit code is 1 below that.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import genai_table
import litellm_table
from compile import HERE, read
from units import MTOK, denoise

UNITS = {"input": "input_tokens", "output": "output_tokens", "cache_read": "cache_read_tokens", "cache_write_5m": "cache_write_5m_tokens"}


def sellers():
    """[(our id, genai-prices' ids, LiteLLM's ids, prefixes that LiteLLM puts before a name)]"""
    for id_, provider in json.loads((HERE / "providers.json").read_text()).items():
        tables = provider["tables"]
        if tables["genai"] and tables["litellm"]:
            yield id_, tables["genai"], tables["litellm"], tables["strip"]


def agreed(genai, litellm, today):
    """[(seller, model, {unit: rate})] on which the tables agree today."""
    out = []
    for seller, owners, others, strip in sellers():
        theirs = {}
        for (owner, key), entry in litellm.items():
            if owner in others:
                name = next((key[len(p):] for p in strip if key.lower().startswith(p)), key)
                theirs.setdefault(name.lower(), []).append(entry["grid"].get((None, None), {}))
        for (owner, key), entry in genai.items():
            match = next((spec for spec in owners if spec.partition(":")[0] == owner and key.startswith(spec.partition(":")[2])), None)
            standard = entry["grid"].get((None, None), {})
            for other in theirs.get(key.lower(), []) if match else []:
                both = {u: standard[u] for u in UNITS if u in standard and u in other and not isinstance(standard[u], tuple)}
                if both.get("input") and both.get("output") is not None and all(denoise(r) == other[u] for u, r in both.items()):
                    out.append((seller, key, both))
    return out


def asked(jar, models, at):
    """[{unit: rate or None}]: what one token of each unit costs, all in one JVM."""
    vectors, calls = [], []
    for i, (seller, model, rates) in enumerate(models):
        for unit in rates:
            usage = {"input_tokens": 1000 if unit != "output" else 0, "output_tokens": 1000 if unit == "output" else 0}
            if unit.startswith("cache"):
                usage[UNITS[unit]] = 1000
            vectors.append({"id": f"call-{len(calls)}", "provider": seller, "model": model, "usage": usage, "usage_semantics": "inclusive",
                            "conditions": {"at": at}, "expected": {"status": "asked", "total_usd": None,
                                                                   "line_items": [{"bucket": unit, "quantity": "1000", "amount_usd": "1"}]}})
            calls.append((i, unit))
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "calls.json")
        file.write_text(json.dumps({"schema": "llm-cost-vectors/1", "vectors": vectors}))
        text = subprocess.run(["java", "-jar", jar, "price", "--vectors", str(file)], capture_output=True, text=True).stdout
    answers = [{} for _ in models]
    for line in text.splitlines():
        head, _, rest = line.partition(": expected ")
        if head.startswith("call-"):
            i, unit = calls[int(head[5:])]
            words = rest.partition(", got ")[2].split()
            total = words[1] if len(words) > 1 and words[0] in ("priced", "free") else None
            answers[i][unit] = Decimal(total) / 1000 if total else words[0]
    if sum(map(len, answers)) != len(calls):
        sys.exit(f"{len(calls)} questions, {sum(map(len, answers))} answers: {text[-300:]}")
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables")
    parser.add_argument("jar")
    parser.add_argument("--at", help="default: noon of the day of the newest table")
    options = parser.parse_args()
    facts = read(Path(options.tables, "facts.json"))
    today = max(f["date"] for f in facts.values())
    genai = genai_table.load(read(Path(options.tables, "genai-prices.json")), today)
    litellm = litellm_table.load(read(Path(options.tables, "litellm.json")))
    models = agreed(genai, litellm, today)
    decisions = json.loads((HERE / "decisions.json").read_text())
    same, lines = 0, []
    for (seller, model, rates), found in zip(models, asked(options.jar, models, options.at or today + "T12:00:00Z")):
        wrong = {u for u, r in rates.items() if not isinstance(found[u], Decimal) or abs(found[u] - r) > r * Decimal("1e-9")}
        same += not wrong
        if wrong:
            reason = decisions["models"].get(f"{seller}/{model}", decisions["providers"].get(seller, {})).get("reason", "NOT DECIDED")
            lines.append(f"  {seller}/{model}: " + ", ".join(
                f"{u} {(rates[u] * MTOK).normalize():f}, ours {found[u] if isinstance(found[u], str) else format((found[u] * MTOK).normalize(), 'f')}"
                for u in sorted(wrong)) + f": {reason}")
    print(f"{', '.join(n + ' ' + f['version'] for n, f in facts.items())}: they agree on {len(models)} models, "
          f"{same} are priced the same ({100 * same / len(models):.1f} %)")
    print("\n".join(sorted(lines)))
    sys.exit(same < 0.99 * len(models))


if __name__ == "__main__":
    main()
