#!/usr/bin/env python3
"""Compares Tallyspan's prices with those of LiteLLM and of genai-prices on random calls.

    python3 -m venv venv && venv/bin/pip install litellm genai-prices
    venv/bin/python packages.py TABLES && venv/bin/python differential.py TABLES TALLYSPAN_JAR [--calls 10000] [--seed 1]

The other side of each comparison is the package itself, at its newest version, given its own table. The package's sum is also worked out here unit by unit, from its published rules, and must come to the same: that is how it is known
at which rate it billed each token. Where a unit of a call then costs something else with us, one of RULES must say
why, and each rule is checked against the tables before it is accepted. A difference that none explains is printed, and
the exit code is 1.
"""
import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings
from datetime import datetime, timezone
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).parent))
import history  # noqa: E402
from compile import HERE, SHIPPED  # noqa: E402
from genai_table import TIERS, clauses  # noqa: E402
from units import MTOK, denoise, parse, show  # noqa: E402

# Why one of them bills a unit at another rate than we do. Which of these applies is read off how it found its rate; it
# is accepted only if our rate is found in a table or a decision too (Tables.origin).
RULES = {
    "own": ("other-table", "The tables give different prices for the unit; the catalog has the one that its order of tables prefers."),
    "earlier": ("price-of-then", "Its table has the price of today and not since when; ours is the one that the tables had before, for "
                                 "calls of before it changed."),
    "rounded": ("rounded", "Its table rounds; ours is the more precise price of an earlier table or of the other one."),
    "decided": ("decision", "The tables contradict each other or cannot say it (weekdays, a moved alias, prices of a reseller that follow "
                            "its hosts); decisions.json says which price holds, and why."),
    "standard tier": ("tier-as-standard", "Its table has no price for the unit in the service tier of the call, and it bills the standard "
                                          "one. Ours is another table's for the tier, or the price is partial or unpriced."),
    "short prompt": ("long-as-short", "Its table has no price for the unit in long prompts, and it bills that of short ones."),
    "as fresh": ("no-cache-price", "Its table has no price for cached or written tokens, and it bills them as fresh ones. Ours is another "
                                   "table's price for them, or for fresh ones."),
    "as five minutes": ("no-hour-price", "Its table has no price for an hour in the cache, and it bills the default lifetime."),
    "as text": ("no-audio-price", "Its table has no price for audio in the tier, and it bills text."),
    "repeated": ("tier-repeats-standard", "Its table repeats the standard price as that of the tier. Ours is another table's, or unpriced."),
    "absent": ("no-price", "Its table has no price for the unit at all, and it bills nothing."),
    "guessed share": ("cache-share-guessed", "Its table has no price for cached tokens at Fireworks, and it bills half of the input price."),
    "last range": ("above-last-range", "The prompt is longer than the last published range; it bills that range, ours is unpriced."),
    "half": ("batch-guessed", "Its table has no batch price, and it bills half of the standard one. Ours is another table's, or unpriced."),
    "batch as fresh": ("batch-cache-as-fresh", "Its table has no batch price for cached or written tokens, and it bills them as fresh "
                                               "ones. Ours is another table's, half of the standard one at Anthropic, or partial."),
    "batch as standard": ("batch-cache-as-standard", "Its table has no batch price for cached tokens, and it bills the standard one. Ours is "
                                                     "another table's, as fresh ones at OpenAI, half at Anthropic, or partial."),
    "batch as five minutes": ("batch-hour-as-default", "It bills an hour in the cache as the default lifetime in batches."),
    "batch as output": ("batch-reasoning", "It bills reasoning as output in batches, ours is the price of reasoning."),
}
UNITS = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "input_audio", "output", "reasoning"]
FIELDS = {"input": "input_cost_per_token", "output": "output_cost_per_token", "cache_read": "cache_read_input_token_cost",
          "cache_write_5m": "cache_creation_input_token_cost",
          "cache_write_1h": "cache_creation_input_token_cost_above_1hr", "input_audio": "input_cost_per_audio_token",
          "reasoning": "output_cost_per_reasoning_token"}
GENAI = {"input": "input_mtok", "output": "output_mtok", "cache_read": "cache_read_mtok",
         "cache_write_5m": "cache_write_mtok", "cache_write_1h": "cache_write_1h_mtok", "input_audio": "input_audio_mtok",
         "reasoning": "output_reasoning_mtok"}
GENERAL = {"cache_read": "input", "cache_write_5m": "input", "cache_write_1h": "cache_write_5m", "input_audio": "input",
           "reasoning": "output"}


def number(value):
    return denoise(Decimal(repr(value))) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


# --- the calls ------------------------------------------------------------------------------------------

