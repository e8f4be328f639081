package dev.tallyspan.spring;

import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_FREQUENCY_PENALTY;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_MAX_TOKENS;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_PRESENCE_PENALTY;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_STREAM;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_TEMPERATURE;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_TOP_K;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_REQUEST_TOP_P;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_USAGE_INPUT_TOKENS;
import static dev.tallyspan.semconv.GenAiAttributes.GEN_AI_USAGE_OUTPUT_TOKENS;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbers and flags that Spring AI writes as text, as key values are. */
final class TypedNumbers {

  private static final List<String> COUNTS =
      List.of(
          GEN_AI_USAGE_INPUT_TOKENS.getKey(),
          GEN_AI_USAGE_OUTPUT_TOKENS.getKey(),
          "gen_ai.usage.total_tokens",
          GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS.getKey(),
          "gen_ai.usage.cache_creation.input_tokens",
          "gen_ai.usage.cache_write.input_tokens");
  private static final List<String> WHOLE =
      List.of(GEN_AI_REQUEST_MAX_TOKENS.getKey(), GEN_AI_REQUEST_TOP_K.getKey());
  private static final List<String> FRACTIONS =
      List.of(
          GEN_AI_REQUEST_TEMPERATURE.getKey(),
          GEN_AI_REQUEST_TOP_P.getKey(),
          GEN_AI_REQUEST_FREQUENCY_PENALTY.getKey(),
          GEN_AI_REQUEST_PRESENCE_PENALTY.getKey());

  private TypedNumbers() {}

  static void ofUsage(ObservedSpan span) {
    COUNTS.forEach(key -> whole(key, span));
  }

  static void removeUsage(ObservedSpan span) {
    COUNTS.forEach(span::remove);
  }

  static void ofRequest(ObservedSpan span) {
    WHOLE.forEach(key -> whole(key, span));
    FRACTIONS.forEach(key -> span.<Double>retype(key, TypedNumbers::fraction, ObservedSpan::set));
    span.<Boolean>retype(GEN_AI_REQUEST_STREAM.getKey(), TypedNumbers::flag, ObservedSpan::set);
  }

  static void whole(String key, ObservedSpan span) {
    span.<Long>retype(key, TypedNumbers::number, ObservedSpan::set);
  }

  private static @Nullable Long number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Double fraction(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Boolean flag(String text) {
    return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
  }
}
