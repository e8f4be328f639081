"""Sends one LLM span for each leg with the exporters of OpenTelemetry Python.

send.py GRPC_ENDPOINT HTTP_ENDPOINT LEG...    a leg is PROTOCOL,COMPRESSION; prints the legs that were accepted
"""

import sys

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind


class Watched(SpanExporter):
    """Keeps the results of another exporter, which a processor drops."""

    def __init__(self, exporter):
        self.exporter = exporter
        self.results = []

    def export(self, spans):
        self.results.append(self.exporter.export(spans))
        return self.results[-1]

    def shutdown(self):
        self.exporter.shutdown()


def exporter(protocol, compression, grpc_endpoint, http_endpoint):
    if protocol == "grpc":
        from grpc import Compression as GrpcCompression

        chosen = GrpcCompression.Gzip if compression == "gzip" else GrpcCompression.NoCompression
        return GrpcExporter(endpoint=grpc_endpoint, insecure=True, compression=chosen, timeout=10)
    chosen = Compression.Gzip if compression == "gzip" else Compression.NoCompression
    return HttpExporter(endpoint=http_endpoint + "/v1/traces", compression=chosen, timeout=10)


def main():
    grpc_endpoint, http_endpoint, *legs = sys.argv[1:]
    for leg in legs:
        watched = Watched(exporter(*leg.split(","), grpc_endpoint, http_endpoint))
        provider = TracerProvider(resource=Resource.create({"service.name": "sdks-python"}))
        provider.add_span_processor(SimpleSpanProcessor(watched))
        attributes = {
            "interop.leg": leg,
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.response.model": "gpt-4o",
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 500,
        }
        provider.get_tracer("sdks").start_span("chat gpt-4o", kind=SpanKind.CLIENT, attributes=attributes).end()
        provider.shutdown()
        if watched.results == [SpanExportResult.SUCCESS]:
            print(leg, flush=True)


main()