def random_call(rng, audio):
    """Counts of one call, each token in one unit; half of the prompts are short, some exactly at a threshold."""
    total = rng.choice([rng.randint(1, 4000), rng.randint(1, 130_000), rng.randint(120_000, 400_000),
                        rng.choice([32_000, 128_000, 200_000, 256_000, 272_000, 512_000]) + rng.randint(-1, 1)])
    rest, units = total, collections.OrderedDict()
    for unit, chance in (("cache_read", 0.5), ("cache_write_5m", 0.3), ("cache_write_1h", 0.15),
                         ("input_audio", 0.2 if audio else 0)):
        if rng.random() < chance:
            units[unit] = rng.randint(0, rest)
            rest -= units[unit]
    units["input"] = rest
    output = rng.randint(0, 20_000)
    if rng.random() < 0.4:
        units["reasoning"] = rng.randint(0, output)
        output -= units["reasoning"]
    units["output"] = output
    return {u: n for u, n in units.items() if n}


def reported(units):
    """The counts as spans have them: totals that contain their parts."""
    usage = {"input_tokens": prompt(units), "output_tokens": units.get("output", 0) + units.get("reasoning", 0)}
    for unit, name in (("cache_read", "cache_read_tokens"), ("cache_write_5m", "cache_write_5m_tokens"),
                       ("cache_write_1h", "cache_write_1h_tokens"), ("input_audio", "input_audio_tokens"),
                       ("reasoning", "output_reasoning_tokens")):
        if unit in units:
            usage[name] = units[unit]
    return usage


def prompt(units):
    return sum(n for u, n in units.items() if u not in ("output", "reasoning"))


def ours(jar, calls):
    """[(status, {unit: amount})], all in one JVM."""
    vectors = []
    for i, call in enumerate(calls):
        conditions = {"at": call["at"], **call["when"]}
        lines = [{"bucket": u, "quantity": str(n), "amount_usd": "1"} for u, n in call["units"].items()]
        vectors.append({"id": f"call-{i}", "provider": call["provider"], "model": call["model"],
                        "usage": reported(call["units"]), "usage_semantics": "inclusive", "conditions": conditions,
                        "expected": {"status": "asked", "total_usd": None, "line_items": lines}})
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "calls.json")
        file.write_text(json.dumps({"schema": "llm-cost-vectors/1", "vectors": vectors}))
        out = subprocess.run(["java", "-jar", jar, "price", "--vectors", str(file)], capture_output=True, text=True).stdout
    answers = {}
    for line in out.splitlines():
        found = re.match(r"call-(\d+): expected .*?, got (\w+)(.*)", line)
        if found:
            amounts = {u: Decimal(a) for u, a in re.findall(r"(\w+)=[\d.]+:([\d.]+)", found.group(3))}
            answers[int(found.group(1))] = (found.group(2), amounts)
    if len(answers) != len(calls):
        sys.exit(f"{len(calls)} calls, {len(answers)} answers; the command said: {out[-500:]}")
    return [answers[i] for i in range(len(calls))]


# --- LiteLLM ------------------------------------------------------------------------------------------------

