#!/usr/bin/env python3
"""Compiles the shipped price catalog from published price tables and decisions.json.

    compile.py TABLES_DIRECTORY > ../src/main/resources/dev/tallyspan/pricing/catalog.json

The tables are facts with known faults (each loader says which it works around); the catalog is in
Tallyspan's own format, one line per model, so that a change of price is a change of one line. Base
rates and their history come from genai-prices where it has the model, else from LiteLLM, Portkey or
models.dev, whichever comes first, if a second table knows the model too. Service tiers are taken as
ratios to the standard rates of the same table, so that they follow the history of the base. Where
tables contradict each other about a much-used model, decisions.json must say which one holds, or
the compilation fails.
"""
import json
import re
import sys
from collections import OrderedDict
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
VERSION = "2026-11-22"
FILES = {
    "genai": ("genai-prices-npm-0.1.8.json", "genai-prices@0.1.8", "2026-09-23"),
    "litellm": ("litellm-model_prices_and_context_window-2026-07-24.json", "litellm@2026-07-24", "2026-07-24"),
    "portkey": ("portkey-models-pricing-merged-2026-08-21.json", "portkey@2026-08-21", "2026-08-21"),
    "modelsdev": ("models.dev-cost-merged-2026-07-02.json", "models.dev@2026-07-02", "2026-07-02"),
    "langfuse": ("langfuse-default-model-prices-2026-08-20.json", "langfuse@2026-08-20", "2026-08-20"),
    "openlit": ("openlit-pricing-2026-07-21.json", "openlit@2026-07-21", "2026-07-21"),
}
ORDER = ["genai", "litellm", "portkey", "modelsdev"]
TOKENS = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "input_audio", "cache_read_audio", "input_image",
          "cache_read_image", "input_video", "output", "reasoning", "citation", "output_audio", "output_image",
          "output_video"]
MTOK, K = Decimal(1000000), Decimal(1000)


def dec(x):
    return Decimal(x) if not isinstance(x, Decimal) else x


def norm(d):
    d = d.normalize()
    return d.quantize(Decimal(1)) if d.as_tuple().exponent > 0 else d


def denoise(d):
    """Some tables hold quotients computed in floating point; 12 digits keep every genuine price."""
    return d if len(d.as_tuple().digits) <= 12 else Decimal(f"{d:.11e}").normalize()


def show(unit, rate):
    """A rate per single unit as the catalog writes it."""
    if rate is None:
        return "?"
    if isinstance(rate, tuple):
        price, per = rate
        return f"{norm(price):f}/{per}"
    if rate == 0:
        return "0"
    if unit in TOKENS or unit in ("input_characters", "output_characters", "input_pixels", "output_pixels"):
        return f"{norm(rate * MTOK):f}/M"
    if unit in ("web_searches", "file_searches", "grounded_prompts", "input_document_pages",
                "input_annotated_document_pages", "requests", "rerank_searches"):
        return f"{norm(rate * K):f}/k"
    return f"{norm(rate):f}"


# --- genai-prices: base rates, history, patterns ----------------------------------------------------

GENAI_UNITS = {
    "input_mtok": "input", "output_mtok": "output", "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write_5m", "cache_write_1h_mtok": "cache_write_1h", "input_audio_mtok": "input_audio",
    "cache_audio_read_mtok": "cache_read_audio", "output_audio_mtok": "output_audio", "input_image_mtok": "input_image",
    "cache_image_read_mtok": "cache_read_image", "output_image_mtok": "output_image", "input_video_mtok": "input_video",
    "output_video_mtok": "output_video", "output_reasoning_mtok": "reasoning", "output_citation_mtok": "citation",
    "web_searches_kcount": "web_searches", "storage_searches_kcount": "file_searches", "requests_kcount": "requests",
    "input_document_kpages": "input_document_pages", "input_annotated_document_kpages": "input_annotated_document_pages",
    "input_audio_hours": "input_audio_seconds", "audio_hours": "input_audio_seconds",
}


def genai_rates(prices):
    """Returns [(threshold text or None, rates)], with the tiers of all units lined up."""
    starts = sorted({t["start"] for v in prices.values() if isinstance(v, dict) for t in v["tiers"]})
    out = []
    for i, start in enumerate([None] + starts):
        rates = OrderedDict()
        for key, value in prices.items():
            unit = GENAI_UNITS.get(key)
            if unit is None:
                return None  # A unit we have no name for (messages): leave the whole model out.
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
                rates[unit] = dec(price) / (MTOK if key.endswith("mtok") else K)
        out.append((bounds(start), rates))
    return out


