package dev.tallyspan.collector.demo;

import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a chat model, recorded according to the OpenTelemetry GenAI conventions.
 *
 * @see <a href="https://github.com/open-telemetry/semantic-conventions-genai">the conventions</a>
 */
final class ChatCall {

  private final String provider;
  private final String model;
  private String answeredBy;
  private String server;
  private @Nullable String asked;
  private @Nullable String answer;
  private String finish = "stop";
  private final List<Value<?>> toolCalls = new ArrayList<>();
  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long output;
  private long reasoning;
  private double firstChunkSeconds;
  private @Nullable String errorType;
  private String errorMessage = "";
  private long httpStatus;

  private ChatCall(String provider, String model, String server) {
    this.provider = provider;
    this.model = model;
    this.answeredBy = model;
    this.server = server;
  }

  static ChatCall openai(String model, String answeredBy) {
    ChatCall call = new ChatCall("openai", model, "api.openai.com");
    call.answeredBy = answeredBy;
    return call;
  }

  static ChatCall anthropic(String model) {
    return new ChatCall("anthropic", model, "api.anthropic.com");
  }

  /** A model that the company hosts itself. */
  static ChatCall house(String model) {
    return new ChatCall("house", model, "models.internal.example");
  }

  /** Sets tokens; {@code input} includes cached tokens. */
  ChatCall tokens(long input, long output) {
    this.input = input;
    this.output = output;
    return this;
  }

  ChatCall cached(long cacheRead) {
    this.cacheRead = cacheRead;
    return this;
  }

  ChatCall writesCache(long cacheWrite) {
    this.cacheWrite = cacheWrite;
    return this;
  }

  ChatCall reasons(long reasoning) {
    this.reasoning = reasoning;
    return this;
  }

  ChatCall streamed(double firstChunkSeconds) {
    this.firstChunkSeconds = firstChunkSeconds;
    return this;
  }

  ChatCall asked(String text) {
    this.asked = text;
    return this;
  }

  ChatCall answers(String text) {
    this.answer = text;
    return this;
  }

  ChatCall callsTool(String id, String name, Value<?> arguments) {
    toolCalls.add(Step.object("type", "tool_call", "id", id, "name", name, "arguments", arguments));
    finish = "tool_call";
    return this;
  }

  ChatCall fails(long httpStatus, String errorType, String errorMessage) {
    this.httpStatus = httpStatus;
    this.errorType = errorType;
    this.errorMessage = errorMessage;
    return this;
  }

  /** Records the call below {@code parent}. */
  void record(Step parent, long from, long to) {
    parent.child("chat " + model, SpanKind.CLIENT, from, to, this::describe);
  }

  private void describe(Step span) {
    span.set("gen_ai.operation.name", "chat")
        .set("gen_ai.provider.name", provider)
        .set("gen_ai.request.model", model)
        .set("server.address", server)
        .set("server.port", 443);
    if (firstChunkSeconds > 0) {
      span.set("gen_ai.request.stream", true)
          .set("gen_ai.response.time_to_first_chunk", firstChunkSeconds);
    }
    if (asked != null) {
      span.set("gen_ai.input.messages", Step.array(text("user", asked)));
    }
    if (errorType != null) {
      span.set("http.response.status_code", httpStatus).fail(errorType, errorMessage);
      return;
    }
    span.set("gen_ai.response.model", answeredBy)
        .set("gen_ai.response.finish_reasons", List.of(finish))
        .set("gen_ai.usage.input_tokens", input)
        .set("gen_ai.usage.output_tokens", output);
    setIfAny(span, "gen_ai.usage.cache_read.input_tokens", cacheRead);
    setIfAny(span, "gen_ai.usage.cache_write.input_tokens", cacheWrite);
    setIfAny(span, "gen_ai.usage.reasoning.output_tokens", reasoning);
    List<Value<?>> parts = new ArrayList<>();
    if (answer != null) {
      parts.add(Step.object("type", "text", "content", answer));
    }
    parts.addAll(toolCalls);
    span.set(
        "gen_ai.output.messages",
        Step.array(Step.object("role", "assistant", "parts", Value.of(parts))));
  }

  /** A message of one text. */
  static Value<?> text(String role, String text) {
    return Step.object(
        "role", role, "parts", Step.array(Step.object("type", "text", "content", text)));
  }

  private static void setIfAny(Step span, String key, long count) {
    if (count > 0) {
      span.set(key, count);
    }
  }
}