class LiteLlm:
    NAME, TABLE = "LiteLLM", "litellm"

    def __init__(self, tables, facts):
        self.AT = facts["litellm"]["date"] + "T12:00:00Z"
        from litellm.cost_calculator import batch_cost_calculator
        from litellm.litellm_core_utils.llm_cost_calc.utils import generic_cost_per_token
        from litellm.llms.fireworks_ai.cache_pricing import FIREWORKS_AI_DEFAULT_CACHE_READ_RATE_RATIO
        self.fireworks = FIREWORKS_AI_DEFAULT_CACHE_READ_RATE_RATIO
        from litellm.litellm_core_utils.llm_cost_calc import utils as calculation
        self.generic, self.batch = generic_cost_per_token, batch_cost_calculator
        self.entries = json.loads(Path(tables, "litellm.json").read_text())
        # It asks the clock whether rates by the hour hold; here the time of the calls does.
        moment, by_clock = datetime.fromisoformat(self.AT.replace("Z", "+00:00")), calculation._is_off_peak
        calculation._is_off_peak = lambda off_peak, current_time=None: by_clock(off_peak, moment)
        self.then = {key: entry | (entry.get("off_peak_pricing") or {})
                     if isinstance(entry, dict) and by_clock(entry.get("off_peak_pricing") or {}, moment) else entry
                     for key, entry in self.entries.items()}
        self.version = version("litellm")

    def models(self, catalog):
        for key, entry in self.entries.items():
            if not isinstance(entry, dict) or entry.get("mode") not in ("chat", "responses", "completion"):
                continue
            found = catalog.find("litellm", entry.get("litellm_provider"), key)
            if found and (entry.get("input_cost_per_token") or entry.get("tiered_pricing")):
                yield (*found, key)

    def conditions(self, rng, provider, key):
        tiers = {"flex": "_flex", "priority": "_priority", "batch": "_batches"}
        priced = [t for t, suffix in tiers.items() if "input_cost_per_token" + suffix in self.entries[key]]
        when = {}
        if priced and rng.random() < 0.6:
            when = {"service_tier": rng.choice(priced)}
        elif rng.random() < 0.05:
            when = {"service_tier": rng.choice(list(tiers))}
        if provider == "openai" and rng.random() < 0.2:
            when["data_residency"] = "eu"
        return when

    def price(self, key, units, when, at):
        from litellm.types.utils import (CacheCreationTokenDetails, CompletionTokensDetailsWrapper,
                                         PromptTokensDetailsWrapper, Usage)
        entry = self.entries[key]
        write = units.get("cache_write_5m", 0) + units.get("cache_write_1h", 0)
        details = {"cached_tokens": units.get("cache_read", 0), "audio_tokens": units.get("input_audio", 0)}
        if write:
            details["cache_creation_tokens"] = write
            details["cache_creation_token_details"] = CacheCreationTokenDetails(
                ephemeral_5m_input_tokens=units.get("cache_write_5m", 0),
                ephemeral_1h_input_tokens=units.get("cache_write_1h", 0))
        completion = units.get("output", 0) + units.get("reasoning", 0)
        usage = Usage(prompt_tokens=prompt(units), completion_tokens=completion, total_tokens=prompt(units) + completion,
                      prompt_tokens_details=PromptTokensDetailsWrapper(**details),
                      completion_tokens_details=CompletionTokensDetailsWrapper(reasoning_tokens=units.get("reasoning", 0)))
        provider = entry["litellm_provider"]
        tier = when.get("service_tier")
        if tier == "batch":
            # Any provider that exists: the rates are given.
            return sum(self.batch(usage, key, custom_llm_provider="openai" if provider != "xai" else "xai", model_info=dict(entry),
                                  data_residency=when.get("data_residency")))
        return sum(self.generic(key, usage, provider, service_tier=tier, data_residency=when.get("data_residency"),
                                model_info=dict(entry)))

    def rates(self, key, units, when, at):
        """{unit: (rate, how it was found)} by LiteLLM's rules."""
        tier, total = when.get("service_tier"), prompt(units)
        entry = (self.entries if tier == "batch" else self.then)[key]  # Batches know no hours.
        found = self.batch_rates(entry, total) if tier == "batch" else self.tier_rates(entry, tier, total)
        uplift = number(entry.get("regional_processing_uplift_multiplier_" + when.get("data_residency", "none"))) or 1
        return {u: (None if r is None else r * uplift, how) for u, (r, how) in found.items()}

    def exceeded(self, entry, suffix, total):
        inclusive = entry["litellm_provider"] == "xai"
        found = set()
        for field in entry:
            m = re.match(r"(input_cost_per_token|output_cost_per_token|cache_read_input_token_cost"
                         r"|cache_creation_input_token_cost)(?:_above_1hr)?_above_(\d+)(k?)_tokens(_\w+)?$", field)
            if m and m.group(4) in (None, *suffix) and number(entry[field]) is not None:
                limit = int(m.group(2)) * (1000 if m.group(3) else 1)
                if total > limit or inclusive and total == limit:
                    found.add((limit, m.group(2) + m.group(3)))
        return [text for _, text in sorted(found)]

    def tier_rates(self, entry, tier, total):
        ranges = [t for t in entry.get("tiered_pricing") or [] if len(t.get("range", [])) == 2]
        if ranges and total:
            return self.range_rates(entry, sorted(ranges, key=lambda t: t["range"][0]), tier, total)
        suffix = "_" + tier if tier else ""

        def get(field, default):
            for name, how in ((field + suffix, "own"), (field, "standard tier" if tier else "own")):
                if number(entry.get(name)) is not None:
                    return number(entry[name]), how
            return default
        rates = {u: get(FIELDS[u], (None, "absent")) for u in ("input", "output", "cache_read", "cache_write_5m")}
        repeated = repeats_standard(entry, suffix)
        rates["cache_write_1h"] = (number(entry.get(FIELDS["cache_write_1h"])),
                                   "standard tier" if tier and entry.get(FIELDS["cache_write_1h"]) else "own")
        for limit in self.exceeded(entry, [suffix] if suffix else [], total):
            for unit in rates:
                before = rates[unit]
                if unit == "cache_write_1h" and tier:  # It looks for the tier's price of long prompts, then for the short one's.
                    found = number(entry.get(FIELDS[unit] + f"_above_{limit}_tokens" + suffix))
                    rates[unit] = (found, "own") if found is not None else (before[0], "short prompt" if before[0] is not None else before[1])
                    continue
                rates[unit] = get(FIELDS[unit] + f"_above_{limit}_tokens",
                                  (before[0], "short prompt" if before[0] is not None else before[1]))
        for unit in ("input", "output"):
            if rates[unit][0] is None:
                rates[unit] = (Decimal(0), "absent")
        if rates["cache_read"][0] is None and entry["litellm_provider"] == "fireworks_ai":
            rates["cache_read"] = (number(entry["input_cost_per_token"]) * number(self.fireworks), "guessed share")
        for unit in ("cache_read", "cache_write_5m"):
            if rates[unit][0] is None:
                rates[unit] = (rates["input"][0], "as fresh")
        if rates["cache_write_1h"][0] is None:
            rates["cache_write_1h"] = (rates["cache_write_5m"][0], "as five minutes")
        audio = [(number(entry.get(FIELDS["input_audio"] + s)), h) for s, h in ((suffix, "own"), ("", "standard tier"))]
        rates["input_audio"] = next((a for a in audio if a[0] is not None), (rates["input"][0], "as text"))
        if repeated:
            rates = {u: (r, "repeated" if how == "own" else how) for u, (r, how) in rates.items()}
        own = number(entry.get(FIELDS["reasoning"] + suffix))
        if own is not None:
            rates["reasoning"] = (own, "own")
        elif tier and number(entry.get(FIELDS["output"] + suffix)) is not None:
            rates["reasoning"] = rates["output"]
        elif number(entry.get(FIELDS["reasoning"])) is not None:
            rates["reasoning"] = (number(entry[FIELDS["reasoning"]]), "standard tier")
        else:
            rates["reasoning"] = rates["output"]
        return rates

    def range_rates(self, entry, ranges, tier, total):
        inside = [t for t in ranges if t["range"][0] < total <= t["range"][1]]
        chosen = inside[0] if inside else ranges[-1]
        how = "last range" if not inside else "standard tier" if tier else "own"

        def get(unit, fallback):
            value = number(chosen.get(FIELDS[unit]))
            return (value, how) if value is not None else fallback
        rates = {"input": get("input", (Decimal(0), "absent"))}
        rates["output"] = get("output", (number(entry.get(FIELDS["output"])) or Decimal(0), how))
        rates["cache_read"] = get("cache_read", (rates["input"][0], "as fresh" if inside else how))
        rates["cache_write_5m"] = get("cache_write_5m", (rates["input"][0], "as fresh" if inside else how))
        rates["cache_write_1h"] = get("cache_write_1h", (rates["cache_write_5m"][0], "as five minutes" if inside else how))
        audio = number(entry.get(FIELDS["input_audio"]))
        rates["input_audio"] = (audio, how) if audio is not None else (rates["input"][0], "as text")
        rates["reasoning"] = get("reasoning", rates["output"])
        return rates

    def batch_rates(self, entry, total):
        def get(unit):
            field = FIELDS[unit]
            over = [limit for limit in self.exceeded(entry, ["_batches"], total)
                    if number(entry.get(f"{field}_above_{limit}_tokens_batches")) is not None]
            return number(entry.get(f"{field}_above_{over[-1]}_tokens_batches" if over else f"{field}_batches"))
        standard = {u: number(entry.get(FIELDS[u])) for u in UNITS}
        batch = {u: get(u) for u in ("input", "output", "cache_read", "cache_write_5m")}
        rates = {}
        how = "short prompt" if self.exceeded(entry, [], total) and not self.exceeded({
            f: v for f, v in entry.items() if f.endswith("_batches") or f == "litellm_provider"}, ["_batches"], total) else "own"
        if batch["input"] is not None:
            fresh = batch["input"]
            rates["input"] = (fresh, how)
            over = [limit for limit in self.exceeded(entry, [], total)
                    if number(entry.get(f"{FIELDS['cache_read']}_above_{limit}_tokens")) is not None]
            usual = number(entry.get(f"{FIELDS['cache_read']}_above_{over[-1]}_tokens")) if over else standard["cache_read"]
            rates["cache_read"] = (batch["cache_read"], "own") if batch["cache_read"] is not None else \
                (usual, "batch as standard") if usual is not None else (fresh, "batch as fresh")
            hour = get("cache_write_1h")
            rates["cache_write_5m"] = (batch["cache_write_5m"], "own") if batch["cache_write_5m"] is not None else (fresh, "batch as fresh")
            audio = number(entry.get("input_cost_per_audio_token_batches"))
            rates["input_audio"] = (audio, "own") if audio is not None else (fresh, "as text")
        else:
            standard["input"] = standard["input"] or Decimal(0)
            half = standard["input"] / 2
            rates["input"] = rates["input_audio"] = (half, "half")
            rates["cache_read"] = ((standard["cache_read"] or Decimal(0)) / 2, "half")
            rates["cache_write_5m"] = ((standard["input"] if standard["cache_write_5m"] is None else standard["cache_write_5m"]) / 2, "half")
            hour = None
        rates["cache_write_1h"] = (hour, "own") if hour is not None else (rates["cache_write_5m"][0], "batch as five minutes")
        rates["output"] = (batch["output"], how) if batch["output"] is not None else ((standard["output"] or Decimal(0)) / 2, "half")
        rates["reasoning"] = (rates["output"][0], "half" if rates["output"][1] == "half" else "batch as output")
        return rates


