"""OTLP trace requests as protobuf messages, for converters that want those; runs inside a backend's own environment."""

import base64
import json
import sys

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = ("traceId", "spanId", "parentSpanId")


def parse(body):
    """A request from its body, protobuf or JSON."""
    if body.lstrip()[:1] == b"{":
        return ParseDict(_with_base64_ids(json.loads(body)), ExportTraceServiceRequest(), ignore_unknown_fields=True)
    return ExportTraceServiceRequest.FromString(body)


def spans(request):
    """Each span with its resource."""
    for of_resource in request.resource_spans:
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                yield span, of_resource.resource


def report(facts):
    """Reads requests, a file name or a JSON body a line, and writes the facts of each span, a request a line."""
    for line in sys.stdin.buffer:
        line = line.rstrip(b"\n")
        if line[:1] == b"{":
            request = parse(line)
        else:
            with open(line, "rb") as file:
                request = parse(file.read())
        print(json.dumps({span.span_id.hex(): facts(span, resource) for span, resource in spans(request)}))


def _with_base64_ids(node):
    """OTLP/JSON has ids in hex, where protobuf's own JSON has base64."""
    if isinstance(node, dict):
        return {
            key: base64.b64encode(bytes.fromhex(value)).decode()
            if key in IDS and isinstance(value, str)
            else _with_base64_ids(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_with_base64_ids(element) for element in node]
    return node
