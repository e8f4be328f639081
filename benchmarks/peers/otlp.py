"""OTLP requests as Python dictionaries in the shape of OTLP/JSON, and their protobuf encoding.

The dictionaries follow the JSON mapping of the OTLP specification: lowerCamelCase names, ids in hex, 64-bit integers
as decimal strings. `encode` and `decode` know the fields named in the tables below, which is what the checks need.
"""

import struct

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5

# Message -> field name -> (field number, type). A type is a scalar of `SCALARS` or a message; `[...]` repeats.
MESSAGES = {
    "Traces": {"resourceSpans": (1, ["ResourceSpans"])},
    "ResourceSpans": {"resource": (1, "Resource"), "scopeSpans": (2, ["ScopeSpans"]), "schemaUrl": (3, "string")},
    "Resource": {"attributes": (1, ["KeyValue"])},
    "ScopeSpans": {"scope": (1, "Scope"), "spans": (2, ["Span"]), "schemaUrl": (3, "string")},
    "Scope": {"name": (1, "string"), "version": (2, "string"), "attributes": (3, ["KeyValue"])},
    "Span": {
        "traceId": (1, "id"),
        "spanId": (2, "id"),
        "traceState": (3, "string"),
        "parentSpanId": (4, "id"),
        "name": (5, "string"),
        "kind": (6, "int"),
        "startTimeUnixNano": (7, "fixed64"),
        "endTimeUnixNano": (8, "fixed64"),
        "attributes": (9, ["KeyValue"]),
        "events": (11, ["Event"]),
        "links": (13, ["Link"]),
        "status": (15, "Status"),
        "flags": (16, "fixed32"),
    },
    "Event": {"timeUnixNano": (1, "fixed64"), "name": (2, "string"), "attributes": (3, ["KeyValue"])},
    "Link": {"traceId": (1, "id"), "spanId": (2, "id"), "attributes": (4, ["KeyValue"])},
    "Status": {"message": (2, "string"), "code": (3, "int")},
    "KeyValue": {"key": (1, "string"), "value": (2, "AnyValue")},
    "AnyValue": {
        "stringValue": (1, "string"),
        "boolValue": (2, "bool"),
        "intValue": (3, "int64"),
        "doubleValue": (4, "double"),
        "arrayValue": (5, "ArrayValue"),
    },
    "ArrayValue": {"values": (1, ["AnyValue"])},
    "Logs": {"resourceLogs": (1, ["ResourceLogs"])},
    "ResourceLogs": {"resource": (1, "Resource"), "scopeLogs": (2, ["ScopeLogs"])},
    "ScopeLogs": {"scope": (1, "Scope"), "logRecords": (2, ["LogRecord"])},
    "LogRecord": {
        "timeUnixNano": (1, "fixed64"),
        "severityNumber": (2, "int"),
        "severityText": (3, "string"),
        "body": (5, "AnyValue"),
        "attributes": (6, ["KeyValue"]),
        "traceId": (9, "id"),
        "spanId": (10, "id"),
        "eventName": (12, "string"),
    },
    "Metrics": {"resourceMetrics": (1, ["ResourceMetrics"])},
    "ResourceMetrics": {"resource": (1, "Resource"), "scopeMetrics": (2, ["ScopeMetrics"])},
    "ScopeMetrics": {"scope": (1, "Scope"), "metrics": (2, ["Metric"])},
    "Metric": {"name": (1, "string"), "unit": (3, "string"), "sum": (7, "Sum"), "histogram": (9, "Histogram")},
    "Sum": {"dataPoints": (1, ["NumberPoint"]), "aggregationTemporality": (2, "int"), "isMonotonic": (3, "bool")},
    "NumberPoint": {
        "startTimeUnixNano": (2, "fixed64"),
        "timeUnixNano": (3, "fixed64"),
        "asInt": (6, "sfixed64"),
        "attributes": (7, ["KeyValue"]),
    },
    "Histogram": {"dataPoints": (1, ["HistogramPoint"]), "aggregationTemporality": (2, "int")},
    "HistogramPoint": {
        "startTimeUnixNano": (2, "fixed64"),
        "timeUnixNano": (3, "fixed64"),
        "count": (4, "fixed64"),
        "sum": (5, "double"),
        "bucketCounts": (6, ["fixed64"]),
        "explicitBounds": (7, ["double"]),
        "attributes": (9, ["KeyValue"]),
    },
}

