package dev.tallyspan.api;

import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiAttributes.GenAiResponseStatusValues;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of a model. Record the response with its methods, and close it.
 *
 * <p>A stream is complete when a finish reason has arrived, or {@link #end} is called. If it is
 * closed before that, it was abandoned: it ends with what has arrived, {@code
 * gen_ai.response.status} is {@code cancelled}, and the finish reason of its messages is {@code
 * error}. That is not a failure of the call; if it was one, use {@link #fail}.
 */
public final class ChatCall extends Operation<ChatCall> {

  private final boolean streamed;
  private final StreamedOutput stream = new StreamedOutput();
  private final boolean capturesOutput;
  private final @Nullable AgentContext agent;
  private List<String> finishReasons = List.of();
  private List<Message> output = List.of();
  private @Nullable TokenUsage usage;
  private boolean hasChunk;
  private long lastChunkNanos;
  private double secondsToFirstChunk;

  /**
   * Of the gaps between chunks, so that not every chunk creates its own; null before the second.
   */
  private @Nullable Attributes chunkAttributes;

  ChatCall(OperationBuilder.Started started, boolean streamed) {
    super(started, started.parent().with(started.span()));
    this.streamed = streamed;
    agent = AgentContext.from(started.parent());
    capturesOutput = span.isRecording() && tracing.captures(Kind.OUTPUT_MESSAGES);
    if (agent != null) {
      agent.addInferenceCall();
    }
  }

  void writeRequest(
      List<MessagePart> system,
      List<Message> input,
      List<Value<?>> tools,
      Map<String, String> promptVariables) {
    ContentWriter content = tracing.content();
    record(
        () ->
            content.parts(
                span, "gen_ai.system_instructions", Kind.SYSTEM_INSTRUCTIONS, List.copyOf(system)));
    record(
        () ->
            content.messages(
                span, "gen_ai.input.messages", Kind.INPUT_MESSAGES, List.copyOf(input)));
    if (!tools.isEmpty()) {
      record(
          () ->
              content.value(
                  span, "gen_ai.tool.definitions", Kind.TOOL_DEFINITIONS, Value.of(tools)));
    }
    promptVariables.forEach(
        (name, value) ->
            record(
                () ->
                    content.text(
                        span,
                        GenAiAttributes.genAiPromptVariable(name).getKey(),
                        Kind.PROMPT_VARIABLES,
                        value)));
  }

  /**
   * Sets the id of the response.
   *
   * @param id as the provider gave it
   * @return this
   */
  public ChatCall responseId(@Nullable String id) {
    return record(() -> set(Slot.RESPONSE_ID, id));
  }

  /**
   * Sets the model that answered, as the response names it.
   *
   * @param model often more exact than the one requested
   * @return this
   */
  public ChatCall responseModel(@Nullable String model) {
    return record(() -> set(Slot.RESPONSE_MODEL, model));
  }

  /**
   * Sets why the model stopped, in the provider's words, for each choice.
   *
   * @param reasons one for each choice, in order, in place of those of {@link #chunk}; an empty
   *     list is ignored
   * @return this
   */
  public ChatCall finishReasons(@Nullable String @Nullable ... reasons) {
    return record(() -> finishReasons = given(OperationBuilder.texts(reasons)));
  }

  /**
   * Sets why the model stopped, in the provider's words, for each choice.
   *
   * @param reasons one for each choice, in order, in place of those of {@link #chunk}; an empty
   *     list is ignored
   * @return this
   */
  public ChatCall finishReasons(@Nullable Collection<? extends @Nullable String> reasons) {
    return record(
        () ->
            finishReasons =
                reasons == null
                    ? finishReasons
                    : given(OperationBuilder.texts(reasons.toArray(new String[0]))));
  }

  private List<String> given(@Nullable List<String> reasons) {
    return reasons == null || reasons.isEmpty() ? finishReasons : reasons;
  }

  /**
   * Sets the messages of the response, one for each choice.
   *
   * @param messages replace those that were set before and those of {@link #chunk}; null elements
   *     are left out
   * @return this
   */
  public ChatCall output(@Nullable Message @Nullable ... messages) {
    return messages == null ? this : output(Arrays.asList(messages));
  }

  /**
   * Sets the messages of the response, one for each choice.
   *
   * @param messages replace those that were set before and those of {@link #chunk}; null elements
   *     are left out
   * @return this
   */
  public ChatCall output(@Nullable Collection<? extends @Nullable Message> messages) {
    return record(
        () -> {
          if (messages != null) {
            output = messages.stream().filter(Objects::nonNull).<Message>map(m -> m).toList();
          }
        });
  }

  /**
   * Sets the token counts.
   *
   * @param counts of the whole call, not of a chunk; replace those set before
   * @return this
   */
  public ChatCall usage(@Nullable TokenUsage counts) {
    return record(
        () -> {
          if (counts != null) {
            usage = counts;
            write(counts);
          }
        });
  }

  /**
   * Sets the token counts.
   *
   * @param counts a builder, which is built at once
   * @return this
   */
  public ChatCall usage(TokenUsage.@Nullable Builder counts) {
    return counts == null ? this : usage(counts.build());
  }

  /**
   * Sets the service tier that served the call, of OpenAI and Azure OpenAI.
   *
   * @param tier as the response names it, which may differ from the one asked for
   * @return this
   */
  public ChatCall serviceTier(@Nullable String tier) {
    return record(() -> set(Slot.SERVICE_TIER, tier));
  }

  /**
   * Sets OpenAI's fingerprint of the system that served the call.
   *
   * @param fingerprint as the response gives it; null is ignored
   * @return this
   */
  public ChatCall systemFingerprint(@Nullable String fingerprint) {
    return record(() -> set(Slot.SYSTEM_FINGERPRINT, fingerprint));
  }

  /**
   * Sets the conversation that the provider created or continued.
   *
   * @param id as the provider gave it
   * @return this
   */
  public ChatCall conversation(@Nullable String id) {
    return record(() -> set(Slot.CONVERSATION_ID, id));
  }

  /**
   * Records that a chunk of the stream has arrived. The first one determines {@code
   * gen_ai.response.time_to_first_chunk}. Call it also for chunks without content.
   *
   * @param deltas what the chunk adds to the output
   * @return this
   */
  public ChatCall chunk(@Nullable Delta @Nullable ... deltas) {
    return record(
        () -> {
          long now = tracing.time().now();
          arrived(now);
          if (deltas != null) {
            for (Delta delta : deltas) {
              if (delta != null) {
                stream.add(delta, capturesOutput);
              }
            }
          }
        });
  }

  private void arrived(long now) {
    if (hasChunk) {
      if (chunkAttributes == null) {
        chunkAttributes = Instruments.ofCall(facts);
      }
      double gap = TimeSource.seconds(lastChunkNanos, now);
      tracing.instruments().timePerChunk(gap, chunkAttributes, context());
    } else {
      hasChunk = true;
      secondsToFirstChunk = TimeSource.seconds(startNanos, now);
      set(Slot.TIME_TO_FIRST_CHUNK, secondsToFirstChunk);
    }
    lastChunkNanos = now;
  }

  /**
   * {@return the cost of the call by what is recorded so far} After the end, it is the cost on the
   * span. Null without {@link GenAi.Builder#costs}, and if the cost cannot be determined.
   */
  public @Nullable Cost cost() {
    return costSoFar();
  }

  @Override
  void finish(boolean complete) {
    if (finishReasons.isEmpty()) {
      finishReasons = stream.finishReasons();
    }
    boolean abandoned =
        (streamed || hasChunk) && !complete && finishReasons.isEmpty() && !hasFailed();
    if (abandoned) {
      set(Slot.RESPONSE_STATUS, GenAiResponseStatusValues.CANCELLED);
    }
    set(Slot.FINISH_REASONS, finishReasons);
    if (capturesOutput) {
      List<Message> messages = output.isEmpty() ? stream.messages() : output;
      tracing
          .content()
          .messages(
              span,
              "gen_ai.output.messages",
              Kind.OUTPUT_MESSAGES,
              withFinishReasons(messages, abandoned || hasFailed()));
    }
  }

  /** Every output message has a finish reason; most readers require one. */
  private List<Message> withFinishReasons(List<Message> messages, boolean broken) {
    List<Message> complete = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      if (message.finishReason() == null) {
        String own = i < finishReasons.size() ? finishReasons.get(i) : null;
        message = message.withFinishReason(own);
      }
      if (message.finishReason() == null) {
        boolean calls = message.parts().stream().anyMatch(MessagePart.ToolCall.class::isInstance);
        message = message.withFinishReason(broken ? "error" : calls ? "tool_call" : "stop");
      }
      complete.add(message);
    }
    return complete;
  }

  @Override
  void measure(Instruments instruments, double seconds) {
    instruments.inference(seconds, usage, facts, context());
    if (hasChunk) {
      instruments.timeToFirstChunk(secondsToFirstChunk, facts, context());
    }
  }
}