# --- genai-prices -------------------------------------------------------------------------------------------

class GenaiPrices:
    NAME, TABLE, AT = "genai-prices", "genai", None

    def __init__(self, tables, facts):
        from genai_prices.data_snapshot import DataSnapshot
        from genai_prices.data import providers
        from genai_prices.types import Usage
        self.raw = json.loads(Path(tables, "genai-prices.json").read_text())
        self.snapshot = DataSnapshot(providers=providers, from_auto_update=False)
        self.usage = Usage
        self.version = version("genai-prices")
        self.prices = {(p["id"], m["id"]): m["prices"] for p in self.raw for m in p["models"]}
        self.variants = {(p["id"], m["id"]): m.get("price_variants") or [] for p in self.raw for m in p["models"]}

    def models(self, catalog):
        for provider in self.raw:
            for model in provider["models"]:
                found = catalog.find("genai", provider["id"], model["id"])
                try:
                    _, chosen = self.snapshot.find_provider_model(model["id"], None, provider["id"], None)
                except LookupError:
                    continue  # An id that its own clauses do not match.
                if found and chosen.id == model["id"] and self.at(model["prices"], "2026-09-01T00:00:00Z").get("input_mtok"):
                    yield (*found, (provider["id"], model["id"]))

    def conditions(self, rng, provider, key):
        tiers = sorted({TIERS[pair] for v in self.variants[key] for pair in v["when"].items() if pair in TIERS})
        return {"service_tier": rng.choice(tiers)} if tiers and rng.random() < 0.5 else {}

    @staticmethod
    def context(when):
        return next((dict([pair]) for pair, tier in TIERS.items() if tier == when.get("service_tier")), None)

    def price(self, key, units, when, at):
        reported_units = {"input_tokens": prompt(units), "output_tokens": units.get("output", 0) + units.get("reasoning", 0),
                          "cache_read_tokens": units.get("cache_read", 0),
                          "cache_write_tokens": units.get("cache_write_5m", 0) + units.get("cache_write_1h", 0),
                          "cache_write_1h_tokens": units.get("cache_write_1h", 0),
                          "input_audio_tokens": units.get("input_audio", 0), "cache_audio_read_tokens": 0,
                          "output_reasoning_tokens": units.get("reasoning", 0)}
        usage = self.usage(**reported_units)
        found = self.snapshot.calc(usage, key[1], key[0], None, datetime.fromisoformat(at.replace("Z", "+00:00")), self.context(when))
        requests = self.at(self.prices[key], at).get("requests_kcount")
        return found.total_price - (Decimal(str(requests)) / 1000 if requests else 0)

    @staticmethod
    def at(prices, at):
        if isinstance(prices, dict):
            return prices
        chosen = prices[0]["prices"]
        for entry in reversed(prices):
            constraint = entry.get("constraint") or {}
            if "start_time" in constraint:
                start, end, now = constraint["start_time"], constraint["end_time"], at[11:]
                active = start <= now < end if start < end else now >= start or now < end
            else:
                active = not constraint or constraint["start_date"] <= at[:10]
            if active:
                return entry["prices"]
        return chosen

    def rates(self, key, units, when, at):
        standard, total = self.at(self.prices[key], at), prompt(units)
        special = {}
        for variant in self.variants[key]:
            if variant["when"] == self.context(when) and (variant.get("constraint") or {}).get("start_date", "") <= at[:10]:
                special = {**variant["prices"], **special}
        own, tiered = {}, {unit for unit, name in GENAI.items() if name in special}
        for unit, name in GENAI.items():
            value = special.get(name, standard.get(name))
            if isinstance(value, dict):
                price = value["base"]
                for tier in value["tiers"]:
                    price = tier["price"] if total > tier["start"] else price
                own[unit] = number(price) / MTOK
            elif value is not None:
                own[unit] = number(value) / MTOK
        rates = {}
        for unit in UNITS:
            up = unit
            while up not in own and up in GENERAL:
                up = GENERAL[up]
            how = "own" if up == unit else {"cache_write_1h": "as five minutes" if up == "cache_write_5m" else "as fresh",
                                            "input_audio": "as text"}.get(unit, "as fresh")
            if unit == "reasoning" and up == "output":
                how = "own"
            if when and up not in tiered:
                how = "standard tier"
            elif when and above(standard, total) and not isinstance(special.get(GENAI[up]), dict):
                how = "short prompt"
            rates[unit] = (own.get(up, Decimal(0)), how if up in own else "absent")
        return rates