# Scalar -> (wire type, value to bytes, bytes or varint to value).
SCALARS = {
    "string": (LENGTH, lambda v: v.encode(), lambda b: b.decode()),
    "id": (LENGTH, bytes.fromhex, bytes.hex),
    "bool": (VARINT, lambda v: varint(int(v)), bool),
    "int": (VARINT, lambda v: varint(int(v)), int),
    "int64": (VARINT, lambda v: varint(int(v) & (1 << 64) - 1), lambda n: str(n - (1 << 64) if n >> 63 else n)),
    "fixed32": (FIXED32, lambda v: struct.pack("<I", int(v)), lambda b: struct.unpack("<I", b)[0]),
    "fixed64": (FIXED64, lambda v: struct.pack("<Q", int(v)), lambda b: str(struct.unpack("<Q", b)[0])),
    "sfixed64": (FIXED64, lambda v: struct.pack("<q", int(v)), lambda b: str(struct.unpack("<q", b)[0])),
    "double": (FIXED64, lambda v: struct.pack("<d", v), lambda b: struct.unpack("<d", b)[0]),
}


def attributes(values):
    """The key-value list for a dictionary of str, bool, int, float and list values."""
    return [{"key": key, "value": any_value(value)} for key, value in values.items()]


def plain(key_values):
    """The dictionary for a key-value list; the inverse of `attributes`."""
    return {pair["key"]: plain_value(pair.get("value", {})) for pair in key_values}


def any_value(value):
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [any_value(item) for item in value]}}
    return {"stringValue": value}


def plain_value(value):
    if not value:
        return None
    (kind, content), *_ = value.items()
    if kind == "intValue":
        return int(content)
    if kind == "doubleValue":
        return float(content)
    if kind == "arrayValue":
        return [plain_value(item) for item in content.get("values", [])]
    if kind == "kvlistValue":
        return plain(content.get("values", []))
    return content


def spans(request):
    """Each span of a trace request."""
    for resource in request.get("resourceSpans", []):
        for scope in resource.get("scopeSpans", []):
            yield from scope.get("spans", [])


def log_records(request):
    """Each log record of a logs request."""
    for resource in request.get("resourceLogs", []):
        for scope in resource.get("scopeLogs", []):
            yield from scope.get("logRecords", [])


def data_points(request):
    """Each (metric name, data point) of a metrics request."""
    for resource in request.get("resourceMetrics", []):
        for scope in resource.get("scopeMetrics", []):
            for metric in scope.get("metrics", []):
                for kind in ("sum", "histogram"):
                    for point in metric.get(kind, {}).get("dataPoints", []):
                        yield metric["name"], point


def encode(message, value):
    """The protobuf bytes of a dictionary as the named message."""
    out = bytearray()
    for name, (number, kind) in MESSAGES[message].items():
        if name not in value:
            continue
        repeated = isinstance(kind, list)
        item = kind[0] if repeated else kind
        if repeated and item in SCALARS:
            packed = b"".join(SCALARS[item][1](v) for v in value[name])
            out += varint(number << 3 | LENGTH) + varint(len(packed)) + packed
            continue
        for element in value[name] if repeated else [value[name]]:
            wire = SCALARS[item][0] if item in SCALARS else LENGTH
            body = SCALARS[item][1](element) if item in SCALARS else encode(item, element)
            out += varint(number << 3 | wire)
            out += varint(len(body)) + body if wire == LENGTH else body
    return bytes(out)


def decode(message, data):
    """The dictionary of protobuf bytes as the named message; fields the tables do not know are left out."""
    names = {number: (name, kind) for name, (number, kind) in MESSAGES[message].items()}
    value, at = {}, 0
    while at < len(data):
        tag, at = read_varint(data, at)
        wire = tag & 7
        if wire == VARINT:
            content, at = read_varint(data, at)
        elif wire in (FIXED64, FIXED32, LENGTH):
            size, at = read_varint(data, at) if wire == LENGTH else (8 if wire == FIXED64 else 4, at)
            content, at = data[at : at + size], at + size
        else:
            raise ValueError(f"wire type {wire} in {message}")
        name, kind = names.get(tag >> 3, (None, None))
        item = kind[0] if isinstance(kind, list) else kind
        if name is None or (isinstance(kind, list) and item in SCALARS):
            continue
        decoded = SCALARS[item][2](content) if item in SCALARS else decode(item, content)
        if isinstance(kind, list):
            value.setdefault(name, []).append(decoded)
        else:
            value[name] = decoded
    return value


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return number, at
        shift += 7
