package dev.tallyspan.semconv.internal.message;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code gen_ai.provider.name} and what emitters write in their place. Well-known
 * values: the attribute registry of the GenAI conventions; aliases: what the emitters' sources
 * show.
 */
public final class Providers {

  private static final Map<String, String> ALIASES = aliases();

  /** Hosts of sellers that the conventions have no value for, under the names of price tables. */
  private static final Map<String, String> HOSTS =
      Map.ofEntries(
          Map.entry("openrouter.ai", "openrouter"),
          Map.entry("api.fireworks.ai", "fireworks"),
          Map.entry("api.together.xyz", "together_ai"),
          Map.entry("api.together.ai", "together_ai"),
          Map.entry("api.moonshot.cn", "moonshot_ai"),
          Map.entry("api.minimax.io", "minimax"),
          Map.entry("api.minimaxi.chat", "minimax"),
          Map.entry("dashscope.aliyuncs.com", "alibaba"),
          Map.entry("dashscope-intl.aliyuncs.com", "alibaba"),
          Map.entry("api.voyageai.com", "voyageai"),
          Map.entry("api.cerebras.ai", "cerebras"),
          Map.entry("api.deepinfra.com", "deepinfra"),
          Map.entry("api.novita.ai", "novita"),
          Map.entry("api.studio.nebius.com", "nebius"),
          Map.entry("api.studio.nebius.ai", "nebius"),
          Map.entry("api.tokenfactory.nebius.com", "nebius"),
          Map.entry("api.sambanova.ai", "sambanova"),
          Map.entry("api.hyperbolic.xyz", "hyperbolic"),
          Map.entry("api.ai21.com", "ai21"),
          Map.entry("api.z.ai", "zai"),
          Map.entry("open.bigmodel.cn", "zhipuai"),
          Map.entry("ai-gateway.vercel.sh", "vercel"),
          Map.entry("inference.baseten.co", "baseten"),
          Map.entry("api.inference.wandb.ai", "wandb"),
          Map.entry("api.scaleway.ai", "scaleway"),
          Map.entry("oai.endpoints.kepler.ai.cloud.ovh.net", "ovhcloud"),
          Map.entry("api.doubleword.ai", "doubleword"),
          Map.entry("api.avian.io", "avian"),
          Map.entry("api.arcee.ai", "arcee"),
          Map.entry("api.meta.ai", "meta"),
          Map.entry("api.elevenlabs.io", "elevenlabs"),
          Map.entry("api.typesafe.ai", "typesafe"),
          Map.entry("api.cursor.com", "cursor"),
          Map.entry("api.quicksilverpro.io", "quicksilverpro"));

  /** Domains in which each customer or each region has its own host. */
  private static final List<Map.Entry<String, String>> DOMAINS =
      List.of(
          Map.entry(".api.openai.com", "openai"), // eu.api.openai.com
          Map.entry(".openai.azure.com", "azure.ai.openai"),
          Map.entry(".cognitiveservices.azure.com", "azure.ai.openai"),
          Map.entry(".services.ai.azure.com", "azure.ai.inference"),
          Map.entry(".inference.ai.azure.com", "azure.ai.inference"),
          Map.entry(".githubcopilot.com", "github_copilot"),
          Map.entry(".cloud.databricks.com", "databricks"),
          Map.entry(".azuredatabricks.net", "databricks"),
          Map.entry(".gcp.databricks.com", "databricks"),
          Map.entry(".modal.run", "modal"),
          Map.entry(".modal.direct", "modal"));

  /** Also FIPS endpoints, private ones in a VPC, and the interface that speaks OpenAI's API. */
  private static final Pattern BEDROCK_HOST =
      Pattern.compile(
          "(.+\\.)?bedrock-runtime(-fips)?\\..+\\.amazonaws\\.com(\\.cn)?"
              + "|bedrock-mantle\\..+\\.api\\.aws");

  private static final Pattern VERTEX_HOST =
      Pattern.compile("(.+-)?aiplatform\\.(.+\\.rep\\.)?googleapis\\.com");

  /** Frameworks, which some emitters write where the provider belongs. */
  private static final Set<String> FRAMEWORKS =
      Set.of(
          "langchain",
          "langchain4j",
          "langgraph",
          "gcp.vertex.agent",
          "strands-agents",
          "strands_agents",
          "spring_ai",
          "spring-ai",
          "llama_index",
          "llamaindex",
          "crewai",
          "haystack",
          "microsoft.agent_framework",
          "dify",
          "pydantic-ai",
          "pydantic_ai",
          "litellm",
          "mastra",
          "genkit",
          "vercel",
          "other",
          "autogen",
          "semantic_kernel");

