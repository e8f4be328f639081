"""Chooses, model by model, what today's tables say: base rates, tiers, fees, places, names.

Base rates and their history come from genai-prices where it has the model, else from LiteLLM. Service tiers are taken as
ratios to the standard rates of the same table, so that they follow the history of the base. The previous catalog is a
table too, the last to be asked: what was known and is in no package any more (tiers of models, lifetimes of cache
entries) stays, in ratio to today's price. Where tables contradict each other about a much-used model, decisions.json
must say which one holds, or the compilation fails.
"""
import json
import re
import sys
from collections import OrderedDict
from decimal import Decimal
from pathlib import Path

import genai_table
import litellm_table
import places
from units import TOKENS, dec, denoise, norm, parse, show

HERE = Path(__file__).parent
ORDER = ["genai", "litellm"]
# Places that these sellers state for the standard price, of models that cost more elsewhere.
STANDARD_PLACES = {"openai": ["global"], "anthropic": ["global"]}
TIERS = ("flex", "priority", "batch", "ultrafast", "balanced")
NAMES = {"genai": "genai-prices", "litellm": "litellm"}


def once(pairs):
    """A decision given twice would silently be the last one."""
    members = OrderedDict(pairs)
    if len(members) < len(pairs):
        sys.exit(f"decisions.json gives one name twice among {sorted(members)}")
    return members


# --- merging ----------------------------------------------------------------------------------------

