package dev.tallyspan.enrichment;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.FinishReasons;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.ValueSupport;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Reading;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a span shows is all that a call without usage consisted of, so that a tokenizer can
 * count its tokens; or the first thing that speaks against it.
 *
 * <p>Judged with a bias: a call that could have been counted stays without usage sooner than one is
 * counted of which a part is missing. A call may hold what no span shows (tools that were offered
 * but not recorded, a session that the provider keeps); that cannot be told.
 */
public enum EstimateEligibility {
  /** Text in, text out, and no sign of anything else. */
  COUNTABLE("countable"),
  /** The span has been through Tallyspan before: what was decided then stands. */
  PROCESSED_BEFORE("processed_before"),
  /** There is a token count on the span, be it zero. */
  HAS_USAGE("has_usage"),
  /** Nothing that a provider bills, or the sum of what other spans show. */
  NOT_A_CALL("not_a_call"),
  /** The cost was reported. */
  HAS_COST("has_cost"),
  /** Another operation than a chat, whose tokens are counted in another way. */
  NOT_CHAT("not_chat"),
  /** The call failed or was given up; what is billed of it, only the provider knows. */
  FAILED("failed"),
  /** No text of the request, or none of the answer, was captured. */
  NO_CONTENT("no_content"),
  /** Content was cut off, masked, or dropped. */
  CUT_OFF("cut_off"),
  /** Tools were offered or called; how they are put to the model is not published. */
  HAS_TOOLS("has_tools"),
  /** The model was given or has written more than the messages: an earlier response, a schema. */
  HIDDEN_CONTEXT("hidden_context"),
  /** Images, audio, files or the like. */
  NOT_TEXT("not_text");

  /** What stands in the place of content that was taken out. */
  private static final Pattern MASK =
      Pattern.compile(
          "[\\[<({*_]\\s*(truncated|redacted|filtered|scrubbed|masked|omitted|elided)",
          Pattern.CASE_INSENSITIVE);

  private static final int SHORTEST_LIMIT = 100;
  private static final int SHORTEST_ELLIPSIS = 200;

  /** Members beside the schema's that cost no tokens. */
  private static final Set<String> HARMLESS =
      Set.of("id", "index", "status", "phase", "logprobs", "created", "created_at", "timestamp");

  private final String wireName;

  EstimateEligibility(String wireName) {
    this.wireName = wireName;
  }

  /** {@return the name in metrics: {@code cut_off}} */
  public String wireName() {
    return wireName;
  }

  /**
   * Judges a span.
   *
   * @param llm what was read of {@code span}
   * @param span the span
   * @return whether its tokens can be estimated, or why not
   */
  public static EstimateEligibility of(LlmSpan llm, SpanView span) {
    if (llm.alreadyProcessed()) {
      return PROCESSED_BEFORE;
    }
    if (llm.usage() != null || hasAnyCount(llm)) {
      return HAS_USAGE;
    }
    if (llm.billing() != Billing.CALL) {
      return NOT_A_CALL;
    }
    if (llm.reportedCost() != null) {
      return HAS_COST;
    }
    if (!Operations.CHAT.equals(llm.operation())) {
      return NOT_CHAT;
    }
    if (llm.errorType() != null || span.failed()) {
      return FAILED;
    }
    if (llm.inputMessages().isEmpty() || llm.outputMessages().isEmpty()) {
      return NO_CONTENT;
    }
    if (span.lostContent() || isDamaged(llm) || !hasAllChoices(llm)) {
      return CUT_OFF;
    }
    if (llm.toolDefinitions() != null) {
      return HAS_TOOLS;
    }
    return hasHiddenContext(llm) ? HIDDEN_CONTEXT : content(llm);
  }

