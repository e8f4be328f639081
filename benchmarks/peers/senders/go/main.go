// Command send sends one LLM span for each leg with the exporters of OpenTelemetry Go.
//
// send GRPC_ENDPOINT HTTP_ENDPOINT LEG...    a leg is PROTOCOL,COMPRESSION; prints the legs that were accepted
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// watched keeps the result of an export, which a processor drops.
type watched struct {
	sdk.SpanExporter
	accepted int
}

func (w *watched) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := w.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		w.accepted += len(spans)
	} else {
		log.Print(err)
	}
	return err
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for _, leg := range os.Args[3:] {
		protocol, compression, _ := strings.Cut(leg, ",")
		exporter, err := newExporter(ctx, protocol, compression)
		if err != nil {
			log.Fatal(err)
		}
		result := &watched{SpanExporter: exporter}
		provider := sdk.NewTracerProvider(
			sdk.WithSyncer(result),
			sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "sdks-go"))))
		_, span := provider.Tracer("sdks").Start(ctx, "chat gpt-4o",
			trace.WithSpanKind(trace.SpanKindClient),
			trace.WithAttributes(
				attribute.String("interop.leg", leg),
				attribute.String("gen_ai.operation.name", "chat"),
				attribute.String("gen_ai.provider.name", "openai"),
				attribute.String("gen_ai.request.model", "gpt-4o"),
				attribute.String("gen_ai.response.model", "gpt-4o"),
				attribute.StringSlice("gen_ai.response.finish_reasons", []string{"stop"}),
				attribute.Int("gen_ai.usage.input_tokens", 1000),
				attribute.Int("gen_ai.usage.output_tokens", 500)))
		span.End()
		if err := provider.Shutdown(ctx); err != nil {
			log.Fatal(err)
		}
		if result.accepted == 1 {
			fmt.Println(leg)
		}
	}
}

func newExporter(ctx context.Context, protocol, compression string) (sdk.SpanExporter, error) {
	if protocol == "grpc" {
		options := []otlptracegrpc.Option{otlptracegrpc.WithEndpointURL(os.Args[1])}
		if compression == "gzip" {
			options = append(options, otlptracegrpc.WithCompressor("gzip"))
		}
		return otlptracegrpc.New(ctx, options...)
	}
	chosen := otlptracehttp.NoCompression
	if compression == "gzip" {
		chosen = otlptracehttp.GzipCompression
	}
	return otlptracehttp.New(ctx,
		otlptracehttp.WithEndpointURL(os.Args[2]+"/v1/traces"),
		otlptracehttp.WithCompression(chosen))
}