class Chooser:
    """What today's tables say of every model of every provider."""

    def __init__(self, genai, litellm, facts, previous, today):
        """
        genai, litellm: the tables as published; facts: {table: {"version", "date"}}; previous: the catalog before;
        today: the day for which a table's dated prices are read where one figure is needed
        """
        self.tables = {"genai": genai_table.load(genai, today), "litellm": litellm_table.load(litellm)}
        self.labels = {t: f'{n}@{facts[n]["version"]}' for t, n in NAMES.items()}
        self.today = today
        self.previous = previous["providers"]
        self.providers = json.loads((HERE / "providers.json").read_text())
        self.decisions = json.loads((HERE / "decisions.json").read_text(), object_pairs_hook=once)
        self.undecided, self.report, self.used, self.deferred, self.folds = [], [], set(), set(), {}

    def run(self):
        """Returns {provider: {..., "models": {id: model}}}, or exits with what must be decided first."""
        out = OrderedDict()
        for provider, definition in self.providers.items():
            out[provider] = self.provider(provider, definition)
        for provider, definition in self.providers.items():
            for other in definition.get("fallback", []):
                self.defer(out[provider], out[other], provider, other)
        unused = {name for name, decision in self.decisions["models"].items() if not decision.get("drop")} - self.used
        known = {f"{p}/{m}" for p, d in self.previous.items() for m in d["models"]}
        if unused - known:
            sys.exit(f"decisions about models that the catalog does not have: {sorted(unused - known)}")
        if self.undecided:
            sys.exit("undecided; add to decisions.json:\n" + "\n".join(self.undecided))
        return out

    def defer(self, own, other, provider, maker):
        """A reseller's model whose price was the maker's on one day, where the maker's has a history, has that history
        too: a snapshot of a price that has moved since is worse than the fallback to the maker's card. It is left to
        the fallback, or takes the cards if it has factors of its own."""
        named = {name: m for k, m in other["models"].items() for name in (k.lower(), *m.get("aliases", []))}
        for key in list(own["models"]):
            mine, theirs = own["models"][key], named.get(key.lower())
            if theirs and any("from" in c for c in theirs["cards"]) and not any("genai" in c["source"] for c in mine["cards"]) \
                    and f"{provider}/{key}" not in self.decisions["models"]:
                plain = [c["rates"] for c in mine["cards"] if "when" not in c and "rates" in c]
                if any(all(c.get("rates", {}).get(u) == plain[0].get(u) for u in ("input", "output"))
                       for c in theirs["cards"] if plain):
                    if "adjustments" in mine:
                        mine["cards"] = theirs["cards"]
                    else:
                        del own["models"][key]
                        self.deferred.add((provider, key))
                    self.report.append(f"{provider}/{key}: as {maker}, whose price has a history")

    def provider(self, provider, definition):
        known = self.collect(definition["tables"], provider)
        models = OrderedDict()
        for key in sorted(known):
            sources = known[key]
            decision = self.decisions["models"].get(f"{provider}/{key}", {})
            self.used.add(f"{provider}/{key}")
            if decision.get("drop"):
                continue
            if "genai" not in sources and not definition.get("alone") and not decision.get("keep") \
                    and key not in self.previous.get(provider, {}).get("models", {}):
                continue  # LiteLLM alone is believed about some sellers, and about models that another table knew too.
            model = self.model(provider, key, sources, decision)
            if model:
                models[key] = model
        for name, decision in self.decisions["models"].items():
            owner, _, key = name.partition("/")
            if owner == provider and key not in models and "cards" in decision:
                self.used.add(name)
                models[key] = {k: decision[k] for k in ("aliases", "prefixes", "cards", "adjustments") if k in decision}
        if provider == "aws.bedrock":
            models = places.bedrock(models)
        if provider == "azure.ai.openai":
            places.azure(models, self.labels["litellm"])
        result = OrderedDict((k, v) for k, v in definition.items() if k not in ("tables", "alone", "major") and v)
        if provider in self.decisions.get("adjustments", {}):
            result["adjustments"] = self.decisions["adjustments"][provider]
        result["models"] = models
        return result

    def collect(self, ids, provider):
        """Returns {model id: {table: entry}}; ids without the table's prefixes."""
        known = {}
        for table in ORDER:
            owners = {o: begin for o, _, begin in (spec.partition(":") for spec in ids[table])}
            for (owner, key), entry in self.tables[table].items():
                if owner in owners and key.startswith(owners[owner]):
                    name = key
                    for prefix in ids["strip"] if table == "litellm" else []:
                        if name.lower().startswith(prefix) and provider != "openrouter" or name.startswith("openrouter/"):
                            name = name[len(prefix):] if name.lower().startswith(prefix) else name
                    if not re.search(r"/\d+-x-\d+|^\d+-x-\d+|steps/|1024-x|^(standard|hd|low|medium|high)/", name) \
                            and "*" not in name and len(name) < 120:
                        mine = known.setdefault(name, {}).setdefault(table, entry)
                        if mine is not entry and mine["grid"].get((None, None)) == entry["grid"].get((None, None)):
                            # Two spellings of one id: either may be the one that has the tiers.
                            known[name][table] = {**mine, "grid": {**entry["grid"], **mine["grid"]}}
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
            if "genai" not in sources and key.lower() in alias and not (
                    places.place(key)[1] and self.differ(sources["litellm"], known[alias[key.lower()]]["genai"])):
                target = alias[key.lower()]  # (A place of Bedrock's with a price of its own is none of the names for another place.)
            bare = re.sub(r"([-@]\d{8}|-\d{4}-\d{2}-\d{2})$", "", key)
            if target == key and bare != key and bare in known and "genai" not in sources \
                    and self.alike(sources, known[bare]):
                target = alias.get(bare.lower(), bare) if "genai" not in known[bare] else bare
            targets[key] = target
        for key, sources in sorted(known.items(), key=lambda item: targets[item[0]] != item[0]):
            self.folds[provider, key.lower()] = targets[key]
            entry = folded.setdefault(targets[key], {})
            for table, value in sources.items():
                mine = entry.setdefault(table, value)
                standard = value.get("grid", {}).get((None, None))
                theirs = mine.get("grid", {}).get((None, None))
                if key != targets[key] and standard and theirs and self.differ(value, mine) and provider != "aws.bedrock":
                    self.contested(provider, targets[key], f"{provider}/{key}: {table} has it at {show('input', standard.get('input'))}, "
                                   f"and {targets[key]}, of which it is another name, at {show('input', theirs.get('input'))}")
                if standard and standard == mine["grid"].get((None, None)):
                    # Another name of the same price may be the one that has its tiers.
                    entry[table] = {**mine, "grid": {**value["grid"], **mine["grid"]}}
        return folded

    @staticmethod
    def differ(one, other):
        a, b = (entry["grid"].get((None, None), {}) for entry in (one, other))
        return any(a.get(u) != b.get(u) for u in ("input", "output"))

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
            cards = self.base_cards(base, provider, key, sources)
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
        if provider in STANDARD_PLACES and any("geo" in a["when"] for a in adjustments):
            model["prices_by"] = {"geo": STANDARD_PLACES[provider]}
        if decision.get("dated") is False:
            model["dated"] = False
        return model

    def base_cards(self, base, provider, key, sources):
        source = self.labels[base]
        if base == "genai":
            rename = {"web_searches": self.search_unit(provider, key, sources)}
            return [{**c, "when": dict(c["when"]), "source": source,
                     "rates": OrderedDict((rename.get(u, u), r) for u, r in c["rates"].items())} for c in sources["genai"]["cards"]]
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
                if not c["when"] and (c["from"] or "") <= self.today:
                    best = c
            return best["rates"] if best else {}
        return entry["grid"].get((None, None), {})

    def compare(self, provider, key, sources, base, cards, decision):
        """Models of the sellers that most calls go to must not be contested without a decision."""
        chosen = [c for c in cards if not c["when"] and (c["from"] or "") <= self.today]
        if "base" in decision or not chosen or key.startswith("regional."):
            return  # (Bedrock's: LiteLLM has the global price under the name without a place, where AWS bills the regional one.)
        for table, entry in sources.items():
            if table == base:
                continue
            for unit in ("input", "output", "cache_read"):
                mine, other = chosen[-1]["rates"].get(unit), self.standard(table, entry).get(unit)
                if mine and other and not isinstance(mine, tuple) and denoise(mine) != denoise(other):
                    self.contested(provider, key, f"{provider}/{key} {unit}: {base} {show(unit, mine)}, {table} {show(unit, other)}")

    def contested(self, provider, key, text):
        decision = self.decisions["models"].get(f"{provider}/{key}", {})
        decided = decision.get("agreed") or "base" in decision or "cards" in decision or provider in self.decisions["providers"]
        major = self.providers[provider].get("major")
        (self.undecided if major and not decided else self.report).append(text)

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
            unit = self.search_unit(provider, key, sources)
            for card in cards:
                if fee and card["rates"]:
                    card["rates"].setdefault(unit, fee)

    @staticmethod
    def search_unit(provider, key, sources):
        """Gemini 3 is charged for each query, earlier ones for each prompt that was grounded."""
        entry = (sources.get("litellm") or {}).get("entry", {})
        grounded = provider in ("gcp.gemini", "gcp.vertex_ai") and re.match(r"gemini-(1|2|exp|pro|flash)", key) \
            and entry.get("web_search_billing_unit") != "per_query"
        return "grounded_prompts" if grounded else "web_searches"

    def tiers(self, provider, key, sources, cards):
        """Service tiers, as ratios to the same table's standard rates; LiteLLM before Portkey, which rounds."""
        out = list(cards)
        for tier in TIERS:
            for card in cards:
                if "time" in card["when"] or not card["rates"]:
                    continue
                bound = card["when"].get("input_tokens")
                threshold = int(re.search(r"\d+", bound).group()) if bound else None
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
                tables = sorted({label for _, label, _ in ratios.values()})
                out.append({**card, "when": {"service_tier": tier, **card["when"]}, "rates": scaled,
                            "source": ", ".join(tables) + " x " + card["source"]})
        return out

    def ratios(self, provider, key, sources, tier, threshold):
        """{unit: (tier's price by the standard one, table, tier's price)}, each unit from genai-prices if it is there, else
        from LiteLLM, else from the catalog before. The ratio is None where the table has no standard price for the unit."""
        out = {}
        for table, entry in ((None, self.before(provider, key)), ("litellm", sources.get("litellm")), ("genai", sources.get("genai"))):
            rates = entry and entry["grid"].get((tier, threshold))
            standard = self.ratio_base(entry, threshold) if entry else {}
            if entry and not rates and provider == "anthropic":
                # Half of any price, that of a long prompt included.
                rates, standard = entry["grid"].get((tier, None)), self.ratio_base(entry, None)
            if not rates or tier == "priority" and all(rates.get(u) == standard.get(u) for u in ("input", "output")):
                continue  # A table that has nothing yet repeats the standard price.
            for unit, rate in rates.items():
                if isinstance(rate, tuple):
                    continue  # Hours of audio are in no tier.
                label = self.labels.get(table) or entry["sources"][tier]
                if not standard.get(unit):
                    out.setdefault(unit, (None, label, rate))
                else:
                    out[unit] = (rate / standard[unit], label, rate)
        return out

    def before(self, provider, key):
        """The previous catalog's last prices of a model as one more table."""
        grid, sources = {}, {}
        if provider == "aws.bedrock":
            return None  # One model there is many here, with a price for each place.
        for card in self.previous.get(provider, {}).get("models", {}).get(key, {}).get("cards", []):
            when = card.get("when", {})
            threshold = re.fullmatch(r">=?(\d+)", when.get("input_tokens", ">0"))
            if when.keys() <= {"service_tier", "input_tokens"} and threshold and card.get("from", "") <= self.today \
                    and isinstance(when.get("service_tier"), (str, type(None))) and "until" not in card and "withdrawn" not in card:
                tier, limit = when.get("service_tier"), int(threshold.group(1)) or None
                grid[tier, limit] = OrderedDict((u, parse(r)) for u, r in card.get("rates", {}).items()
                                                if u in TOKENS and parse(r) is not None)
                sources[tier] = card.get("source", "").split(" x ")[0]
        return {"grid": grid, "sources": sources} if grid else None

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
        """Factors for places and speeds, on all of a model's token prices."""
        entry = (sources.get("litellm") or {}).get("entry", {})
        litellm, found = self.labels["litellm"], []
        geos = {g: entry.get(f"regional_processing_uplift_multiplier_{g}") for g in ("eu", "us")}
        if provider == "anthropic":
            geos["us"] = (entry.get("provider_specific_entry") or {}).get("us")
        if provider == "gcp.vertex_ai":
            # What Google calls regional and multi-region endpoints: all but the global one.
            geos["!global"] = entry.get("regional_endpoint_uplift_multiplier")
        factors = OrderedDict()
        for geo, factor in geos.items():
            if factor and dec(factor) != 1:
                factors.setdefault(norm(dec(factor)), []).append(geo)
        for factor, named in factors.items():
            found.append({"when": {"geo": named if len(named) > 1 else named[0]}, "factor": f"{factor:f}", "source": litellm})
        if provider == "anthropic":
            fast = set((sources.get("genai") or {}).get("speeds", {}).values())
            specific = (entry.get("provider_specific_entry") or {}).get("fast")
            if len(fast) == 1:
                found.append({"when": {"speed": "fast"}, "factor": f"{norm(fast.pop()):f}", "source": self.labels["genai"]})
            elif specific and dec(specific) < 6:
                # A factor of 6 was withdrawn by its own table as invented; only the others are taken.
                found.append({"when": {"speed": "fast"}, "factor": f"{norm(dec(specific)):f}", "source": litellm})
        return found

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
        aliases |= {a.lower().rpartition("/")[2] for a in (sources.get("litellm") or {}).get("aliases", [])}
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