# --- why a unit costs something else ----------------------------------------------------------------------------

class Tables:
    """What the tables say of the catalog's models, read again without the catalog's compiler."""

    def __init__(self, directory):
        def load(name):
            return json.loads(Path(directory, name + ".json").read_text())
        self.facts = load("facts")
        self.providers = json.loads((HERE / "providers.json").read_text())
        decisions = json.loads((HERE / "decisions.json").read_text())
        self.decisions, self.loose = decisions["models"], set(decisions["providers"])
        shipped = json.loads(SHIPPED.read_text())
        self.names, self.models = {}, {}
        for provider, entry in shipped["providers"].items():
            for id_, model in entry["models"].items():
                self.models[provider, id_] = model
                for name in (id_, *model.get("aliases", [])):
                    self.names[provider, name.lower()] = id_
        self.readers = collections.defaultdict(list)
        for key, entry in load("litellm").items():
            if isinstance(entry, dict):
                self.add("litellm", entry.get("litellm_provider"), key, litellm_reader(entry))
        for provider in load("genai-prices"):
            for model in provider["models"]:
                names = [model["id"], *clauses(model["match"], "equals")]
                for name in names:
                    self.add("genai", provider["id"], name, genai_reader(model["prices"], model.get("price_variants") or []))
                # A name that the catalog keeps as a model of its own has what LiteLLM knows of the model too.
                for own in self.all("genai", provider["id"], model["id"]):
                    for name in names:
                        for other in self.all("genai", provider["id"], name):
                            if other[0] == own[0] and other[2] != own[2] and name not in self.without(own):
                                self.readers[other[0], other[2]] += self.readers[own[0], own[2]]

    def without(self, found):
        return self.decisions.get(f"{found[0]}/{found[2]}", {}).get("without", [])

    def add(self, table, owner, key, reader):
        # A dated name may be the one that has the price of a tier.
        found = [*self.all(table, owner, key)] or self.all(table, owner, re.sub(r"([-@]\d{8}|-\d{4}-\d{2}-\d{2})$", "", key))
        for provider, _, id_ in found:
            self.readers[provider, id_].append((table, reader))

    def find(self, table, owner, key):
        """(provider, name to ask for, id) where the catalog has the table's model under this very name, else None."""
        return next(self.all(table, owner, key), None)

    def all(self, table, owner, key):
        for provider, entry in self.providers.items():
            owners = {o: begin for o, _, begin in (spec.partition(":") for spec in entry["tables"][table])}
            if owner in owners and key.startswith(owners[owner]) and provider != "aws.bedrock":
                name = key
                for prefix in entry["tables"]["strip"] if table == "litellm" else []:
                    if name.lower().startswith(prefix) and (provider != "openrouter" or prefix == "openrouter/"):
                        name = name[len(prefix):]
                        break
                if (provider, name.lower()) in self.names:
                    yield provider, name, self.names[provider, name.lower()]

    def origin(self, call, unit, rate):
        """Where our rate of a unit is from: a table, tables of which one gives the share of a tier, or the decision."""
        provider, id_ = call["provider"], call["id"]
        tier, total, at = call["when"].get("service_tier"), prompt(call["units"]), call["at"]
        readers = self.readers[provider, id_]
        if rate is None:
            return None if tier and any(read(unit, tier, total, at) for _, read in readers) else "unknown"
        geo = call["when"].get("data_residency")
        for factor in {Decimal(1)} | {Decimal(a["factor"]) for a in self.models[provider, id_].get("adjustments", [])
                                      if geo and geo in a["when"].get("geo", [])}:
            plain = rate / factor
            for share_of, share in self.shares(readers, provider, unit, tier, total):
                for table, read in readers:
                    for general in lattice(unit):
                        standard = read(general, None, total, at)
                        if standard and close(plain, standard * share):
                            return table if not tier else f"{table} x {share_of}"
            for table, read in readers:
                if any(close(plain, read(general, tier, total, at)) for general in lattice(unit)):
                    return table
            if rate == 0 and self.is_free(call, unit):
                return "free"
            decision = self.decisions.get(f"{provider}/{id_}", {})
            for card in decision.get("cards", []) + decision.get("extra_cards", []) + decision.get("before_tiers", []):
                if any(close(plain, parse(r)) for r in card.get("rates", {}).values()):
                    return "decision"
            for card in self.models[provider, id_]["cards"]:
                if card.get("from", "") <= at and any(close(plain, parse(r)) for r in card.get("rates", {}).values()) \
                        and any(not label.startswith(tuple(f"{n}@{f['version']}" for n, f in self.facts.items()))
                                for label in re.split(r", | x ", card["source"])):
                    return "earlier"
        return None

    def is_free(self, call, unit):
        """Whether a unit, or what it is billed as, costs nothing by a card of the model: no line says so."""
        return any(c.get("rates", {}).get(g) == "0" for c in self.models[call["provider"], call["id"]]["cards"] for g in lattice(unit))

    def changed_since(self, call):
        """Whether the catalog has a later price than that of the call's time, under one of its conditions."""
        states = history.timeline(self.models[call["provider"], call["id"]]["cards"])
        then = history.state_at(states, call["at"])
        return any(begin > call["at"] and begin <= max(f["date"] for f in self.facts.values()) and
                   any(not history.same(state[key], then[key]) for key in then.keys() & state.keys()) or
                   then.keys() - state.keys() for begin, state in states)

    def shares(self, readers, provider, unit, tier, total):
        """What part of a standard price a tier costs, by each table today."""
        at = max(f["date"] for f in self.facts.values()) + "T12:00:00Z"
        if not tier:
            return [("", Decimal(1))]
        found = [("half", Decimal("0.5"))] if provider == "anthropic" and tier == "batch" else []
        for table, read in readers:
            for general in (*lattice(unit), "input"):
                part, whole = read(general, tier, total, at), read(general, None, total, at)
                if part and whole:
                    found.append((table, part / whole))
        return found


