package dev.tallyspan.googlegenai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records the chunks of one stream, each of which is a response with a part of the content. */
final class ContentStream implements Consumer<JsonNode> {

  private final ChatCall call;

  /** A tool call arrives whole. */
  private int toolCalls;

  ContentStream(ChatCall call) {
    this.call = call;
  }

  @Override
  public void accept(JsonNode chunk) {
    if (chunk.path("error").isObject()) {
      String status = Json.text(chunk, "error", "status");
      call.fail(status == null ? chunk.path("error").path("code").asText() : status);
      return;
    }
    List<Delta> deltas = new ArrayList<>();
    for (JsonNode candidate : chunk.path("candidates")) {
      int index = candidate.path("index").asInt();
      for (JsonNode part : candidate.path("content").path("parts")) {
        Delta delta = delta(part);
        if (delta != null) {
          deltas.add(delta.ofChoice(index));
        }
      }
      String reason = Json.text(candidate, "finishReason");
      if (reason != null) {
        deltas.add(Delta.finish(reason).ofChoice(index));
      }
    }
    call.chunk(deltas.toArray(Delta[]::new));
    Contents.metadata(call, chunk);
  }

  private @Nullable Delta delta(JsonNode part) {
    String text = Json.text(part, "text");
    if (text != null) {
      return part.path("thought").asBoolean() ? Delta.reasoning(text) : Delta.text(text);
    }
    JsonNode tool = part.path("functionCall");
    return !tool.isObject()
        ? null
        : Delta.toolCall(
            toolCalls++,
            Json.text(tool, "id"),
            Json.text(tool, "name"),
            tool.has("args") ? tool.path("args").toString() : null);
  }
}
