package dev.tallyspan.enrichment.estimate;

import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the encoding of a model by its name.
 *
 * <p>Does not use jtokkit's own map: it knows neither gpt-5 nor o3, and treats gpt-4.1 as gpt-4.
 * Names are matched as a whole, because the audio and search variants of a model have tokens in
 * addition to the text. The encodings are those of OpenAI's tiktoken; no other provider publishes
 * the encoding of its chats.
 */
final class ModelEncodings {

  private static final String DATE = "(-\\d{4}-\\d{2}-\\d{2})?";

  private static final Map<Pattern, EncodingType> ENCODINGS =
      Map.of(
          Pattern.compile(
              "(gpt-4o|gpt-4o-mini|gpt-4\\.1|gpt-4\\.1-mini|gpt-4\\.1-nano|gpt-4\\.5-preview)"
                  + DATE),
          EncodingType.O200K_BASE,
          Pattern.compile("chatgpt-4o-latest|gpt-5-chat-latest|gpt-5-chat" + DATE),
          EncodingType.O200K_BASE,
          Pattern.compile("(gpt-4|gpt-4-32k)(-0613)?|gpt-4-turbo(-preview)?" + DATE),
          EncodingType.CL100K_BASE,
          Pattern.compile("gpt-4-(1106|0125)-preview"),
          EncodingType.CL100K_BASE,
          Pattern.compile("gpt-3\\.?5-turbo(-16k)?(-0613|-1106|-0125)?"),
          EncodingType.CL100K_BASE);

  /** These models reason before they answer; the reasoning is billed but not shown. */
  private static final Pattern REASONING =
      Pattern.compile("o[1-9](-.*)?|gpt-5.*|gpt-oss.*|codex.*|computer-use-.*");

  private static final List<String> SELLERS = List.of("openai/", "azure/", "azure_ai/");

  private ModelEncodings() {}

  /** Returns the encoding; null if it is not known. */
  static @Nullable EncodingType of(String model) {
    String name = bare(model);
    for (Map.Entry<Pattern, EncodingType> entry : ENCODINGS.entrySet()) {
      if (entry.getKey().matcher(name).matches()) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** Whether a model without an encoding here is known to hide a part of its output. */
  static boolean isReasoning(String model) {
    return REASONING.matcher(bare(model)).matches();
  }

  /** Returns the name without the seller; for a fine-tuned model, the name of its base model. */
  private static String bare(String model) {
    String name = model.strip().toLowerCase(Locale.ROOT);
    if (name.length() > 200) {
      return "";
    }
    for (String seller : SELLERS) {
      if (name.startsWith(seller)) {
        name = name.substring(seller.length());
      }
    }
    if (name.startsWith("ft:")) {
      int end = name.indexOf(':', 3);
      name = end < 0 ? name.substring(3) : name.substring(3, end);
    }
    return name;
  }
}