def end_vanished(cards):
    """A long-prompt surcharge that a later price does not have any more ends where that begins."""
    dates = sorted({c["from"] for c in cards if c["from"]})
    for card in cards:
        later = [d for d in dates if d > (card["from"] or "")]
        if later and "time" not in card["when"]:
            successors = [c for c in cards if c["from"] == later[0] and c["when"] == card["when"]]
            if not successors:
                card["until"] = later[0]


def bounds(start):
    """genai-prices tiers begin above `start`; 199999 means xAI's ">= 200000". 271999 is its reading of OpenAI's
    contested threshold; three other tables and our record of the decision read "> 272000"."""
    if start is None:
        return None
    if start == 271999:
        return ">272000"
    return f">={start + 1}" if start % 1000 == 999 else f">{start}"


def clauses(match, kind):
    found = []
    for key, value in match.items():
        if key in ("or",):
            for sub in value:
                found += clauses(sub, kind)
        elif key == kind:
            found.append(value)
    return found


def load_genai(table):
    models = {}
    for provider in table:
        for m in provider["models"]:
            entries = m["prices"] if isinstance(m["prices"], list) else [{"prices": m["prices"]}]
            cards, daily = [], False
            for e in entries:
                constraint = e.get("constraint") or {}
                if constraint.get("type") == "time_of_date":
                    daily = True
                    hours = f'{constraint["start_time"][:5]}-{constraint["end_time"][:5]}'
                    when = {"time": {"zone": "UTC", "hours": [hours]}}
                else:
                    when = {}
                tiers = genai_rates(e["prices"]) if e["prices"] else [(None, {})]
                if tiers is None:
                    cards = None
                    break
                for threshold, rates in tiers:
                    card = {"from": constraint.get("start_date"), "when": dict(when), "rates": rates}
                    if threshold:
                        card["when"]["input_tokens"] = threshold
                    cards.append(card)
            if not cards:
                continue
            end_vanished(cards)
            names = [x for x in clauses(m["match"], "equals")] + clauses(m["match"], "ends_with")
            prefixes = [p for p in clauses(m["match"], "starts_with") + clauses(m["match"], "contains")]
            models[(provider["id"], m["id"])] = {
                "cards": cards, "names": names, "prefixes": prefixes, "patterns": clauses(m["match"], "regex"),
                "daily": daily}
    return models


# --- LiteLLM: tiers, fees, uplift, everything that is not billed by token ---------------------------

LITELLM_UNITS = {
    "input_cost_per_token": "input", "output_cost_per_token": "output", "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m", "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_reasoning_token": "reasoning", "input_cost_per_audio_token": "input_audio",
    "output_cost_per_audio_token": "output_audio", "cache_read_input_audio_token_cost": "cache_read_audio",
    "input_cost_per_image_token": "input_image", "output_cost_per_image_token": "output_image",
    "input_cost_per_image": "input_images", "output_cost_per_image": "output_images",
    "input_cost_per_pixel": "input_pixels", "output_cost_per_pixel": "output_pixels",
    "input_cost_per_second": "input_audio_seconds", "output_cost_per_second": "output_audio_seconds",
    "input_cost_per_audio_per_second": "input_audio_seconds", "input_cost_per_video_per_second": "input_video_seconds",
    "output_cost_per_video_per_second": "output_video_seconds", "input_cost_per_character": "input_characters",
    "output_cost_per_character": "output_characters", "input_cost_per_query": "rerank_searches",
    "ocr_cost_per_page": "input_document_pages", "annotation_cost_per_page": "input_annotated_document_pages",
    "output_cost_per_video_token": "output_video", "citation_cost_per_token": "citation",
    "input_cost_per_request": "requests",
}
TIER_SUFFIX = {"_flex": "flex", "_priority": "priority", "_batches": "batch"}


def litellm_key(field):
    """(unit, threshold in tokens or None, tier or None), or None for what is no rate. "_above_1hr" is a lifetime, not a
    threshold."""
    tier = None
    for suffix, name in TIER_SUFFIX.items():
        if field.endswith(suffix):
            tier, field = name, field[: -len(suffix)]
    threshold = None
    above = re.search(r"_above_(\d+)k_tokens$", field)
    if above:
        threshold, field = int(above.group(1)) * 1000, field[: above.start()]
    unit = LITELLM_UNITS.get(field)
    return (unit, threshold, tier) if unit else None


