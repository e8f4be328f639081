package dev.tallyspan.semconv.internal.judge;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the provider off a model's name that LiteLLM routes by: {@code openai/gpt-4o}. The names
 * are LiteLLM's of providers (docs.litellm.ai/docs/providers); an organisation that publishes open
 * weights, as in {@code meta-llama/Llama-3.3-70B}, is part of the model's name.
 */
final class RoutingPrefix {

  private static final Map<String, Set<String>> PROVIDERS = providers();

  /** What may follow the provider to choose one of its APIs. */
  private static final List<String> ROUTES =
      List.of("converse/", "converse_like/", "invoke/", "responses/", "o_series/", "gpt5_series/");

  private RoutingPrefix() {}

  /** The model without its prefix; null if it has none, or one of another provider. */
  static @Nullable String without(@Nullable String model, @Nullable String provider) {
    if (model == null || provider == null) {
      return null;
    }
    int slash = model.indexOf('/');
    if (slash < 1) {
      return null;
    }
    Set<String> providers = PROVIDERS.get(model.substring(0, slash).toLowerCase(Locale.ROOT));
    if (providers == null || !providers.contains(provider.toLowerCase(Locale.ROOT))) {
      return null;
    }
    String bare = model.substring(slash + 1);
    for (String route : ROUTES) {
      bare = bare.startsWith(route) ? bare.substring(route.length()) : bare;
    }
    // OpenAI's open weights are others' to serve: the name is that of an organisation.
    return bare.isBlank() || bare.startsWith("gpt-oss") ? null : bare;
  }

  private static Map<String, Set<String>> providers() {
    Map<String, Set<String>> map = new HashMap<>();
    map.put("openai", Set.of("openai"));
    map.put("text-completion-openai", Set.of("openai"));
    map.put("anthropic", Set.of("anthropic"));
    map.put("azure", Set.of("azure.ai.openai", "azure.ai.inference"));
    map.put("azure_text", Set.of("azure.ai.openai"));
    map.put("azure_ai", Set.of("azure.ai.inference", "azure.ai.openai"));
    map.put("bedrock", Set.of("aws.bedrock"));
    map.put("bedrock_converse", Set.of("aws.bedrock"));
    map.put("vertex_ai", Set.of("gcp.vertex_ai", "gcp.gen_ai"));
    map.put("vertex_ai_beta", Set.of("gcp.vertex_ai", "gcp.gen_ai"));
    map.put("gemini", Set.of("gcp.gemini", "gcp.gen_ai"));
    map.put("mistral", Set.of("mistral_ai"));
    map.put("codestral", Set.of("mistral_ai"));
    map.put("xai", Set.of("x_ai"));
    map.put("cohere", Set.of("cohere"));
    map.put("cohere_chat", Set.of("cohere"));
    map.put("deepseek", Set.of("deepseek"));
    map.put("groq", Set.of("groq"));
    map.put("perplexity", Set.of("perplexity"));
    map.put("moonshot", Set.of("moonshot_ai"));
    map.put("watsonx", Set.of("ibm.watsonx.ai"));
    map.put("ollama", Set.of("ollama"));
    map.put("ollama_chat", Set.of("ollama"));
    map.put("openrouter", Set.of("openrouter"));
    map.put("together_ai", Set.of("together_ai", "together"));
    map.put("fireworks_ai", Set.of("fireworks_ai", "fireworks"));
    for (String own :
        List.of("cerebras", "sambanova", "databricks", "deepinfra", "nvidia_nim", "novita")) {
      map.put(own, Set.of(own));
    }
    return Map.copyOf(map);
  }
}
