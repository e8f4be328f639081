package dev.tallyspan.semconv.internal.dialect;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every dialect, strongest first: where several fill a slot equally well, the first one does. */
public final class Dialects {

  public static final List<Dialect> ALL =
      List.of(
          // Current conventions: their explicit values win.
          new OtelDialect(),
          // Provider SDKs, which know the provider's response best.
          new AnthropicSdkDialect(),
          // SDKs of tracing products, where users set things themselves.
          new LangfuseDialect(),
          new LangSmithDialect(),
          new BraintrustDialect(),
          new MlflowDialect(),
          // Frameworks and gateways.
          new SpringAiDialect(),
          new LangChain4jDialect(),
          new QuarkusDialect(),
          new GoogleAdkDialect(),
          new StrandsDialect(),
          new ClaudeCodeDialect(),
          new CodexDialect(),
          new GeminiCliDialect(),
          new VercelDialect(),
          new GenkitDialect(),
          new MastraDialect(),
          new HaystackDialect(),
          new LlamaIndexDialect(),
          new PydanticAiDialect(),
          new LogfireDialect(),
          new LiteLlmDialect(),
          Gateways.OPENROUTER,
          Gateways.CLOUDFLARE,
          Gateways.ENVOY,
          Gateways.KONG,
          Gateways.VLLM,
          Frameworks.SEMANTIC_KERNEL,
          Frameworks.AGENT_FRAMEWORK,
          Frameworks.DIFY,
          Frameworks.LOONGSUITE,
          // Instrumentation conventions.
          new OpenInferenceDialect(),
          new OpenLlmetryDialect(),
          new OpenLitDialect(),
          new LaminarDialect(),
          new SentryDialect(),
          // Older conventions.
          new OtelLegacyDialect());

  private static final Map<String, Dialect> BY_ID =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Dialect::id, Function.identity()));

  /** What makes a span worth being read by any of them. */
  public static final Markers MARKERS = new Markers(ALL);

  private static final Map<String, Dialect> BY_LOG_EVENT = byLogEvent();

  private Dialects() {}

  /** The names of log records that may describe a whole call, whichever dialects are on. */
  public static Set<String> logEvents() {
    return BY_LOG_EVENT.keySet();
  }

  /** Whether the record describes a whole call. */
  public static boolean describesCall(LogEvent event) {
    Dialect dialect = BY_LOG_EVENT.get(event.name());
    return dialect != null && dialect.describesCall(event);
  }

  private static Map<String, Dialect> byLogEvent() {
    Map<String, Dialect> byName = new LinkedHashMap<>();
    for (Dialect dialect : ALL) {
      dialect.logEvents().forEach(name -> byName.put(name, dialect));
    }
    return Collections.unmodifiableMap(byName);
  }

  /** The dialect of this id; null for one of a user's own. */
  public static @Nullable Dialect of(String id) {
    return BY_ID.get(id);
  }

  public static Set<String> ids() {
    Set<String> ids = new LinkedHashSet<>();
    for (Dialect dialect : ALL) {
      ids.add(dialect.id());
    }
    return ids;
  }
}
