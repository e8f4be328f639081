package dev.tallyspan.collector.output.export;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.ShownText;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A fact of a span that a profile can write under a key of a backend. Counts and costs are known on
 * billed spans only, so that sums over spans stay correct.
 */
public enum Fact {
  /** The backend's word for the kind of span. */
  KIND(source -> source.kinds.get(Kind.of(source.llm))),
  OPERATION(source -> source.llm.operation()),
  PROVIDER(source -> source.llm.provider()),
  REQUEST_MODEL(source -> source.llm.requestModel()),
  RESPONSE_MODEL(source -> source.llm.responseModel()),
  /** The model that answered, else the one that was requested. */
  MODEL(
      source ->
          source.llm.responseModel() == null
              ? source.llm.requestModel()
              : source.llm.responseModel()),

  /** All input tokens, with those read from and written to caches. */
  INPUT_TOKENS(source -> count(source, TokenUsage::input)),
  /** Input tokens that no cache was involved in. */
  UNCACHED_INPUT_TOKENS(
      source -> {
        TokenUsage usage = source.usage();
        return usage == null || usage.input() < 0
            ? null
            : Math.max(0, usage.input() - known(usage.cacheRead()) - known(usage.cacheWrite()));
      }),
  CACHE_READ_TOKENS(source -> part(source, TokenUsage::cacheRead)),
  CACHE_WRITE_TOKENS(source -> part(source, TokenUsage::cacheWrite)),
  CACHE_WRITE_5M_TOKENS(source -> part(source, TokenUsage::cacheWrite5m)),
  CACHE_WRITE_1H_TOKENS(source -> part(source, TokenUsage::cacheWrite1h)),
  AUDIO_INPUT_TOKENS(source -> part(source, usage -> usage.inputModalities().audio())),
  /** All output tokens, with reasoning. */
  OUTPUT_TOKENS(source -> count(source, TokenUsage::output)),
  /** Output tokens without reasoning. */
  ANSWER_TOKENS(
      source -> {
        TokenUsage usage = source.usage();
        return usage == null || usage.output() < 0
            ? null
            : Math.max(0, usage.output() - known(usage.reasoning()));
      }),
  REASONING_TOKENS(source -> part(source, TokenUsage::reasoning)),
  AUDIO_OUTPUT_TOKENS(source -> part(source, usage -> usage.outputModalities().audio())),
  TOTAL_TOKENS(
      source -> {
        TokenUsage usage = source.usage();
        return usage == null || usage.input() < 0 || usage.output() < 0
            ? null
            : usage.input() + usage.output();
      }),

  /** US dollars, as all costs here. */
  COST_TOTAL(Source::dollars),
  /** Of all input tokens. */
  COST_INPUT(source -> source.cost(Cost.Part.INPUT, Cost.Part.CACHE_READ, Cost.Part.CACHE_WRITE)),
  COST_UNCACHED_INPUT(source -> source.cost(Cost.Part.INPUT)),
  COST_CACHE_READ(source -> source.cost(Cost.Part.CACHE_READ)),
  COST_CACHE_WRITE(source -> source.cost(Cost.Part.CACHE_WRITE)),
  /** Of all output tokens. */
  COST_OUTPUT(source -> source.cost(Cost.Part.OUTPUT, Cost.Part.REASONING)),
  COST_ANSWER(source -> source.cost(Cost.Part.OUTPUT)),
  COST_REASONING(source -> source.cost(Cost.Part.REASONING)),
  /** Of audio, images, tools of the provider, and fees. */
  COST_OTHER(
      source -> source.cost(Cost.Part.AUDIO, Cost.Part.IMAGE, Cost.Part.TOOL, Cost.Part.REQUEST)),
  COST_STATUS(source -> source.cost.status().wireName()),

  /** Seconds. */
  TIME_TO_FIRST_TOKEN(source -> source.llm.timeToFirstChunk()),
  /** When the first token came, in ISO 8601. */
  FIRST_TOKEN_TIME(Fact::firstToken),

  /** The session, else the conversation; of the span, else of its trace if that is copied. */
  SESSION(Source::session),
  USER(source -> source.llm.userId() == null ? source.copied("user.id") : source.llm.userId()),
  TAGS(Source::tags),
  /** The tags in one text, with commas. */
  JOINED_TAGS(
      source -> {
        List<String> tags = source.tags();
        return tags == null || tags.isEmpty() ? null : String.join(",", tags);
      }),
  AGENT_NAME(source -> source.llm.agentName()),
  TOOL_NAME(source -> source.llm.toolName()),
  PROMPT_NAME(source -> source.llm.get(Slot.PROMPT_NAME)),
  /** A number if it is one. */
  PROMPT_VERSION(
      source -> {
        String version = source.llm.get(Slot.PROMPT_VERSION);
        return version != null && version.matches("[0-9]{1,9}")
            ? (Object) Long.valueOf(version)
            : version;
      }),

