// Sends one LLM span for each leg with the exporters of OpenTelemetry JavaScript.
//
// send.js GRPC_ENDPOINT HTTP_ENDPOINT LEG...    a leg is PROTOCOL,COMPRESSION; prints the legs that were accepted
import { SpanKind } from "@opentelemetry/api";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";

const SUCCESS = 0;
const [grpcEndpoint, httpEndpoint, ...legs] = process.argv.slice(2);

function exporter(protocol, compression) {
  if (protocol === "grpc") {
    return new GrpcExporter({ url: grpcEndpoint, compression, timeoutMillis: 10_000 });
  }
  const Exporter = protocol === "http/json" ? JsonExporter : ProtobufExporter;
  return new Exporter({ url: `${httpEndpoint}/v1/traces`, compression, timeoutMillis: 10_000 });
}

for (const leg of legs) {
  const [protocol, compression] = leg.split(",");
  const sender = exporter(protocol, compression);
  const results = [];
  const watched = {
    export: (spans, done) =>
      sender.export(spans, (result) => {
        results.push(result.code);
        done(result);
      }),
    forceFlush: () => sender.forceFlush(),
    shutdown: () => sender.shutdown(),
  };
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "sdks-javascript" }),
    spanProcessors: [new SimpleSpanProcessor(watched)],
  });
  const attributes = {
    "interop.leg": leg,
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 500,
  };
  provider.getTracer("sdks").startSpan("chat gpt-4o", { kind: SpanKind.CLIENT, attributes }).end();
  await provider.forceFlush();
  await provider.shutdown();
  if (results.length === 1 && results[0] === SUCCESS) {
    console.log(leg);
  }
}