def lattice(unit):
    while unit:
        yield unit
        unit = GENERAL.get(unit)


def close(a, b):
    return b is not None and abs(a - b) <= abs(b) * Decimal("1e-9")


def repeats_standard(entry, suffix):
    return suffix != "" and all(entry.get(FIELDS[u] + suffix) is not None and entry.get(FIELDS[u] + suffix) == entry.get(FIELDS[u])
                                for u in ("input", "output"))


def litellm_reader(entry):
    limits = sorted({int(m) for f in entry for m in re.findall(r"_above_(\d+)k_tokens", f)}, reverse=True)
    inclusive = entry.get("litellm_provider") == "xai"

    def read(unit, tier, total, at):
        suffix = {None: "", "batch": "_batches"}.get(tier, f"_{tier}")
        if repeats_standard(entry, suffix):
            return None
        for limit in limits:
            if total > limit * 1000 or inclusive and total == limit * 1000:
                value = number(entry.get(f"{FIELDS[unit]}_above_{limit}k_tokens{suffix}"))
                if value:
                    return value
                if tier and number(entry.get(f"{FIELDS[unit]}_above_{limit}k_tokens")):
                    return None  # What the tier takes for it in long prompts is not known.
                if unit in ("input", "output", "cache_read", "cache_write_5m") and \
                        number(entry.get(f"input_cost_per_token_above_{limit}k_tokens{suffix}" if tier else "none")) is None and tier:
                    return None
        for part in entry.get("tiered_pricing") or []:
            if "range" in part and not tier:
                if part["range"][0] < total <= part["range"][1]:
                    return number(part.get(FIELDS[unit])) or None
        return number(entry.get(FIELDS[unit] + suffix)) or None
    return read