  private static boolean hasAnyCount(LlmSpan llm) {
    for (Slot<?> slot : Slot.all()) {
      if (slot.isTokenCount() && llm.reading(slot) != null) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDamaged(LlmSpan llm) {
    for (Slot<?> slot : Slot.all()) {
      Reading<?> reading = slot.isConversation() ? llm.reading(slot) : null;
      if (reading != null && reading.strength() == Strength.DAMAGED) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasAllChoices(LlmSpan llm) {
    Long choices = llm.get(Slot.CHOICE_COUNT);
    return choices == null || choices == llm.outputMessages().size();
  }

  private static boolean hasHiddenContext(LlmSpan llm) {
    String outputType = llm.get(Slot.OUTPUT_TYPE);
    boolean stored =
        "responses".equals(llm.get(Slot.OPENAI_API_TYPE)) && llm.conversationId() != null;
    return llm.get(Slot.PREVIOUS_RESPONSE_ID) != null
        || stored
        || outputType != null && !outputType.equals("text")
        || llm.get(Slot.REASONING_LEVEL) != null
        || llm.webSearches() > 0;
  }

  private static EstimateEligibility content(LlmSpan llm) {
    List<String> reasons = llm.get(Slot.FINISH_REASONS);
    if (reasons != null) {
      for (String reason : reasons) {
        EstimateEligibility ended = ended(reason);
        if (ended != COUNTABLE) {
          return ended;
        }
      }
    }
    EstimateEligibility parts = parts(llm.systemInstructions());
    boolean asked = true;
    for (Message message : llm.inputMessages()) {
      parts = worse(parts, message(message));
      asked &= hasText(message);
    }
    boolean answered = true;
    for (Message message : llm.outputMessages()) {
      parts = worse(parts, message(message));
      parts = worse(parts, ended(message.finishReason()));
      answered &= hasText(message);
    }
    return parts == COUNTABLE && !(asked && answered) ? NO_CONTENT : parts;
  }

  private static EstimateEligibility ended(@Nullable String finishReason) {
    return switch (String.valueOf(FinishReasons.canonical(finishReason))) {
      case "null", "stop", "length" -> COUNTABLE;
      case "tool_call" -> HAS_TOOLS;
      case "error" -> FAILED;
      default -> HIDDEN_CONTEXT; // content_filter: what was written is billed and not shown
    };
  }

  private static EstimateEligibility message(Message message) {
    if (message.role().toLowerCase(Locale.ROOT).equals("tool")) {
      return HAS_TOOLS;
    }
    return worse(parts(message.parts()), extra(message.extra()));
  }

  private static EstimateEligibility parts(List<MessagePart> parts) {
    EstimateEligibility worst = COUNTABLE;
    for (MessagePart part : parts) {
      if (part instanceof MessagePart.Text text) {
        worst = worse(worst, looksCut(text.content()) ? CUT_OFF : extra(text.extra()));
      } else if (part instanceof MessagePart.Reasoning) {
        worst = worse(worst, HIDDEN_CONTEXT);
      } else {
        worst = worse(worst, part.type().contains("tool") ? HAS_TOOLS : NOT_TEXT);
      }
    }
    return worst;
  }

  private static EstimateEligibility extra(Map<String, Value<?>> extra) {
    for (Map.Entry<String, Value<?>> member : extra.entrySet()) {
      if (!HARMLESS.contains(member.getKey()) && !isEmpty(member.getValue())) {
        return member.getKey().contains("tool") || member.getKey().contains("function")
            ? HAS_TOOLS
            : NOT_TEXT;
      }
    }
    return COUNTABLE;
  }

  private static boolean isEmpty(Value<?> value) {
    return value == null
        || ValueSupport.isEmpty(value)
        || value.getValue() instanceof String text && text.isEmpty()
        || value.getValue() instanceof List<?> members && members.isEmpty();
  }

  private static boolean hasText(Message message) {
    for (MessagePart part : message.parts()) {
      if (part instanceof MessagePart.Text text && !text.content().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a text ends as one does that was cut off, or is just as long as limits are: {@code
   * OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT} cuts without a mark. One text in a hundred has such a length
   * by chance and stays uncounted.
   */
  private static boolean looksCut(String text) {
    int length = text.length();
    return length >= SHORTEST_ELLIPSIS && (text.endsWith("...") || text.endsWith("\u2026"))
        || isLimit(length)
        || isLimit(text.codePointCount(0, length))
        || MASK.matcher(text).find();
  }

  private static boolean isLimit(int length) {
    return length >= SHORTEST_LIMIT
        && (length % 500 == 0 || length % 256 == 0 || (length + 1) % 1024 == 0);
  }

  /** The first that speaks against it. */
  private static EstimateEligibility worse(EstimateEligibility first, EstimateEligibility second) {
    return first == COUNTABLE ? second : first;
  }
}