def load_litellm(table):
    models = {}
    for key, entry in table.items():
        if not isinstance(entry, dict) or key in ("sample_spec", "fallback_generalizations"):
            continue
        provider = entry.get("litellm_provider", "")
        grid = {}
        for field, value in entry.items():
            found = litellm_key(field)
            if not found or not isinstance(value, (int, float, Decimal)):
                continue
            unit, threshold, tier = found
            rate = denoise(dec(value))
            if unit == "input_audio_seconds" and entry.get("mode") == "video_generation":
                continue
            if unit == "output_audio_seconds" and entry.get("mode") in ("video_generation",):
                unit = "output_video_seconds"
            if unit == "output_audio_seconds" and entry.get("mode") == "audio_transcription":
                continue  # The other side of the same second (whisper-1 has both): adding it doubles the bill.
            grid.setdefault((tier, threshold), OrderedDict())[unit] = rate
        ranges = []
        for tier in entry.get("tiered_pricing") or []:
            if "range" in tier and "input_cost_per_token" in tier:
                rates = OrderedDict()
                for field, value in tier.items():
                    found = litellm_key(field)
                    if found and isinstance(value, (int, float, Decimal)):
                        rates[found[0]] = denoise(dec(value))
                ranges.append((int(tier["range"][0]), int(tier["range"][1]), rates))
        if not grid and not ranges:
            continue
        if any(rate > Decimal("0.01") for rates in grid.values() for unit, rate in rates.items() if unit in TOKENS):
            continue  # A price per million where one per token belongs (all of wandb).
        models[(provider, key)] = {"grid": grid, "ranges": ranges, "entry": entry}
    return models


# --- Portkey: service tier x context x region; cents ------------------------------------------------

PORTKEY_UNITS = {
    "request_token": "input", "response_token": "output", "cache_read_input_token": "cache_read",
    "cache_write_input_token": "cache_write_5m", "request_audio_token": "input_audio",
    "response_audio_token": "output_audio", "cache_read_audio_input_token": "cache_read_audio",
    "request_image_token": "input_image", "response_image_token": "output_image",
}


def portkey_rates(config):
    rates = OrderedDict()
    for field, unit in PORTKEY_UNITS.items():
        price = (config or {}).get(field)
        if isinstance(price, dict) and price.get("price"):
            rates[unit] = denoise(dec(price["price"]) / 100)
    hour = ((config or {}).get("additional_units") or {}).get("cache_write_1h")
    if hour and hour.get("price"):
        rates["cache_write_1h"] = denoise(dec(hour["price"]) / 100)
    return rates


def load_portkey(table):
    models = {}
    for provider, entries in table.items():
        for key, entry in entries.items():
            if key == "default" or not isinstance(entry, dict):
                continue  # The default entry is zero for everything: no price, not a free one.
            config = entry.get("pricing_config") or {}
            base = portkey_rates(config.get("pay_as_you_go"))
            if not base:
                continue
            grid = {(None, None): base}
            batch = portkey_rates(config.get("batch_config"))
            if batch:
                grid[("batch", None)] = batch
            custom = entry.get("custom_pricing") or {}
            starts = {name: int(start) for start, name in (custom.get("context_tier_map") or {}).items()}
            regions = custom.get("regions") or {}
            for mode, tiers in ((regions.get("default") or {}).get("execution_modes") or {}).items():
                # Without context tiers the prices stand directly under the mode.
                for name, tier in (tiers.get("context_tiers") or {None: tiers}).items():
                    rates = portkey_rates((tier.get("pricing_config") or {}).get("pay_as_you_go"))
                    if rates:
                        at = (None if mode == "standard" else mode, starts.get(name) or None)
                        if name or at not in grid:
                            grid[at] = rates
            models[(provider, key)] = {"grid": grid}
    return models


# --- models.dev: per million --------------------------------------------------------------------------

def load_modelsdev(table):
    units = {"input": "input", "output": "output", "cache_read": "cache_read", "cache_write": "cache_write_5m",
             "reasoning": "reasoning", "input_audio": "input_audio", "output_audio": "output_audio"}
    models = {}
    for provider, entries in table.items():
        for key, entry in entries.items():
            cost = entry.get("cost") or {}
            rates = OrderedDict((units[k], dec(v) / MTOK) for k, v in cost.items()
                                if k in units and isinstance(v, (int, float, Decimal)))
            if rates.get("cache_read") == 0:
                del rates["cache_read"]  # Zero stands for "none" here.
            if rates.get("input"):
                grid = {(None, None): rates}
                for tier in cost.get("tiers") or []:
                    size = (tier.get("tier") or {}).get("size")
                    if size:
                        grid[(None, int(size))] = OrderedDict((units[k], dec(v) / MTOK) for k, v in tier.items()
                                                              if k in units)
                models[(provider, key)] = {"grid": grid}
    return models


