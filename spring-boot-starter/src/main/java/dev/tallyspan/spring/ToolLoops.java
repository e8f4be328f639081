package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationView;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.util.ClassUtils;

/**
 * Finds out what one call of a model used where Spring AI 1 reports a sum.
 *
 * <p>Models of Spring AI 1 run tools themselves, and add the usage of the calls before to that of
 * each further call. If each call has a span, its tokens are billed several times: a loop of three
 * calls is billed as six. Spring AI 2 runs tools outside of the model and reports each call's own.
 *
 * <ul>
 *   <li>Calls that are not streamed follow each other below one observation. What the call before
 *       reported is kept there, and subtracted from a call that answers its tools.
 *   <li>Streamed calls are nested, because the first stream contains the chunks of all. The inner
 *       call has the sum, so the outer one has no usage.
 * </ul>
 */
final class ToolLoops {

  private static final boolean ADDS_UP =
      ClassUtils.isPresent(
          "org.springframework.ai.model.tool.ToolExecutionEligibilityPredicate",
          ToolLoops.class.getClassLoader());

  private ToolLoops() {}

  /** Returns the usage of this call alone; null if it is not known, or there is none. */
  static @Nullable Used usedBy(ChatModelObservationContext chat) {
    ChatResponse response = chat.getResponse();
    Usage usage = response == null ? null : response.getMetadata().getUsage();
    if (response == null || usage == null) {
      return null;
    }
    Used reported =
        new Used(usage.getPromptTokens(), usage.getCompletionTokens(), usage.getTotalTokens());
    if (!ADDS_UP) {
      return reported;
    }
    markOuter(chat);
    if (isOuter(chat)) {
      return null;
    }
    Before before = exchange(chat, new Before(reported, callsOf(response)));
    boolean sum = usage.getNativeUsage() == null || usage.getNativeUsage() instanceof Map;
    return before != null && sum && before.isAnsweredBy(chat.getRequest().getInstructions())
        ? reported.minus(before.usage)
        : reported;
  }

  /** Whether it is a stream that contains the chunks of other calls, which have ended. */
  static boolean isOuter(ChatModelObservationContext chat) {
    return chat.get(Outer.class) != null;
  }

  private static void markOuter(ChatModelObservationContext chat) {
    ObservationView parent = chat.getParentObservation();
    ChatModelObservationContext outer =
        parent == null
            ? null
            : Ancestors.first(
                parent.getContextView(),
                context -> context instanceof ChatModelObservationContext model ? model : null);
    if (outer != null) {
      outer.put(Outer.class, new Outer());
    }
  }

  private static @Nullable Before exchange(ChatModelObservationContext chat, Before now) {
    ObservationView parent = chat.getParentObservation();
    if (parent != null && parent.getContextView() instanceof Observation.Context context) {
      Before before = context.get(Before.class);
      context.put(Before.class, now);
      return before;
    }
    return null;
  }

  private static Set<String> callsOf(ChatResponse response) {
    Set<String> ids = new HashSet<>();
    response
        .getResults()
        .forEach(
            result ->
                result.getOutput().getToolCalls().stream()
                    .map(AssistantMessage.ToolCall::id)
                    .forEach(ids::add));
    return ids;
  }

  /** The mark of a call that has others in it. */
  private record Outer() {}

  /**
   * What the last call below an observation reported.
   *
   * @param usage as reported
   * @param calls the ids of the tool calls that it asked for
   */
  private record Before(Used usage, Set<String> calls) {

    boolean isAnsweredBy(List<Message> prompt) {
      Set<String> open = new HashSet<>(calls);
      for (Message message : prompt) {
        if (message instanceof ToolResponseMessage results) {
          results.getResponses().forEach(result -> open.remove(result.id()));
        }
      }
      return !calls.isEmpty() && open.isEmpty();
    }
  }

  /** Tokens. */
  record Used(long input, long output, long total) {

    Used minus(Used other) {
      boolean contained = input >= other.input && output >= other.output && total >= other.total;
      return contained
          ? new Used(input - other.input, output - other.output, total - other.total)
          : this;
    }
  }
}
