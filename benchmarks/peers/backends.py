"""The two real peers as backends: started, asked what arrived, and compared with what was sent."""

import json
import os
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field

from otlp import data_points, log_records, plain, spans
from processes import Process, free_ports
from sample import ERROR

RECEIVERS = """
receivers:
  otlp:
    protocols:
      grpc: {{endpoint: "127.0.0.1:{grpc}"}}
      http: {{endpoint: "127.0.0.1:{http}"}}
"""

COLLECTOR = (
    RECEIVERS
    + """
exporters:
  file/traces: {{path: "{folder}/traces.json", flush_interval: 100ms}}
  file/logs: {{path: "{folder}/logs.json", flush_interval: 100ms}}
  file/metrics: {{path: "{folder}/metrics.json", flush_interval: 100ms}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [file/traces]}}
    logs: {{receivers: [otlp], exporters: [file/logs]}}
    metrics: {{receivers: [otlp], exporters: [file/metrics]}}
"""
)

# A Collector that forwards, in the place of the subject.
FORWARDER = (
    RECEIVERS
    + """
exporters:
  otlp_grpc: {{endpoint: "{endpoint}", tls: {{insecure: true}}, compression: {compression}}}
  otlp_http: {{endpoint: "{endpoint}", compression: {compression}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [{exporter}]}}
    logs: {{receivers: [otlp], exporters: [{exporter}]}}
    metrics: {{receivers: [otlp], exporters: [{exporter}]}}
"""
)

# A Collector in front of the subject: for each way of sending, a receiver, an exporter and pipelines of its own.
EDGE = """
receivers:
{receivers}
exporters:
{exporters}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
{pipelines}
"""

JAEGER = (
    RECEIVERS
    + """
extensions:
  jaeger_storage:
    backends:
      store: {{memory: {{max_traces: 100000}}}}
  jaeger_query:
    storage: {{traces: store}}
    enable_tracing: false
    grpc: {{endpoint: "127.0.0.1:{query_grpc}"}}
    http: {{endpoint: "127.0.0.1:{query_http}"}}
exporters:
  jaeger_storage_exporter: {{trace_storage: store}}
service:
  extensions: [jaeger_storage, jaeger_query]
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [jaeger_storage_exporter]}}
"""
)


@dataclass
class Arrived:
    """What a backend holds: spans by (trace id, span id), how often each came, and the other signals' marks."""

    spans: dict = field(default_factory=dict)
    times: Counter = field(default_factory=Counter)
    log_records: Counter = field(default_factory=Counter)
    data_points: Counter = field(default_factory=Counter)

    def add(self, span):
        self.spans[span.key] = span
        self.times[span.key] += 1


@dataclass(frozen=True)
class ArrivedSpan:
    """A span as a backend shows it: its attributes, and everything else in the backend's own shape."""

    key: tuple
    values: dict
    shown: dict


class Collector:
    """An OpenTelemetry Collector that writes what it receives to files, one request a line."""

    name = "Collector"
    takes_logs_and_metrics = True
    own_attributes = ()

    def __init__(self, executable, folder, start_timeout):
        self.folder = folder
        self.grpc, self.http = free_ports(2)
        config = COLLECTOR.format(grpc=self.grpc, http=self.http, folder=folder)
        self.process = collector(self.name, executable, folder, config, [self.grpc, self.http], start_timeout)

    def arrived(self, trace_ids):
        result = Arrived()
        for request in self._requests("traces"):
            for span in spans(request):
                key = span["traceId"], span["spanId"]
                result.add(ArrivedSpan(key, plain(span.get("attributes", [])), span))
        for request in self._requests("logs"):
            result.log_records.update(record["body"]["stringValue"] for record in log_records(request))
        for request in self._requests("metrics"):
            for name, point in data_points(request):
                result.data_points[f"{name} {plain(point['attributes']).get('interop')}"] += 1
        return result

    def close(self, trace_ids):
        """Stops the Collector, which writes out what it holds; returns all that arrived, and a fault or None."""
        fault = self.process.stop()
        return self.arrived(trace_ids), fault

    def faults(self, sent, arrived):
        """What of the span, its attributes apart, differs from what was sent."""
        return differences(canonical(sent.span), canonical(arrived.shown))

    def _requests(self, signal):
        with open(os.path.join(self.folder, f"{signal}.json"), encoding="utf-8") as lines:
            for line in lines:
                if line.endswith("\n"):
                    yield json.loads(line)


