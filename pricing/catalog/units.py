"""Units, and prices as decimals: how the tables' numbers become a catalog's strings and back."""
from decimal import Decimal

TOKENS = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "input_audio", "cache_read_audio", "input_image",
          "cache_read_image", "input_video", "output", "reasoning", "citation", "output_audio", "output_image",
          "output_video"]
CHARACTERS = ["input_characters", "output_characters", "input_pixels", "output_pixels"]
THOUSANDS = ["web_searches", "file_searches", "grounded_prompts", "input_document_pages", "input_annotated_document_pages",
             "requests", "rerank_searches"]
MTOK, K = Decimal(1000000), Decimal(1000)


def dec(x):
    return x if isinstance(x, Decimal) else Decimal(x)


def norm(d):
    d = d.normalize()
    return d.quantize(Decimal(1)) if d.as_tuple().exponent > 0 else d


def denoise(d):
    """Some tables hold quotients computed in floating point; 12 digits keep every genuine price."""
    return d if len(d.as_tuple().digits) <= 12 else Decimal(f"{d:.11e}").normalize()


def show(unit, rate):
    """A rate per single unit as the catalog writes it. None is "?": charged for, at a price that cannot be told."""
    if rate is None:
        return "?"
    if isinstance(rate, tuple):
        price, per = rate
        return f"{norm(price):f}/{per}"
    if rate == 0:
        return "0"
    if unit in TOKENS or unit in CHARACTERS:
        return f"{norm(rate * MTOK):f}/M"
    if unit in THOUSANDS:
        return f"{norm(rate * K):f}/k"
    return f"{norm(rate):f}"


def parse(text):
    """The rate per single unit of what `show` wrote; None for "?" and for no rate."""
    if text is None or text == "?":
        return None
    price, _, per = text.partition("/")
    return Decimal(price) / {"": 1, "M": MTOK, "k": K}.get(per, Decimal(per) if per.isdigit() else 1)
