package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The provider that a model's name tells, for spans that name none: several SDKs of tracing
 * products write the model alone. Only families that their maker alone sells under such names are
 * here, as the makers' model pages list them; open weights, which anybody may serve, are not.
 */
public final class ModelFamilies {

  private static final List<Map.Entry<Pattern, String>> FAMILIES =
      List.of(
          family("(gpt-[0-9]|chatgpt-|o[0-9](-|$)).*", "openai"),
          family("text-embedding-(3-|ada-).*|(whisper|tts|dall-e|gpt-image)-.*", "openai"),
          family("ft:(gpt-[0-9]|o[0-9]-).*", "openai"),
          family("claude-.*", "anthropic"),
          family("(us|eu|apac|global)?\\.?anthropic\\.claude-.*", "aws.bedrock"),
          family("amazon\\.(nova|titan)-.*|(us|eu|apac)\\.amazon\\.nova-.*", "aws.bedrock"),
          family("(models/)?gemini-.*", "gcp.gen_ai"),
          family("grok-[0-9].*", "x_ai"),
          family("deepseek-(chat|reasoner)", "deepseek"),
          family("mistral-(large|medium|embed)(-.*)?|codestral-.*", "mistral_ai"),
          family("command-(r|a).*|embed-(english|multilingual|v4).*|rerank-.*", "cohere"),
          family("sonar(-.*)?", "perplexity"));

  private ModelFamilies() {}

  /**
   * Concludes the provider of a call from its model, if neither a name nor a host identifies it.
   */
  public static void inferProvider(Draft out) {
    if (Providers.ofHost(out.text(Slot.SERVER_ADDRESS)) == null) {
      String model = out.text(Slot.REQUEST_MODEL);
      out.infer(
          Slot.PROVIDER,
          provider(model != null ? model : out.text(Slot.RESPONSE_MODEL)),
          "the model's name");
    }
  }

  /** The well-known name of the provider; null if the model's name tells none. */
  static @Nullable String provider(@Nullable String model) {
    if (model == null || model.length() > 200) {
      return null;
    }
    String name = model.strip().toLowerCase(Locale.ROOT);
    for (Map.Entry<Pattern, String> family : FAMILIES) {
      if (family.getKey().matcher(name).matches()) {
        return family.getValue();
      }
    }
    return null;
  }

  private static Map.Entry<Pattern, String> family(String pattern, String provider) {
    return Map.entry(Pattern.compile(pattern), provider);
  }
}
