package dev.tallyspan.semconv;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every dialect, strongest first: where several fill a slot equally well, the first one does. */
final class Dialects {

  static final List<Dialect> ALL =
      List.of(
          // Current conventions: what is said in them explicitly wins.
          new OtelDialect(),
          // Provider SDKs, which know best what the provider said.
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

  private static final List<String> MARKERS = markers();
  private static final String[][] BY_FIRST_CHAR = byFirstChar();

  private Dialects() {}

  /** The prefixes of all dialects' markers, each once, none that begins with another. */
  static List<String> markerKeyPrefixes() {
    return MARKERS;
  }

  static boolean isMarker(String key) {
    if (key.isEmpty() || key.charAt(0) >= BY_FIRST_CHAR.length) {
      return false;
    }
    for (String prefix : BY_FIRST_CHAR[key.charAt(0)]) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  static Set<String> ids() {
    Set<String> ids = new LinkedHashSet<>();
    for (Dialect dialect : ALL) {
      ids.add(dialect.id());
    }
    return ids;
  }

  private static List<String> markers() {
    Set<String> all = new LinkedHashSet<>();
    for (Dialect dialect : ALL) {
      all.addAll(dialect.markers());
    }
    List<String> shortest = new ArrayList<>();
    for (String marker : all) {
      if (all.stream().noneMatch(other -> marker.startsWith(other) && !marker.equals(other))) {
        shortest.add(marker);
      }
    }
    return List.copyOf(shortest);
  }

  private static String[][] byFirstChar() {
    String[][] table = new String[128][0];
    for (String marker : MARKERS) {
      String[] before = table[marker.charAt(0)];
      String[] after = java.util.Arrays.copyOf(before, before.length + 1);
      after[before.length] = marker;
      table[marker.charAt(0)] = after;
    }
    return table;
  }
}