def load_langfuse(table):
    """OpenAI's service tiers, alone and with long prompts; only Langfuse has some of these together."""
    units = {"input": "input", "input_cached_tokens": "cache_read", "input_cache_creation": "cache_write_5m", "output": "output"}
    models = {}
    for m in table:
        grid = {}
        for tier in m["pricingTiers"]:
            service, threshold, known = None, None, True
            for c in tier["conditions"]:
                if c.get("key") == "service_tier" and "flex" in c["values"]:
                    service = "flex"
                elif c.get("key") == "service_tier" and "priority" in c["values"]:
                    service = "priority"
                elif "usageDetailPattern" in c and c["operator"] == "gt":
                    threshold = int(c["value"])
                else:
                    known = False
            if known:
                grid[(service, threshold)] = OrderedDict((units[k], dec(v)) for k, v in tier["prices"].items() if k in units)
        models[m["modelName"]] = {"grid": grid}
    return models


def load_openlit(table):
    models = {}
    for key, entry in (table.get("chat") or {}).items():
        models[key] = {"input": dec(entry.get("promptPrice", 0)) / K, "output": dec(entry.get("completionPrice", 0)) / K,
                       "cache_read": dec(entry["cacheReadPrice"]) / K if entry.get("cacheReadPrice") else None}
    return models


def once(pairs):
    """A decision given twice would silently be the last one."""
    members = OrderedDict(pairs)
    if len(members) < len(pairs):
        sys.exit(f"decisions.json gives one name twice among {sorted(members)}")
    return members


# --- merging ----------------------------------------------------------------------------------------