class Jaeger:
    """A Jaeger with memory storage, asked through the query API that its own user interface uses."""

    name = "Jaeger"
    takes_logs_and_metrics = False
    # What Jaeger shows as tags beside the span's attributes: kind, status, scope, trace state.
    own_attributes = ("span.kind", "error", "otel.", "w3c.", "internal.")

    def __init__(self, executable, folder, start_timeout):
        self.grpc, self.http, self.query, query_grpc = ports = free_ports(4)
        config = JAEGER.format(grpc=self.grpc, http=self.http, query_http=self.query, query_grpc=query_grpc)
        self.process = collector(self.name, executable, folder, config, ports, start_timeout)

    def arrived(self, trace_ids):
        result = Arrived()
        for trace_id in trace_ids:
            for span in self._trace(trace_id):
                values = {tag["key"]: tag["value"] for tag in span["tags"]}
                result.add(ArrivedSpan((span["traceID"], span["spanID"]), values, span))
        return result

    def close(self, trace_ids):
        """Returns all that arrived, then stops Jaeger, which keeps it in memory; also a fault or None."""
        return self.arrived(trace_ids), self.process.stop()

    def faults(self, sent, arrived):
        """What of the span, its attributes apart, differs from what was sent, as far as Jaeger shows it."""
        span, shown = sent.span, arrived.shown
        start, end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
        parents = [ref["spanID"] for ref in shown["references"] if ref["refType"] == "CHILD_OF"]
        return differences(
            {
                "name": span["name"],
                "start": start // 1000,
                "duration": (end - start) // 1000,
                "parents": [span["parentSpanId"]] if "parentSpanId" in span else [],
                "events": [event["name"] for event in span.get("events", [])],
                "error": span.get("status", {}).get("code") == ERROR,
            },
            {
                "name": shown["operationName"],
                "start": shown["startTime"],
                "duration": shown["duration"],
                "parents": parents,
                "events": [f["value"] for log in shown["logs"] for f in log["fields"] if f["key"] == "event"],
                "error": arrived.values.get("error", False),
            },
        )

    def _trace(self, trace_id):
        url = f"http://127.0.0.1:{self.query}/api/traces/{trace_id}"
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as response:
                return [span for trace in json.load(response)["data"] for span in trace["spans"]]
        except urllib.error.HTTPError as e:
            if e.code == 404:
                return []
            raise


@dataclass(frozen=True)
class Way:
    """How a Collector sends: `grpc` or `http`, `proto` or `json`, and the compression."""

    protocol: str
    encoding: str
    compression: str

    @property
    def name(self):
        protocol = "grpc" if self.protocol == "grpc" else f"http/{'json' if self.encoding == 'json' else 'protobuf'}"
        return f"Collector, {protocol} {self.compression}"


COMPRESSIONS = ("gzip", "zstd", "none")
WAYS = [
    Way(protocol, encoding, compression)
    for protocol, encoding in (("grpc", "proto"), ("http", "proto"), ("http", "json"))
    for compression in COMPRESSIONS
]


def edge(executable, folder, ways, ports, grpc_endpoint, http_endpoint, start_timeout):
    """A Collector that takes OTLP/HTTP on each of the ports and sends it on in the way of the same index."""
    receivers, exporters, pipelines = [], [], []
    for number, (way, port) in enumerate(zip(ways, ports)):
        receivers.append(f'  otlp/{number}: {{protocols: {{http: {{endpoint: "127.0.0.1:{port}"}}}}}}')
        if way.protocol == "grpc":
            exporter, keys = "otlp_grpc", f'endpoint: "{grpc_endpoint}", tls: {{insecure: true}}'
        else:
            exporter, keys = "otlp_http", f'endpoint: "{http_endpoint}", encoding: {way.encoding}'
        exporters.append(f"  {exporter}/{number}: {{{keys}, compression: {way.compression}}}")
        for signal in ("traces", "logs", "metrics"):
            pipelines.append(f"    {signal}/{number}: {{receivers: [otlp/{number}], exporters: [{exporter}/{number}]}}")
    config = EDGE.format(
        receivers="\n".join(receivers), exporters="\n".join(exporters), pipelines="\n".join(pipelines)
    )
    return collector("edge", executable, folder, config, ports, start_timeout)


def forwarder(name, executable, folder, ports, endpoint, protocol, compression, start_timeout):
    """A Collector that forwards all signals to an endpoint, `grpc` or `http/protobuf`."""
    grpc, http = ports
    exporter = "otlp_grpc" if protocol == "grpc" else "otlp_http"
    config = FORWARDER.format(
        grpc=grpc, http=http, endpoint=endpoint, exporter=exporter, compression=compression
    )
    return collector(name, executable, folder, config, ports, start_timeout)


def collector(name, executable, folder, config, ports, start_timeout):
    return Process(name, [executable, "--config", "yaml:" + config], folder, {}, ports, start_timeout)


def canonical(span):
    """A span of an OTLP/JSON request without its attributes, such that equal spans are equal dictionaries."""
    return {
        "name": span["name"],
        "kind": span.get("kind", 0),
        "parent": span.get("parentSpanId", ""),
        "start": span["startTimeUnixNano"],
        "end": span["endTimeUnixNano"],
        "status": {name: value for name, value in span.get("status", {}).items() if value},
        "events": [
            (event["timeUnixNano"], event["name"], plain(event.get("attributes", [])))
            for event in span.get("events", [])
        ],
        "links": [
            (link["traceId"], link["spanId"], plain(link.get("attributes", []))) for link in span.get("links", [])
        ],
    }


def differences(sent, arrived):
    return [f"{name}={arrived[name]!r}, sent {sent[name]!r}" for name in sent if sent[name] != arrived[name]]
