package dev.tallyspan.api;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Traces and measures what an application does with models: chats, embeddings, retrievals, tools,
 * agents, workflows. Spans have the names, kinds and attributes of the GenAI conventions. Create
 * one per application. Thread-safe.
 *
 * <pre>{@code
 * GenAi genAi = GenAi.builder(openTelemetry).costs(CatalogCosts.shipped()).build();
 *
 * try (AgentRun agent = genAi.agent("travel").start()) {
 *   try (ChatCall call = genAi.chat("openai", "gpt-4o").input(Message.user("Hello")).start()) {
 *     call.output(Message.assistant("Hi!")).usage(TokenUsage.inclusive().input(8).output(3));
 *   }
 * }
 * }</pre>
 *
 * <p>Recording never throws; what fails is counted in {@link #faults}. Content is written only if
 * {@link Builder#content} says so.
 */
public final class GenAi {

  private final Tracing tracing;
  private final Guard guard;
  private final ContextPropagators propagators;

  private GenAi(Builder builder) {
    Faults faults = new Faults();
    OpenTelemetry openTelemetry = builder.openTelemetry;
    tracing =
        new Tracing(
            openTelemetry.getTracer(Tracing.SCOPE),
            Instruments.of(
                builder.metrics ? openTelemetry : OpenTelemetry.noop(), builder.generation),
            builder.generation,
            builder.cacheWriteNames == null
                ? CacheWriteNames.of(builder.generation)
                : builder.cacheWriteNames,
            new ContentWriter(builder.content, builder.contentFormat),
            builder.costs,
            Set.copyOf(builder.baggageKeys),
            builder.time,
            faults);
    guard = new Guard(faults);
    propagators = openTelemetry.getPropagators();
  }

  /**
   * {@return an instance with default settings: metrics, but no content and no costs}
   *
   * @param openTelemetry provides tracer, meters and propagators
   */
  public static GenAi create(OpenTelemetry openTelemetry) {
    return builder(openTelemetry).build();
  }

  /**
   * {@return a builder with default settings}
   *
   * @param openTelemetry provides tracer, meters and propagators
   */
  public static Builder builder(OpenTelemetry openTelemetry) {
    return new Builder(openTelemetry);
  }

  /** {@return an instance that records nothing} */
  public static GenAi noop() {
    return create(OpenTelemetry.noop());
  }

  /**
   * A call of a model for text or other content: operation {@code chat}, or another one that {@link
   * ChatBuilder#operation} sets.
   *
   * @param provider {@code gen_ai.provider.name}: {@code openai}, {@code anthropic}, {@code
   *     aws.bedrock}, {@code gcp.gemini}, …; null if it is not known
   * @param model as requested; null if it is not known
   * @return a builder of the request
   */
  public ChatBuilder chat(@Nullable String provider, @Nullable String model) {
    return new ChatBuilder(tracing, provider, model);
  }

  /**
   * A call of a model for embeddings.
   *
   * @param provider as in {@link #chat}
   * @param model as requested; null if it is not known
   * @return a builder of the request
   */
  public EmbeddingsBuilder embeddings(@Nullable String provider, @Nullable String model) {
    return new EmbeddingsBuilder(tracing, provider, model);
  }

  /**
   * A search for documents.
   *
   * @param dataSource the index, collection or knowledge base; null if it is not known
   * @return a builder of the search
   */
  public RetrievalBuilder retrieval(@Nullable String dataSource) {
    return new RetrievalBuilder(tracing, dataSource);
  }

  /**
   * A tool that runs in this process.
   *
   * @param name of the tool
   * @return a builder of the run
   */
  public ToolBuilder tool(@Nullable String name) {
    return new ToolBuilder(tracing, name);
  }

  /**
   * An agent that runs in this process, or elsewhere, see {@link AgentBuilder#remote}.
   *
   * @param name of the agent; null if it has none
   * @return a builder of the run
   */
  public AgentBuilder agent(@Nullable String name) {
    return new AgentBuilder(tracing, name);
  }

  /**
   * Agents, tools and calls that belong together.
   *
   * @param name of the workflow; null if it has none
   * @return a builder of the run
   */
  public WorkflowBuilder workflow(@Nullable String name) {
    return new WorkflowBuilder(tracing, name);
  }

  /**
   * A request or notification of the Model Context Protocol that this process sends.
   *
   * @param method such as {@code tools/call}
   * @return a builder of the message
   */
  public McpBuilder mcpClient(@Nullable String method) {
    return new McpBuilder(tracing, method, /* server= */ false);
  }

  /**
   * A request or notification of the Model Context Protocol that this process receives.
   *
   * @param method such as {@code tools/call}
   * @return a builder of the message
   */
  public McpBuilder mcpServer(@Nullable String method) {
    return new McpBuilder(tracing, method, /* server= */ true);
  }

  /**
   * {@return a builder for the identity of what follows, with the values of the current identity}
   *
   * @see Identity
   */
  public Identity.Builder identity() {
    return new Identity.Builder(tracing.baggageKeys())
        .from(Identity.from(Context.current(), tracing.baggageKeys()));
  }

  /**
   * {@return how often recording failed or was used wrongly} Each cause is logged once, as a
   * warning of the logger {@code dev.tallyspan.api.Faults}.
   */
  public long faults() {
    return tracing.faults().count();
  }

  /**
   * {@return whether content of this kind is written} An integration asks before it reads or
   * serializes content that it would only pass to a builder, which leaves it out anyway. False if
   * the configured {@link ContentCapture} throws.
   *
   * @param kind of content
   */
  public boolean captures(ContentCapture.Kind kind) {
    return tracing.captures(kind);
  }

  /**
   * {@return what integrations run their own code in, so that its failures are among the faults}
   */
  public Guard guard() {
    return guard;
  }

  /**
   * {@return the propagators of the OpenTelemetry instance, for integrations that carry the context
   * in requests}
   */
  public ContextPropagators propagators() {
    return propagators;
  }

  /** Builds a {@link GenAi}. */
  public static final class Builder {
    private final OpenTelemetry openTelemetry;
    private final Set<String> baggageKeys = new LinkedHashSet<>();
    private ContentCapture content = ContentCapture.NONE;
    private ContentFormat contentFormat = ContentFormat.JSON_STRING;
    private ConventionVersion generation = ConventionVersion.GENAI_DEV;
    private @Nullable CacheWriteNames cacheWriteNames;
    private @Nullable CallCosts costs;
    private boolean metrics = true;
    private TimeSource time = TimeSource.SYSTEM;

    Builder(OpenTelemetry openTelemetry) {
      this.openTelemetry = requireNonNull(openTelemetry, "openTelemetry");
    }

    /**
     * Sets what content is written: messages, tool arguments and results, queries, documents,
     * messages of exceptions. Default: {@link ContentCapture#NONE}.
     *
     * @param capture must be thread-safe
     * @return this
     */
    public Builder content(ContentCapture capture) {
      content = requireNonNull(capture, "content");
      return this;
    }

    /**
     * Sets the form of content. Default: {@link ContentFormat#JSON_STRING}. Structured content
     * requires version 1.59 of the OpenTelemetry API; with an older one it is JSON text.
     *
     * @param format JSON text, or structured values
     * @return this
     */
    public Builder contentFormat(ContentFormat format) {
      contentFormat = requireNonNull(format, "contentFormat");
      return this;
    }

    /**
     * Sets what determines costs, such as {@link CatalogCosts#shipped}. Default: no costs.
     *
     * @param costs must be thread-safe
     * @return this
     */
    public Builder costs(CallCosts costs) {
      this.costs = requireNonNull(costs, "costs");
      return this;
    }

    /**
     * Sets the generation of the conventions to write, in spans and metrics. Default: {@link
     * ConventionVersion#GENAI_DEV}, the newest.
     *
     * @param generation such as {@link ConventionVersion#CORE_1_41}
     * @return this
     */
    public Builder generation(ConventionVersion generation) {
      this.generation = requireNonNull(generation, "generation");
      return this;
    }

    /**
     * Sets the attribute names for input tokens written to a cache. Default: both names, or in
     * {@link ConventionVersion#CORE_1_41} the one that it defines. Langfuse requires {@link
     * CacheWriteNames#LEGACY}.
     *
     * @param names one name, or both
     * @return this
     */
    public Builder cacheWriteNames(CacheWriteNames names) {
      cacheWriteNames = requireNonNull(names, "cacheWriteNames");
      return this;
    }

    /**
     * Sets whether to record the metrics of the conventions. Default: true. Turn them off if an
     * instrumentation of the same calls records them already.
     *
     * @param record false to record spans alone
     * @return this
     */
    public Builder metrics(boolean record) {
      metrics = record;
      return this;
    }

    /**
     * Propagates parts of an identity to other services in baggage, and trusts them in baggage that
     * arrives. Default: none. Baggage is sent with every outgoing request that is instrumented,
     * also to model providers.
     *
     * @param keys of {@link Identity#BAGGAGE_KEYS}
     * @return this
     * @throws IllegalArgumentException if a key is none of them
     */
    public Builder propagate(String... keys) {
      for (String key : keys) {
        if (!Identity.BAGGAGE_KEYS.contains(key)) {
          throw new IllegalArgumentException(
              "propagate=" + key + " cannot be propagated; known: " + Identity.BAGGAGE_KEYS);
        }
        baggageKeys.add(key);
      }
      return this;
    }

    /**
     * Sets the clocks, for tests. Default: those of the system. Spans have the timestamps of the
     * OpenTelemetry SDK.
     *
     * @param wall the time that determines prices
     * @param nanos for durations, like {@link System#nanoTime}
     * @return this
     */
    public Builder clock(InstantSource wall, LongSupplier nanos) {
      time = new TimeSource(requireNonNull(wall, "wall"), requireNonNull(nanos, "nanos"));
      return this;
    }

    /** {@return an instance with the settings so far} */
    public GenAi build() {
      return new GenAi(this);
    }
  }
}
