"""LiteLLM's table as entries of the compiler: tiers, fees, uplift, and everything that is not billed by the token."""
import re
from collections import OrderedDict
from decimal import Decimal

from units import TOKENS, dec, denoise

UNITS = {
    "input_cost_per_token": "input", "output_cost_per_token": "output", "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m", "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
    "output_cost_per_reasoning_token": "reasoning", "input_cost_per_audio_token": "input_audio",
    "output_cost_per_audio_token": "output_audio", "cache_read_input_audio_token_cost": "cache_read_audio",
    "input_cost_per_image_token": "input_image", "output_cost_per_image_token": "output_image",
    "cache_read_input_image_token_cost": "cache_read_image", "input_cost_per_video_token": "input_video",
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
TIER_SUFFIX = {"_flex": "flex", "_priority": "priority", "_batches": "batch", "_ultrafast": "ultrafast", "_balanced": "balanced"}


def key(field):
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
    unit = UNITS.get(field)
    return (unit, threshold, tier) if unit else None


def load(table):
    """{(litellm_provider, key): entry}."""
    models, aliases = {}, {}
    for name, entry in table.items():
        if not isinstance(entry, dict) or name in ("sample_spec", "fallback_generalizations"):
            continue
        if "alias_of" in entry and "litellm_provider" not in entry:
            aliases.setdefault(entry["alias_of"], []).append(name)
            continue
        grid = {}
        for field, value in entry.items():
            found = key(field)
            if not found or isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
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
                    found = key(field)
                    if found and isinstance(value, (int, float, Decimal)):
                        rates[found[0]] = denoise(dec(value))
                ranges.append((int(tier["range"][0]), int(tier["range"][1]), rates))
        for bound in [b for b in grid if b[1] and not grid[b].keys() & {"input", "output"}]:
            del grid[bound]  # A threshold for audio alone is a leftover: the price of text in the wrong field.
        if not grid and not ranges:
            continue
        if any(rate > Decimal("0.01") for rates in grid.values() for unit, rate in rates.items() if unit in TOKENS):
            continue  # A price per million where one per token belongs (all of wandb, once).
        models[(entry.get("litellm_provider", ""), name)] = {"grid": grid, "ranges": ranges, "entry": entry, "aliases": []}
    for (_, name), entry in models.items():
        entry["aliases"] = aliases.get(name, [])
    return models
