"""Requests that a backend may refuse, and what the fakes in the tests of the collector answer to them.

The table of `FAKES` holds the status for each request and backend; `StrictBackendsTest` requires it of the fakes, and
`live` of the real servers.
"""

import gzip
import json
import time
import zlib
from pathlib import Path

from agent_run import PLANNING, agent_run
from otlp import any_value, encode

ROOT = Path(__file__).resolve().parent.parent.parent
FAKES = ROOT / "collector-processor/src/test/resources/profiles/refusals.txt"
PROTOBUF = "application/x-protobuf"
JSON = "application/json"


def expected():
    """Backend -> request -> status."""
    table = {}
    for line in FAKES.read_text().splitlines():
        if line and not line.startswith("#"):
            backend, request, status = (cell.strip() for cell in line.split("|"))
            table.setdefault(backend, {})[request] = int(status)
    return table


def requests(backend):
    """Request -> (path, headers, body) for a server."""
    own, path = backend.elsewhere(), backend.path
    trace = body()

    def with_type(content_type, content=trace):
        return path, {"content-type": content_type} | own, content

    def with_encoding(encoding, content=trace):
        return path, {"content-type": PROTOBUF, "content-encoding": encoding} | own, content

    made = {
        "a trace": with_type(PROTOBUF),
        "gzip": with_encoding("gzip", gzip.compress(trace)),
        "deflate": with_encoding("deflate", zlib.compress(trace)),
        "GZIP": with_encoding("GZIP", gzip.compress(trace)),
        "zstd": with_encoding("zstd"),
        "identity": with_encoding("identity"),
        "gzip that is none": with_encoding("gzip"),
        "JSON": with_type(JSON, json.dumps(request()).encode()),
        "JSON with a charset": with_type(f"{JSON}; charset=utf-8", json.dumps(request()).encode()),
        "protobuf with a charset": with_type(f"{PROTOBUF}; charset=utf-8"),
        "content type in capitals": with_type("Application/X-Protobuf"),
        "text/plain": with_type("text/plain"),
        "no protobuf": with_type(PROTOBUF, b"\x07"),
        "no spans": with_type(PROTOBUF, b""),
        "another path": (f"{path}/more", {"content-type": PROTOBUF} | own, trace),
        "NUL in a value": with_type(PROTOBUF, body(note="a\0b")),
        "no UTF-8": with_type(PROTOBUF, body(note="@@@@").replace(b"@@@@", b"@\xff\xfe@")),
        "a value of 6 MB": with_type(PROTOBUF, body(note="x" * 6_000_000)),
        "a span without an id": with_type(PROTOBUF, body(without="spanId")),
        "a span without a trace": with_type(PROTOBUF, body(without="traceId")),
        "an end after 2262": with_type(PROTOBUF, body(endTimeUnixNano=str(2**64 - 1))),
    }
    if "x-mlflow-experiment-id" in own:
        made["no experiment"] = path, {"content-type": PROTOBUF}, trace
        # Traces of their own: one that is stored is found whatever the experiment.
        for name, value in (("an unknown experiment", "999"), ("an experiment's name", "trips")):
            made[name] = path, {"content-type": PROTOBUF, "x-mlflow-experiment-id": value}, body()
    return made


def body(**changes):
    return encode("Traces", request(**changes))


def request(note=None, without=None, **fields):
    """The run of an agent, one of its spans changed."""
    _, made = agent_run(time.time_ns())
    spans = made["resourceSpans"][0]["scopeSpans"][0]["spans"]
    (span,) = (each for each in spans if each["name"] == PLANNING)
    if note:
        span["attributes"].append({"key": "note", "value": any_value(note)})
    if without:
        del span[without]
    span |= fields
    return made