  /** What was asked, as plain text. */
  INPUT_TEXT(source -> ShownText.input(source.llm)),
  /** What was answered, as plain text. */
  OUTPUT_TEXT(source -> ShownText.output(source.llm)),
  INPUT_MESSAGES(
      source ->
          source.llm.inputMessages().isEmpty()
              ? null
              : Messages.toValue(source.llm.inputMessages())),
  /** Instructions and messages, for backends that do not read instructions apart from them. */
  INSTRUCTED_MESSAGES(
      source -> source.llm.systemInstructions().isEmpty() ? null : prompts(source.llm)),
  OUTPUT_MESSAGES(
      source ->
          source.llm.outputMessages().isEmpty()
              ? null
              : Messages.toValue(source.llm.outputMessages())),
  /** Instructions and messages, the arguments of a tool, or a query. */
  INPUT(
      source -> {
        Object messages = prompts(source.llm);
        Object arguments = source.llm.toolCallArguments();
        return messages != null
            ? messages
            : arguments != null ? arguments : source.llm.retrievalQuery();
      }),
  /** Messages, the result of a tool, or documents. */
  OUTPUT(
      source -> {
        Object messages = OUTPUT_MESSAGES.from.apply(source);
        Object result = source.llm.toolCallResult();
        return messages != null
            ? messages
            : result != null ? result : source.llm.retrievalDocuments();
      }),
  TOOL_ARGUMENTS(source -> source.llm.toolCallArguments()),
  TOOL_RESULT(source -> source.llm.toolCallResult()),
  RETRIEVAL_QUERY(source -> source.llm.retrievalQuery()),
  DOCUMENTS(source -> source.llm.retrievalDocuments()),
  /** Documents in LangChain's form: {@code page_content} and {@code metadata}. */
  LANGCHAIN_DOCUMENTS(source -> LangChainDocuments.of(source.llm.retrievalDocuments())),
  TOOL_DEFINITIONS(source -> source.llm.toolDefinitions());

  /**
   * What facts are taken from.
   *
   * @param kinds the backend's words
   * @param copied attributes that the span gets from its trace
   */
  record Source(LlmSpan llm, Cost cost, SpanView span, Map<Kind, String> kinds, Attributes copied) {

    private @Nullable String session() {
      if (llm.sessionId() != null) {
        return llm.sessionId();
      }
      if (llm.conversationId() != null) {
        return llm.conversationId();
      }
      String session = copied("session.id");
      return session == null ? copied("gen_ai.conversation.id") : session;
    }

    private @Nullable String copied(String key) {
      return copied.get(AttributeKey.stringKey(key));
    }

    /** Tags are copied under the key of their sender, and are the only list that is. */
    private @Nullable List<String> tags() {
      List<String> tags = llm.get(Slot.TAGS);
      if (tags != null || copied.isEmpty()) {
        return tags;
      }
      for (Map.Entry<AttributeKey<?>, Object> entry : copied.asMap().entrySet()) {
        if (entry.getValue() instanceof List<?> list) {
          return list.stream().map(String::valueOf).toList();
        }
      }
      return null;
    }

    private @Nullable TokenUsage usage() {
      return cost.status().isBilled() ? llm.usage() : null;
    }

    private @Nullable Double dollars() {
      Double total = cost.total();
      if (total == null || "USD".equals(cost.currency())) {
        return total;
      }
      String original = cost.originalTotal();
      return "USD".equals(cost.originalCurrency()) && original != null
          ? Double.valueOf(original)
          : null;
    }

    /** The sum of some parts; null if there are none, or not in dollars. */
    private @Nullable Double cost(Cost.Part... parts) {
      if (!"USD".equals(cost.currency())) {
        return null;
      }
      BigDecimal sum = BigDecimal.ZERO;
      for (Cost.Part part : parts) {
        sum = sum.add(BigDecimal.valueOf(cost.parts().getOrDefault(part, 0.0)));
      }
      return sum.signum() == 0 ? null : sum.doubleValue();
    }
  }

  private final Function<Source, @Nullable Object> from;

  Fact(Function<Source, @Nullable Object> from) {
    this.from = from;
  }

  /** The name in profiles. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the fact as text, a number, a list of texts, or a {@link Value}; null if it is not
   * known.
   */
  @Nullable Object from(Source source) {
    return from.apply(source);
  }

  /** The messages, after instructions that came apart from them. */
  private static @Nullable Value<?> prompts(LlmSpan llm) {
    List<Message> prompts = new ArrayList<>();
    if (!llm.systemInstructions().isEmpty()) {
      prompts.add(new Message("system", llm.systemInstructions()));
    }
    prompts.addAll(llm.inputMessages());
    return prompts.isEmpty() ? null : Messages.toValue(prompts);
  }

  private static @Nullable Long count(Source source, Function<TokenUsage, Long> count) {
    TokenUsage usage = source.usage();
    Long tokens = usage == null ? null : count.apply(usage);
    return tokens == null || tokens < 0 ? null : tokens;
  }

  /** A part of 0 says nothing. */
  private static @Nullable Long part(Source source, Function<TokenUsage, Long> count) {
    Long tokens = count(source, count);
    return tokens == null || tokens == 0 ? null : tokens;
  }

  private static long known(long count) {
    return Math.max(0, count);
  }

  private static @Nullable String firstToken(Source source) {
    Double seconds = source.llm.timeToFirstChunk();
    long start = source.span.startEpochNanos();
    return seconds == null || start <= 0
        ? null
        : Instant.ofEpochSecond(0, start).plusNanos(Math.round(seconds * 1e9)).toString();
  }
}
