from llama_index.observability.otel import LlamaIndexOpenTelemetry
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from questions import ask_llama_index

LlamaIndexOpenTelemetry(span_exporter=OTLPSpanExporter()).start_registering()

ask_llama_index()