class Compiler:
    def __init__(self, directory):
        raw = {name: json.loads(Path(directory, file).read_text(), parse_float=Decimal, parse_int=Decimal)
               for name, (file, _, _) in FILES.items()}
        self.tables = {name: globals()["load_" + name](table) for name, table in raw.items()}
        self.providers = json.loads((HERE / "providers.json").read_text())
        self.decisions = json.loads((HERE / "decisions.json").read_text(), object_pairs_hook=once)
        self.undecided, self.report, self.used = [], [], set()

    def run(self):
        out = OrderedDict()
        for provider, definition in self.providers.items():
            out[provider] = self.provider(provider, definition)
        for provider, definition in self.providers.items():
            for other in definition.get("fallback", []):
                self.defer(out[provider], out[other], provider, other)
        unused = set(self.decisions["models"]) - self.used
        if unused:
            sys.exit(f"decisions about models that the catalog does not have: {sorted(unused)}")
        if self.undecided:
            sys.exit("undecided; add to decisions.json:\n" + "\n".join(self.undecided))
        return out

    def defer(self, own, other, provider, maker):
        """Drops a reseller's model whose price was the maker's on one day, where the maker's has a history: a snapshot
        of a price that has moved since is worse than the fallback to the maker's card."""
        for key in list(own["models"]):
            mine, theirs = own["models"][key], other["models"].get(key)
            if theirs and any("from" in c for c in theirs["cards"]) and not any("genai" in c["source"] for c in mine["cards"]) \
                    and f"{provider}/{key}" not in self.decisions["models"]:
                plain = [c["rates"] for c in mine["cards"] if "when" not in c and "rates" in c]
                if any(all(c.get("rates", {}).get(u) == plain[0].get(u) for u in ("input", "output"))
                       for c in theirs["cards"] if plain):
                    del own["models"][key]
                    self.report.append(f"{provider}/{key}: left to the fallback {maker}, whose price has a history")

    def provider(self, provider, definition):
        known = self.collect(definition["tables"], provider)
        models = OrderedDict()
        for key in sorted(known):
            sources = known[key]
            decision = self.decisions["models"].get(f"{provider}/{key}", {})
            self.used.add(f"{provider}/{key}")
            if decision.get("drop"):
                continue
            if "genai" not in sources and len(sources) < 2 and not decision.get("keep") and not self.decided_alone(provider, key):
                continue
            model = self.model(provider, key, sources, decision)
            if model:
                models[key] = model
        for name, decision in self.decisions["models"].items():
            owner, _, key = name.partition("/")
            if owner == provider and key not in models and "cards" in decision:
                self.used.add(name)
                models[key] = {k: decision[k] for k in ("aliases", "prefixes", "cards", "adjustments") if k in decision}
        if provider == "aws.bedrock":
            models = bedrock(models)
        claim_names(models)
        result = OrderedDict((k, v) for k, v in definition.items() if k != "tables" and v)
        if provider in self.decisions.get("adjustments", {}):
            result["adjustments"] = self.decisions["adjustments"][provider]
        result["models"] = models
        return result

    def decided_alone(self, provider, key):
        return provider in ("azure.ai.openai", "aws.bedrock", "openai", "gcp.gemini", "alibaba", "minimax", "cohere",
                            "perplexity", "gcp.vertex_ai", "voyageai", "groq")

    def collect(self, ids, provider):
        """Returns {model id: {table: entry}}; ids without the table's prefixes."""
        known = {}
        for table in ORDER:
            for (owner, key), entry in self.tables[table].items():
                if owner in ids[table]:
                    name = key
                    for prefix in ids["strip"]:
                        if name.lower().startswith(prefix) and provider != "openrouter" or name.startswith("openrouter/"):
                            name = name[len(prefix):] if name.lower().startswith(prefix) else name
                    if not re.search(r"/\d+-x-\d+|^\d+-x-\d+|steps/|1024-x|^(standard|hd|low|medium|high)/", name) \
                            and "*" not in name and len(name) < 120:
                        known.setdefault(name, {}).setdefault(table, entry)
        return self.folded(known, provider)

    def folded(self, known, provider):
        """Joins entries that genai-prices or a date suffix says are one model with the same price."""
        folded = {}
        alias = {}
        for key, sources in known.items():
            if "genai" in sources:
                without = self.decisions["models"].get(f"{provider}/{key}", {}).get("without", [])
                for name in sources["genai"]["names"]:
                    if name.lower() not in without:
                        alias.setdefault(name.lower(), key)
        targets = {}
        for key, sources in known.items():
            target = key
            if "genai" not in sources and key.lower() in alias:
                target = alias[key.lower()]
            bare = re.sub(r"([-@]\d{8}|-\d{4}-\d{2}-\d{2})$", "", key)
            if target == key and bare != key and bare in known and "genai" not in sources \
                    and self.alike(sources, known[bare]):
                target = alias.get(bare.lower(), bare) if "genai" not in known[bare] else bare
            targets[key] = target
        for key, sources in sorted(known.items(), key=lambda item: targets[item[0]] != item[0]):
            entry = folded.setdefault(targets[key], {})
            for table, value in sources.items():
                mine = entry.setdefault(table, value)
                standard = value.get("grid", {}).get((None, None))
                if standard and standard == mine["grid"].get((None, None)):
                    # Another name of the same price may be the one that has its tiers.
                    entry[table] = {**mine, "grid": {**value["grid"], **mine["grid"]}}
        return folded

    def alike(self, dated, bare):
        """Whether the dated id costs what the bare one does, by every table that has both, and one that has each."""
        def rates(table, entry):
            standard = self.standard(table, entry)
            return standard.get("input"), standard.get("output")
        both = [t for t in dated if t in bare]
        if both:
            return all(dated[t].get("grid") == bare[t].get("grid") for t in both)
        return any(rates(t, d) == rates(u, b) for t, d in dated.items() for u, b in bare.items())

    def model(self, provider, key, sources, decision):
        order = self.decisions["providers"].get(provider, {}).get("order", ORDER)
        base = decision.get("base") or next(t for t in order if t in sources)
        if base not in sources:
            sys.exit(f"{provider}/{key}: decision for {base}, which does not have it")
        if "cards" in decision:
            cards = [dict(c) for c in decision["cards"]]
            model = OrderedDict(cards=cards)
        else:
            cards = self.base_cards(base, sources)
            if cards is None:
                return None
            self.compare(provider, key, sources, base, cards, decision)
            for extra in decision.get("before_tiers", []):
                cards.append({"from": None, "until": extra.get("until"), "when": extra["when"], "source": extra["source"],
                              "rates": OrderedDict((u, parse(r)) for u, r in extra["rates"].items())})
            self.complete(provider, key, sources, base, cards)
            cards = self.tiers(provider, key, sources, cards)
            cards = self.search_sizes(provider, sources, cards)
            cards = special(provider, key, cards)
            model = OrderedDict(cards=[self.written(c) for c in merge_same(cards)] + decision.get("extra_cards", []))
        self.names(model, key, sources, decision)
        adjustments = self.adjustments(provider, key, sources) + decision.get("adjustments", [])
        if adjustments:
            model["adjustments"] = adjustments
        if decision.get("dated") is False:
            model["dated"] = False
        return model

    def base_cards(self, base, sources):
        source = FILES[base][1]
        if base == "genai":
            return [{**c, "when": dict(c["when"]), "rates": OrderedDict(c["rates"]), "source": source}
                    for c in sources["genai"]["cards"]]
        entry = sources[base]
        cards = []
        xai = base == "litellm" and entry["entry"].get("litellm_provider") == "xai"
        for start, end, rates in entry.get("ranges", []):
            when = {"input_tokens": f">{start} <={end}" if start else f"<={end}"}
            cards.append({"from": None, "when": when, "rates": rates, "source": source})
        if cards:
            return cards  # Above the last bound there is no published price.
        for (tier, threshold), rates in sorted(entry["grid"].items(), key=lambda kv: (kv[0][1] or 0)):
            if tier is None:
                when = {"input_tokens": f"{'>=' if xai else '>'}{threshold}"} if threshold else {}
                full = OrderedDict(entry["grid"].get((None, None), {})) if threshold else OrderedDict()
                full.update(rates)
                cards.append({"from": None, "when": when, "rates": full, "source": source})
        positive = [c for c in cards if any(r for r in c["rates"].values())]
        return positive or None  # A table's zero is "unknown" as often as "free".

    def standard(self, table, entry):
        """A table's standard short-context rates at its own date."""
        if table == "genai":
            best = None
            for c in entry["cards"]:
                if not c["when"] and (c["from"] or "") <= FILES["genai"][2]:
                    best = c
            return best["rates"] if best else {}
        return entry["grid"].get((None, None), {})

    def compare(self, provider, key, sources, base, cards, decision):
        """Much-used models, those that at least four tables know, must not be contested without a decision."""
        known = dict(sources)
        chosen = [c for c in cards if not c["when"]]
        if len(known) < 4 or "base" in decision or not chosen:
            return
        for table, entry in known.items():
            if table == base:
                continue
            date = FILES[table][2]
            in_force = [c for c in chosen if (c["from"] or "") <= date]
            if not in_force:
                continue
            for unit in ("input", "output", "cache_read"):
                mine, other = in_force[-1]["rates"].get(unit), self.standard(table, entry).get(unit)
                if mine and other and not isinstance(mine, tuple) and denoise(mine) != denoise(other):
                    text = f"{provider}/{key} {unit}: {base} {show(unit, mine)}, {table} {show(unit, other)}"
                    decided = decision.get("agreed") or provider in self.decisions["providers"]
                    (self.report if decided else self.undecided).append(text)

    def complete(self, provider, key, sources, base, cards):
        """Adds units that the base is silent about and another table prices; never replaces a rate."""
        other = sources.get("litellm")
        if other and other["entry"].get("mode") in ("embedding", "rerank"):
            for card in cards:
                if card["rates"]:
                    card["rates"].setdefault("output", Decimal(0))  # Vectors are not charged for.
        if other and base == "genai":
            rates = other["grid"].get((None, None), {})
            same = rates.get("input") and any(rates["input"] == c["rates"].get("input") for c in cards)
            for unit in ("cache_write_1h", "input_audio", "output_audio", "cache_read_audio", "output_image", "cache_read"):
                for card in cards:
                    scale = Decimal(1)
                    if unit in card["rates"] or unit not in rates or not same or not card["rates"]:
                        continue
                    if card["rates"].get("input") and rates["input"]:
                        scale = card["rates"]["input"] / rates["input"]
                    if scale == scale.quantize(Decimal("0.0001")):
                        card["rates"][unit] = rates[unit] * scale
        self.fees(provider, key, sources, cards)

    def fees(self, provider, key, sources, cards):
        entry = (sources.get("litellm") or {}).get("entry", {})
        search = entry.get("search_context_cost_per_query")
        if isinstance(search, dict) and provider in ("gcp.gemini", "gcp.vertex_ai", "x_ai", "anthropic", "openai"):
            fee = dec(search.get("search_context_size_medium", 0))
            # Gemini 3 is charged for each query, earlier ones for each prompt that was grounded.
            unit = "web_searches" if entry.get("web_search_billing_unit") == "per_query" or not key.startswith("gemini") \
                else "grounded_prompts"
            for card in cards:
                if fee and card["rates"]:
                    card["rates"].setdefault(unit, fee)

    def tiers(self, provider, key, sources, cards):
        """Service tiers, as ratios to the same table's standard rates; LiteLLM before Portkey, which rounds."""
        out = list(cards)
        for tier in ("flex", "priority", "batch"):
            for card in cards:
                if "time" in card["when"] or not card["rates"]:
                    continue
                bound = card["when"].get("input_tokens")
                threshold = int(re.sub(r"\D", "", bound)) if bound else None
                ratios = self.ratios(provider, key, sources, tier, threshold)
                if not ratios:
                    continue
                scaled = OrderedDict()
                for unit, rate in card["rates"].items():
                    if unit not in TOKENS or isinstance(rate, tuple) or rate is None:
                        scaled[unit] = rate
                    elif unit in ratios:
                        ratio, _, absolute = ratios[unit]
                        scaled[unit] = absolute if ratio is None else denoise(rate * ratio)
                    elif provider == "anthropic":
                        # Anthropic's batch discount applies to every token, cache reads and writes included.
                        scaled[unit] = denoise(rate * ratios["input"][0])
                    elif unit == "reasoning" and "output" in ratios:
                        scaled[unit] = denoise(rate * ratios["output"][0])
                    elif unit == "cache_read" and provider not in ("openai", "azure.ai.openai", "azure.ai.inference"):
                        # OpenAI publishes batches without a price for cached tokens, which are billed as any other;
                        # of the others it is not known.
                        scaled[unit] = None
                if not any(scaled.get(unit) for unit in ("input", "output")):
                    continue
                tables = sorted({FILES[table][1] for _, table, _ in ratios.values()})
                out.append({**card, "when": {"service_tier": tier, **card["when"]}, "rates": scaled,
                            "source": ", ".join(tables) + " x " + card["source"]})
        return close_gaps(out)

    def ratios(self, provider, key, sources, tier, threshold):
        """{unit: (tier's price by the standard one, table, tier's price)}, each unit from LiteLLM if it is there, else from
        Portkey, else from Langfuse. The ratio is None where the table has no standard price for the unit."""
        out = {}
        for table in ("langfuse", "portkey", "litellm"):
            entry = sources.get(table)
            if table == "langfuse" and provider == "openai":
                entry = self.tables["langfuse"].get(key)
            rates = entry and entry["grid"].get((tier, threshold))
            standard = self.ratio_base(entry, threshold) if entry else {}
            if entry and not rates and provider == "anthropic":
                # Half of any price, that of a long prompt included.
                rates, standard = entry["grid"].get((tier, None)), self.ratio_base(entry, None)
            if not rates or tier == "priority" and all(rates.get(u) == standard.get(u) for u in ("input", "output")):
                continue  # A table that has nothing yet repeats the standard price.
            for unit, rate in rates.items():
                if not standard.get(unit):
                    out.setdefault(unit, (None, table, rate))
                    continue
                ratio = rate / standard[unit]
                usual = rates["input"] / standard["input"] if rates.get("input") and standard.get("input") else ratio
                if table == "portkey" and provider != "openai" and abs(ratio / usual - 1) < Decimal("0.06"):
                    ratio = usual  # It rounds small prices to two digits. (OpenAI's own page does that too.)
                out[unit] = (ratio, table, rate)
        return out

    @staticmethod
    def ratio_base(entry, threshold):
        standard = OrderedDict(entry["grid"].get((None, None), {}))
        if threshold:
            standard.update(entry["grid"].get((None, threshold), {}))
        return standard

    def search_sizes(self, provider, sources, cards):
        """Perplexity's fee for a request depends on the size of its search context."""
        entry = (sources.get("litellm") or {}).get("entry", {})
        sizes = entry.get("search_context_cost_per_query")
        if provider != "perplexity" or not isinstance(sizes, dict):
            return cards
        out = []
        for card in cards:
            if "requests" in card["rates"] or "web_searches" not in card["rates"]:
                card["rates"]["requests"] = None
                out.append(card)
                for size in ("low", "medium", "high"):
                    fee = sizes.get("search_context_size_" + size)
                    if fee is not None:
                        rates = OrderedDict(card["rates"], requests=dec(fee))
                        out.append({**card, "when": {**card["when"], "search_context_size": size}, "rates": rates})
            else:
                out.append(card)
        return out

    def adjustments(self, provider, key, sources):
        entry = (sources.get("litellm") or {}).get("entry", {})
        out = []
        factors = {}
        for geo in ("eu", "us"):
            factor = entry.get(f"regional_processing_uplift_multiplier_{geo}")
            if factor:
                factors.setdefault(dec(factor), []).append(geo)
        for factor, geos in factors.items():
            out.append({"when": {"geo": geos if len(geos) > 1 else geos[0]}, "factor": f"{factor:f}",
                        "source": FILES["litellm"][1]})
        specific = entry.get("provider_specific_entry") or {}
        if provider == "anthropic":
            if specific.get("us"):
                out.append({"when": {"geo": "us"}, "factor": f'{dec(specific["us"]):f}', "source": FILES["litellm"][1]})
            # A factor of 6 was withdrawn by its own table as invented; only the others are taken.
            if specific.get("fast") and dec(specific["fast"]) < 6:
                out.append({"when": {"speed": "fast"}, "factor": f'{norm(dec(specific["fast"])):f}',
                            "source": FILES["litellm"][1]})
        return out

    def names(self, model, key, sources, decision):
        aliases, prefixes, patterns = set(), set(), []
        genai = sources.get("genai")
        if genai:
            aliases |= {n.lower() for n in genai["names"]}
            for p in genai["prefixes"]:
                bare = p.lower().rstrip("-@")
                if bare.startswith("ft:"):
                    aliases.add(re.sub(r"-\d{4}$", "", bare))
                elif not re.search(r"[-@]\d{4}$|-0$|^gemma-3$", bare) and len(bare) > 4:
                    prefixes.add(bare)
                    aliases.add(bare)
            # The two patterns that only exclude ("not -tts") stand in conjunctions and are not taken.
            patterns = [p.strip("^$") for p in genai["patterns"] if not p.startswith("^(?!")]
        aliases |= set(a.lower() for a in decision.get("aliases", []))
        prefixes |= set(decision.get("prefixes", []))
        aliases -= {key.lower(), *decision.get("without", [])}
        if aliases:
            model["aliases"] = sorted(aliases)
        if prefixes:
            model["prefixes"] = sorted(prefixes)
        if patterns:
            model["patterns"] = patterns

    @staticmethod
    def written(card):
        out = OrderedDict()
        if card.get("from"):
            out["from"] = card["from"]
        if card.get("until"):
            out["until"] = card["until"]
        if card["when"]:
            out["when"] = card["when"]
        for extra in ("minimum", "read_as"):
            if extra in card:
                out[extra] = card[extra]
        if card["rates"]:
            out["rates"] = OrderedDict((u, show(u, r)) for u, r in card["rates"].items())
        else:
            out["free"] = True
        out["source"] = card["source"]
        return out


