package dev.tallyspan.semconv.internal.message;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types of tools: the conventions name {@code function}, {@code extension} and {@code
 * datastore}, and frameworks write the name of the tool's class. What is neither stays as it is,
 * because the conventions allow other types.
 */
final class ToolTypes {

  private static final String FUNCTION = "function";
  private static final String EXTENSION = "extension";
  private static final String DATASTORE = "datastore";

  private static final Set<String> CONVENTION = Set.of(FUNCTION, EXTENSION, DATASTORE);

  /**
   * Classes of Google's ADK, in Java and Python. The conventions: a function runs where the client
   * is, an extension calls an API of others, a datastore is searched.
   */
  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("AgentTool", FUNCTION),
          Map.entry("LangchainTool", FUNCTION),
          Map.entry("CrewaiTool", FUNCTION),
          Map.entry("McpTool", EXTENSION),
          Map.entry("MCPTool", EXTENSION),
          Map.entry("RestApiTool", EXTENSION),
          Map.entry("GoogleApiTool", EXTENSION),
          Map.entry("IntegrationConnectorTool", EXTENSION),
          Map.entry("ApplicationIntegrationTool", EXTENSION),
          Map.entry("VertexAiRagRetrieval", DATASTORE),
          Map.entry("VertexAiSearchTool", DATASTORE),
          Map.entry("DiscoveryEngineSearchTool", DATASTORE),
          Map.entry("LlamaIndexRetrieval", DATASTORE),
          Map.entry("FilesRetrieval", DATASTORE));

  private ToolTypes() {}

  static @Nullable String of(Json value) {
    String type = Scalars.text(value);
    if (type == null) {
      return null;
    }
    String lower = type.toLowerCase(Locale.ROOT);
    if (CONVENTION.contains(lower)) {
      return lower;
    }
    // FunctionTool, LongRunningFunctionTool, AuthenticatedFunctionTool
    return type.endsWith("FunctionTool") ? FUNCTION : CLASSES.getOrDefault(type, type);
  }
}
