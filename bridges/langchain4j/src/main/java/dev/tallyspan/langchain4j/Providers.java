package dev.tallyspan.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.tallyspan.semconv.GenAiAttributes.GenAiProviderNameValues;
import org.jspecify.annotations.Nullable;

/** The names that the GenAI conventions have for LangChain4j's providers. */
final class Providers {

  private Providers() {}

  /** By name, because other versions of LangChain4j have other constants; null if not known. */
  static @Nullable String name(@Nullable ModelProvider provider) {
    if (provider == null) {
      return null;
    }
    return switch (provider.name()) {
      case "OPEN_AI" -> GenAiProviderNameValues.OPENAI;
      case "ANTHROPIC" -> GenAiProviderNameValues.ANTHROPIC;
      case "AMAZON_BEDROCK" -> GenAiProviderNameValues.AWS_BEDROCK;
      case "AZURE_OPEN_AI", "MICROSOFT_FOUNDRY" -> GenAiProviderNameValues.AZURE_AI_OPENAI;
      case "GITHUB_MODELS" -> GenAiProviderNameValues.AZURE_AI_INFERENCE;
      case "GOOGLE_AI_GEMINI" -> GenAiProviderNameValues.GCP_GEMINI;
      case "GOOGLE_GENAI" -> GenAiProviderNameValues.GCP_GEN_AI;
      case "GOOGLE_VERTEX_AI_GEMINI", "GOOGLE_VERTEX_AI_ANTHROPIC" ->
          GenAiProviderNameValues.GCP_VERTEX_AI;
      case "MISTRAL_AI" -> GenAiProviderNameValues.MISTRAL_AI;
      case "WATSONX" -> GenAiProviderNameValues.IBM_WATSONX_AI;
      case "COHERE" -> GenAiProviderNameValues.COHERE;
      case "OLLAMA" -> "ollama";
      case "VOYAGE_AI" -> "voyageai";
      case "JINA" -> "jina_ai";
      default -> null;
    };
  }
}