def special(provider, key, cards):
    """Rules of providers that no table has a place for."""
    out = []
    for card in cards:
        if provider == "groq" and "input_audio_seconds" in card["rates"]:
            card = {**card, "minimum": {"input_audio_seconds": 10}}
        out.append(card)
        if key.startswith(("gpt-image", "chatgpt-image")) and {"output", "output_image"} <= card["rates"].keys():
            # The images endpoint does not break its output down: all of it is images.
            out.append({**card, "when": {"endpoint": "images", **card["when"]}, "read_as": {"output": "output_image"}})
    return out


def close_gaps(cards):
    """A tier without facts for long prompts ends at the threshold: such a call has no price, rather than a wrong one.
    A threshold without tiers needs nothing: a call in a tier is only ever billed by a card of the tier."""
    long_bounds = {c["when"]["input_tokens"] for c in cards if "service_tier" not in c["when"] and "input_tokens" in c["when"]
                   and c["when"]["input_tokens"].startswith(">")}
    for tier in ("flex", "priority", "batch"):
        own = {c["when"].get("input_tokens") for c in cards if c["when"].get("service_tier") == tier}
        missing = long_bounds - own
        if own and missing:
            bound = sorted(missing, key=lambda b: int(re.sub(r"\D", "", b)))[0]
            upper = ("<" if bound.startswith(">=") else "<=") + re.sub(r"\D", "", bound)
            for c in cards:
                if c["when"].get("service_tier") == tier and "input_tokens" not in c["when"]:
                    c["when"] = {**c["when"], "input_tokens": upper}
    return cards