def above(prices, total):
    """Whether a prompt is beyond the first threshold of a set of genai-prices' prices."""
    starts = [part["start"] for value in prices.values() if isinstance(value, dict) for part in value["tiers"]]
    return bool(starts) and total > min(starts)


def genai_reader(prices, variants):
    def read(unit, tier, total, at):
        chosen = standard = GenaiPrices.at(prices, at)
        if tier:
            chosen = {}
            for v in variants:
                # A tier's price is what it is on the newest day; its dates say when it was looked up.
                if any(TIERS.get(pair) == tier for pair in v["when"].items()) and (v.get("constraint") or {}).get("start_date", "") <= "2026-12":
                    chosen = {**v["prices"], **chosen}
        value = chosen.get(GENAI[unit])
        if tier and above(standard, total) and not isinstance(value, dict):
            return None  # The tier's price of short prompts.
        if isinstance(value, dict):
            price = value["base"]
            for part in value["tiers"]:
                price = part["price"] if total > part["start"] else price
            value = price
        return number(value) / MTOK if value else None
    return read


def explain(peer, tables, call, unit, how, rate, theirs):
    """(rule, where our rate is from) of a unit that is billed at another rate, or None."""
    origin = tables.origin(call, unit, rate)
    key = f'{call["provider"]}/{call["id"]}'
    decided = key in tables.decisions or call["provider"] in tables.loose
    if rate is None and tables.changed_since(call):
        return RULES["earlier"][0], "earlier"
    if origin is None and "base" in tables.decisions.get(key, {}):
        return RULES["decided"][0], "decision"
    if origin is None or rate is None and not call["when"].get("service_tier") and how not in ("last range", "absent") and not decided:
        return None
    if origin == "earlier" and tables.changed_since(call):
        how = "earlier"
    elif how == "own" and decided:
        how = "decided"
    elif how == "own" and rate and history.equal(show("input", rate), show("input", theirs)):
        how = "rounded"
    return RULES[how][0], origin