  /** {@code us.anthropic.claude-…}, {@code amazon.nova-…}, or an ARN. */
  private static final Pattern BEDROCK_MODEL =
      Pattern.compile(
          "^(arn:aws[a-z-]*:bedrock:|([a-z-]{2,8}\\.)?"
              + "(?<vendor>ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot"
              + "|nvidia|openai|qwen|stability|twelvelabs|writer|zai)\\.[a-z])");

  private static final Pattern VERTEX_MODEL =
      Pattern.compile("^(projects/[^/]{1,200}/locations/|publishers/[^/]{1,200}/models/)");

  /** Parts of class names, the longer before those they hold. */
  private static final List<Map.Entry<String, String>> CLIENT_CLASSES =
      List.of(
          Map.entry("AzureChatOpenAI", "azure.ai.openai"),
          Map.entry("AzureOpenAI", "azure.ai.openai"),
          Map.entry("AzureAIChat", "azure.ai.inference"),
          Map.entry("ChatOpenAI", "openai"),
          Map.entry("OpenAIEmbedding", "openai"),
          Map.entry("ChatAnthropicVertex", "gcp.vertex_ai"),
          Map.entry("ChatAnthropic", "anthropic"),
          Map.entry("ChatBedrock", "aws.bedrock"),
          Map.entry("BedrockChat", "aws.bedrock"),
          Map.entry("ChatVertexAI", "gcp.vertex_ai"),
          Map.entry("ChatGoogleGenerativeAI", "gcp.gemini"),
          Map.entry("ChatMistralAI", "mistral_ai"),
          Map.entry("ChatGroq", "groq"),
          Map.entry("ChatCohere", "cohere"),
          Map.entry("ChatDeepSeek", "deepseek"),
          Map.entry("ChatXAI", "x_ai"),
          Map.entry("ChatPerplexity", "perplexity"),
          Map.entry("ChatWatsonx", "ibm.watsonx.ai"),
          Map.entry("ChatOllama", "ollama"),
          Map.entry("ChatFireworks", "fireworks"),
          Map.entry("ChatTogether", "together"));

  private Providers() {}

  /**
   * The well-known value for what an emitter wrote; the same text if it is not an alias; null if it
   * names no provider.
   */
  public static @Nullable String canonical(@Nullable String raw) {
    if (raw == null) {
      return null;
    }
    String name = raw.strip().toLowerCase(Locale.ROOT);
    if (FRAMEWORKS.contains(name)) {
      return null;
    }
    String known = ALIASES.get(name);
    if (known != null) {
      return known;
    }
    known = ALIASES.get(withoutApi(name));
    if (known == null && name.endsWith("aiplatform.googleapis.com")) {
      known = "gcp.vertex_ai";
    }
    return known != null ? known : raw.strip();
  }

  /** The well-known value for what an emitter wrote; null if it is neither one nor an alias. */
  public static @Nullable String known(@Nullable String raw) {
    String name = canonical(raw);
    return name != null && ALIASES.containsKey(name) ? name : null;
  }

