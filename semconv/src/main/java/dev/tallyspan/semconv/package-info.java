/**
 * The language of LLM spans: attribute keys, token usage, and every tracing dialect read into one
 * neutral {@code LlmSpan}, which is rendered as OpenTelemetry GenAI attributes.
 *
 * <p>Depends on {@code opentelemetry-api} alone. It knows neither prices, nor transport, nor
 * protobuf, nor the SDK.
 *
 * <p>Of use by itself to whoever writes LLM spans:
 *
 * <pre>{@code
 * TokenUsage usage = TokenUsage.anthropic(10, 3, 2870, 0, 0); // input without the cache
 * Span span =
 *     tracer
 *         .spanBuilder(GenAiSpanType.INFERENCE.spanName("chat", model))
 *         .setSpanKind(GenAiSpanType.INFERENCE.kind())
 *         .setAttribute(GEN_AI_OPERATION_NAME, GenAiOperationNameValues.CHAT)
 *         .setAttribute(GEN_AI_PROVIDER_NAME, GenAiProviderNameValues.ANTHROPIC)
 *         .setAttribute(GEN_AI_REQUEST_MODEL, model)
 *         .startSpan();
 * span.setAttribute(GEN_AI_USAGE_INPUT_TOKENS, usage.input()); // 2880, the cache included
 * span.setAttribute(
 *     GEN_AI_INPUT_MESSAGES, Messages.toValue(List.of(Message.text("user", "Hello"))));
 * }</pre>
 *
 * <p>To read spans, use {@link dev.tallyspan.semconv.read.Normalizer}; to check them, {@link
 * dev.tallyspan.semconv.read.SpanValidator}.
 */
@NullMarked
package dev.tallyspan.semconv;

import org.jspecify.annotations.NullMarked;
