package dev.tallyspan.spring;

import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.common.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content policy as what the tracing API asks before it writes content. */
final class PolicyCapture implements ContentCapture {

  private final ContentPolicy policy;

  PolicyCapture(ContentPolicy policy) {
    this.policy = policy;
  }

  @Override
  public boolean captures(Kind kind) {
    return policy.mode() != ContentMode.NONE;
  }

  @Override
  public @Nullable List<Message> messages(Kind kind, List<Message> messages) {
    return policy.messages(key(kind), messages).value();
  }

  @Override
  public @Nullable List<MessagePart> parts(Kind kind, List<MessagePart> parts) {
    return policy.parts(key(kind), parts).value();
  }

  @Override
  public @Nullable Value<?> value(Kind kind, Value<?> value) {
    return policy.value(key(kind), value).value();
  }

  @Override
  public @Nullable String text(Kind kind, String text) {
    return policy.text(key(kind), text).value();
  }

  private static String key(Kind kind) {
    return switch (kind) {
      case INPUT_MESSAGES -> GenAiAttributes.GEN_AI_INPUT_MESSAGES.getKey();
      case OUTPUT_MESSAGES -> GenAiAttributes.GEN_AI_OUTPUT_MESSAGES.getKey();
      case SYSTEM_INSTRUCTIONS -> GenAiAttributes.GEN_AI_SYSTEM_INSTRUCTIONS.getKey();
      case TOOL_DEFINITIONS -> GenAiAttributes.GEN_AI_TOOL_DEFINITIONS.getKey();
      case TOOL_ARGUMENTS -> GenAiAttributes.GEN_AI_TOOL_CALL_ARGUMENTS.getKey();
      case TOOL_RESULT -> GenAiAttributes.GEN_AI_TOOL_CALL_RESULT.getKey();
      case QUERY -> GenAiAttributes.GEN_AI_RETRIEVAL_QUERY_TEXT.getKey();
      case DOCUMENTS -> GenAiAttributes.GEN_AI_RETRIEVAL_DOCUMENTS.getKey();
      case PROMPT_VARIABLES -> GenAiAttributes.genAiPromptVariable("any").getKey();
      case EXCEPTION -> "exception.message";
    };
  }
}