  /** The provider that one of LangChain's client classes speaks to; null if it tells none. */
  public static @Nullable String ofClientClass(String className) {
    for (Map.Entry<String, String> entry : CLIENT_CLASSES) {
      if (className.contains(entry.getKey())) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** The provider behind a host name; null if the host tells none. */
  public static @Nullable String ofHost(@Nullable String host) {
    if (host == null || host.indexOf('.') < 0) {
      return null;
    }
    String name = host.strip().toLowerCase(Locale.ROOT);
    String known = ALIASES.get(name);
    known = known != null && isHost(name) ? known : HOSTS.get(name);
    return known == null ? ofDomain(name) : known;
  }

  private static @Nullable String ofDomain(String name) {
    for (Map.Entry<String, String> domain : DOMAINS) {
      if (name.endsWith(domain.getKey())) {
        return domain.getValue();
      }
    }
    if (name.contains("bedrock-") && BEDROCK_HOST.matcher(name).matches()) {
      return "aws.bedrock";
    }
    return name.contains("aiplatform.") && VERTEX_HOST.matcher(name).matches()
        ? "gcp.vertex_ai"
        : null;
  }

  /**
   * Whether a host's provider and the one that a span names are one seller, of which the name says
   * more: Azure's model inference and its OpenAI service share hosts.
   */
  public static boolean isOneSeller(String byHost, @Nullable String named) {
    return byHost.equals(named)
        || named != null && byHost.startsWith("azure.") && named.startsWith("azure.");
  }

  /**
   * The provider that a model's name alone tells; null if it tells none. Told are the identifiers
   * of Bedrock, the resources of Vertex AI, and a provider in front, as LiteLLM has it.
   */
  public static @Nullable String ofModel(@Nullable String model) {
    if (model == null) {
      return null;
    }
    if (BEDROCK_MODEL.matcher(model).find()) {
      return "aws.bedrock";
    }
    if (VERTEX_MODEL.matcher(model).find()) {
      return "gcp.vertex_ai";
    }
    int slash = model.indexOf('/');
    return slash > 0 ? ALIASES.get(model.substring(0, slash).toLowerCase(Locale.ROOT)) : null;
  }

  /**
   * Whether a model is named by Bedrock's identifier though its vendor is named as the provider:
   * only Bedrock accepts {@code anthropic.claude-…}.
   */
  public static boolean isBedrockModelOf(@Nullable String model, @Nullable String provider) {
    if (model == null
        || provider == null
        || provider.equals("aws.bedrock")
        || !hasLetterAfterDot(model)) {
      return false;
    }
    Matcher identifier = BEDROCK_MODEL.matcher(model);
    return identifier.find()
        && identifier.group("vendor") != null
        && provider.equals(canonical(identifier.group("vendor")));
  }

  /** Whether this may be an identifier of Bedrock's: in most versions, digits are after the dot. */
  private static boolean hasLetterAfterDot(String model) {
    for (int dot = model.indexOf('.'); dot >= 0; dot = model.indexOf('.', dot + 1)) {
      if (dot + 1 < model.length()
          && model.charAt(dot + 1) >= 'a'
          && model.charAt(dot + 1) <= 'z') {
        return true;
      }
    }
    return false;
  }

  private static boolean isHost(String name) {
    return name.endsWith(".com") || name.endsWith(".ai") && name.startsWith("api.");
  }

  /** {@code openai.chat} as {@code openai}: Vercel's AI SDK appends which of the APIs it is. */
  private static String withoutApi(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static Map<String, String> aliases() {
    Map<String, String> map = new HashMap<>();
    add(map, "openai", "open_ai", "open-ai", "text-completion-openai", "api.openai.com");
    add(
        map,
        "azure.ai.openai",
        "az.ai.openai",
        "azure_openai",
        "azure-openai",
        "azure_open_ai",
        "azureopenai",
        "azure openai");
    add(
        map,
        "azure.ai.inference",
        "az.ai.inference",
        "azure_ai",
        "azure_ai_inference",
        "azure-ai",
        "azure");
    add(map, "anthropic", "claude", "api.anthropic.com");
    add(
        map,
        "aws.bedrock",
        "bedrock",
        "amazon-bedrock",
        "amazon_bedrock",
        "bedrock_converse",
        "bedrockconverse",
        "aws_bedrock",
        "aws-bedrock",
        "aws",
        "amazon");
    add(
        map,
        "gcp.vertex_ai",
        "vertex_ai",
        "vertexai",
        "vertex",
        "google.vertex",
        "google-vertex",
        "google_vertex_ai",
        "google_vertexai",
        "google_vertex_ai_gemini",
        "google_vertex_ai_anthropic",
        "vertex_ai_gemini");
    add(
        map,
        "gcp.gemini",
        "gemini",
        "google.generative-ai",
        "google_ai",
        "google-ai",
        "googleai",
        "google_ai_gemini",
        "generativelanguage.googleapis.com");
    add(
        map,
        "gcp.gen_ai",
        "google",
        "google_genai",
        "google_gen_ai",
        "google-genai",
        "googlegenai",
        "google_generative_ai");
    add(map, "mistral_ai", "mistral", "mistralai", "mistral-ai", "api.mistral.ai");
    add(map, "x_ai", "xai", "x-ai", "grok", "api.x.ai");
    add(map, "cohere", "api.cohere.com", "api.cohere.ai");
    add(map, "deepseek", "api.deepseek.com");
    add(map, "groq", "api.groq.com");
    add(map, "perplexity", "api.perplexity.ai");
    add(map, "moonshot_ai", "moonshot", "moonshotai", "kimi", "api.moonshot.ai");
    add(map, "ibm.watsonx.ai", "watsonx", "ibm-watsonx-ai", "watsonx.ai");
    return Map.copyOf(map);
  }

  private static void add(Map<String, String> map, String known, String... aliases) {
    map.put(known, known);
    for (String alias : aliases) {
      map.put(alias, known);
    }
  }
}