def merge_same(cards):
    """Drops a later card that changes nothing, and a range that costs what its base does."""
    out = []
    for card in cards:
        before = [c for c in out if c["when"] == card["when"]]
        if before and before[-1]["rates"] == card["rates"] and "until" not in before[-1]:
            continue
        out.append(card)
    return out


def claim_names(models):
    """One name, one model: a model's own id first, then the first that claims it, as in the source's own order."""
    taken = {key.lower(): key for key in models}
    lowered = set()
    for key in list(models):
        if key.lower() in lowered:
            del models[key]
            continue
        lowered.add(key.lower())
    prefixes = {}
    for key, model in models.items():
        for field, owners in (("aliases", taken), ("prefixes", prefixes)):
            if field in model:
                model[field] = [n for n in model[field] if owners.setdefault(n, key) == key]
                if not model[field]:
                    del model[field]


GEO = re.compile(r"^(regional|global|us-gov|us|eu|apac|jp|au|in|ca)\.(?=[a-z0-9-]+\.)")
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
        target = folded.setdefault(stem(key), OrderedDict(cards=[], aliases=set()))
        bare, term = place(key)
        target["aliases"].add(bare)
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


def parse(text):
    if text is None or text == "?":
        return None
    price, _, per = text.partition("/")
    return Decimal(price) / {"": 1, "M": MTOK, "k": K}.get(per, Decimal(per) if per.isdigit() else 1)


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


def main():
    compiler = Compiler(sys.argv[1])
    providers = compiler.run()
    out = sys.stdout
    out.write('{"format": "tallyspan-prices/1", "version": "%s", "currency": "USD", "providers": {\n' % VERSION)
    blocks = []
    for id_, provider in providers.items():
        models = provider.pop("models")
        head = json.dumps(provider)[:-1]
        lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in models.items())
        blocks.append(f' {json.dumps(id_)}: {head}{", " if len(head) > 1 else ""}"models": {{\n{lines}\n }}}}')
    out.write(",\n".join(blocks) + "\n}}\n")
    for line in compiler.report:
        print("decided:", line, file=sys.stderr)
    print(sum(json.dumps(p).count('"cards"') for p in providers.values()), file=sys.stderr)


if __name__ == "__main__":
    main()
