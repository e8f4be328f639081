package dev.tallyspan.adk;

import com.google.adk.agents.RunConfig;
import com.google.adk.agents.RunConfig.StreamingMode;
import com.google.adk.models.LlmRequest;
import com.google.adk.models.LlmResponse;
import com.google.genai.types.GenerateContentConfig;
import dev.tallyspan.semconv.GenAiAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A call of a model, and the span that ADK has started for it. */
final class ModelCall {

  /** What Google serves, when it is not known by which of its APIs. */
  private static final String GOOGLE = "gcp.gen_ai";

  private final Span span;
  private final long startNanos;
  private boolean streamed;
  private boolean answered;

  ModelCall(Span span, long startNanos) {
    this.span = span;
    this.startNanos = startNanos;
  }

  /** Records what ADK does not, or only as a part of the request's content. */
  void request(LlmRequest request, RunConfig run) {
    streamed = run.streamingMode() == StreamingMode.SSE;
    if (streamed) {
      span.setAttribute(GenAiAttributes.GEN_AI_REQUEST_STREAM, true);
    }
    if (request.model().orElse("").startsWith("gemini")) {
      span.setAttribute(GenAiAttributes.GEN_AI_PROVIDER_NAME, GOOGLE);
    }
    request.config().ifPresent(this::settings);
  }

  private void settings(GenerateContentConfig config) {
    set(GenAiAttributes.GEN_AI_REQUEST_TEMPERATURE, config.temperature());
    set(GenAiAttributes.GEN_AI_REQUEST_PRESENCE_PENALTY, config.presencePenalty());
    set(GenAiAttributes.GEN_AI_REQUEST_FREQUENCY_PENALTY, config.frequencyPenalty());
    config
        .topK()
        .ifPresent(it -> span.setAttribute(GenAiAttributes.GEN_AI_REQUEST_TOP_K, it.longValue()));
    config
        .seed()
        .ifPresent(it -> span.setAttribute(GenAiAttributes.GEN_AI_REQUEST_SEED, it.longValue()));
    config
        .stopSequences()
        .ifPresent(it -> span.setAttribute(GenAiAttributes.GEN_AI_REQUEST_STOP_SEQUENCES, it));
    config
        .candidateCount()
        .filter(it -> it > 1)
        .ifPresent(
            it -> span.setAttribute(GenAiAttributes.GEN_AI_REQUEST_CHOICE_COUNT, it.longValue()));
    config
        .responseMimeType()
        .filter("application/json"::equals)
        .ifPresent(it -> span.setAttribute(GenAiAttributes.GEN_AI_OUTPUT_TYPE, "json"));
  }

  private void set(AttributeKey<Double> key, Optional<Float> value) {
    // By its digits: 0.1f is no 0.10000000149.
    value.ifPresent(it -> span.setAttribute(key, Double.valueOf(it.toString())));
  }

  /** Records a response, or a part of it. */
  void response(LlmResponse response, long nanos) {
    // One after the other, as all events of a stream.
    if (streamed && !answered) {
      double seconds = (nanos - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
      span.setAttribute(GenAiAttributes.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, seconds);
    }
    answered = true;
    response
        .modelVersion()
        .ifPresent(it -> span.setAttribute(GenAiAttributes.GEN_AI_RESPONSE_MODEL, it));
  }

  /** Records that the call failed. ADK sets the status. */
  void fail(Throwable error) {
    Errors.record(span, error);
  }
}
