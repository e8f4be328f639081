/**
 * The language of LLM spans: attribute keys, token usage, and every tracing dialect read into one
 * neutral {@code LlmSpan}, which is rendered as OpenTelemetry GenAI attributes.
 *
 * <p>Depends on {@code opentelemetry-api} alone. It knows neither prices, nor transport, nor
 * protobuf, nor the SDK.
 */
package dev.tallyspan.semconv;
