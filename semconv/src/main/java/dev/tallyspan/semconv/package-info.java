/**
 * The vocabulary of LLM spans: attribute keys, token usage, and the conversion of every tracing
 * dialect to one neutral {@code LlmSpan}, which is rendered as OpenTelemetry GenAI attributes.
 *
 * <p>Depends only on {@code opentelemetry-api}, and is independent of prices, transport, protobuf
 * and the SDK.
 *
 * <p>You can also use it on its own to write LLM spans:
 *
 * <pre>{@code
 * TokenUsage usage = TokenUsage.anthropic().input(10).cacheRead(2870).output(3).build();
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
 *     GEN_AI_INPUT_MESSAGES, Messages.toValue(List.of(Message.user("Hello"))));
 * }</pre>
 *
 * <p>To read spans, use {@link dev.tallyspan.semconv.read.Normalizer}; to check them, {@link
 * dev.tallyspan.semconv.read.SpanValidator}.
 */
@NullMarked
package dev.tallyspan.semconv;

import org.jspecify.annotations.NullMarked;