def compare(peer, tables, jar, rng, count):
    models = sorted(peer.models(tables), key=str)
    calls = []
    while len(calls) < count:
        provider, name, id_, key = rng.choice(models)
        at = peer.AT or datetime.fromtimestamp(rng.randint(1_767_225_600, 1_795_305_600), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        audio = any(read("input_audio", None, 1, at) for _, read in tables.readers[provider, id_])
        calls.append({"provider": provider, "model": name, "id": id_, "key": key, "at": at,
                      "when": peer.conditions(rng, provider, key), "units": random_call(rng, audio)})
    rules, origins, unexplained, equal, differing = collections.Counter(), collections.Counter(), [], 0, 0
    for call, (status, amounts) in zip(calls, ours(jar, calls)):
        total = Decimal(str(peer.price(call["key"], call["units"], call["when"], call["at"])))
        rates = peer.rates(call["key"], call["units"], call["when"], call["at"])
        again = sum(rates[u][0] * n for u, n in call["units"].items())
        if abs(again - total) > Decimal("1e-9") + abs(total) * Decimal("1e-9"):
            unexplained.append((call, f"{peer.NAME} bills {total}, its rules as read here {again}", rates))
            continue
        reasons = set()
        for unit, n in call["units"].items():
            theirs, how = rates[unit]
            rate = amounts[unit] / n if unit in amounts else Decimal(0) if theirs == 0 and status != "unpriced" or status in ("priced", "free") else None
            if rate is None and call["when"].get("service_tier") and rates["input"][1] in ("standard tier", "short prompt"):
                how = rates["input"][1]
            if status == "partial" and unit not in amounts and theirs is not None and tables.is_free(call, unit):
                rate = Decimal(0)
            if rate is None or not close(rate, theirs) and abs(rate - theirs) * n > Decimal("2e-15"):
                why = explain(peer, tables, call, unit, how, rate, theirs)
                if why is None:
                    unexplained.append((call, f"{unit}: {peer.NAME} {theirs} ({how}), ours {rate} ({status})", None))
                else:
                    reasons.add(why[0])
                    origins[why[1]] += 1
        equal += not reasons
        differing += bool(reasons)
        rules.update(reasons)
    return {"peer": peer, "models": len(models), "calls": len(calls), "equal": equal, "differing": differing, "rules": rules,
            "unexplained": unexplained}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables")
    parser.add_argument("jar")
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tables = Tables(options.tables)
    failed = False
    texts = dict(RULES.values())
    for peer in (LiteLlm(options.tables, tables.facts), GenaiPrices(options.tables, tables.facts)):
        table = {"litellm": "litellm", "genai": "genai-prices"}[peer.TABLE]
        if peer.version != tables.facts[table]["version"]:
            sys.exit(f"{table} {peer.version} is installed, the table is {tables.facts[table]['version']}'s")
        result = compare(peer, tables, options.jar, random.Random(options.seed), options.calls)
        print(f"{peer.NAME} {peer.version}: {result['calls']} calls of {result['models']} models, "
              f"{result['equal']} equal, {result['differing']} explained, {len(result['unexplained'])} unexplained")
        for rule, n in result["rules"].most_common():
            print(f"  {n:5} {rule}: {texts[rule]}")
        for call, what, _ in result["unexplained"][:20]:
            print("  UNEXPLAINED", what, json.dumps({k: call[k] for k in ("provider", "model", "at", "when", "units")}))
        failed |= bool(result["unexplained"])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
