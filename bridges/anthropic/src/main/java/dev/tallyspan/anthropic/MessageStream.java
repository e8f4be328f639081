package dev.tallyspan.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.Delta;
import java.util.function.Consumer;

/** Records the events of one stream. The counts of its end replace those of its start. */
final class MessageStream implements Consumer<Object> {

  private final ChatCall call;
  private final Usage usage = new Usage();

  MessageStream(ChatCall call) {
    this.call = call;
  }

  @Override
  public void accept(Object chunk) {
    JsonNode event = Json.of(chunk);
    switch (event.path("type").asText()) {
      case "message_start" -> {
        JsonNode message = event.path("message");
        call.chunk()
            .responseId(Json.text(message, "id"))
            .responseModel(Json.text(message, "model"))
            .usage(usage.read(message.path("usage")).toTokenUsage());
      }
      case "content_block_start" ->
          started(event.path("index").asInt(), event.path("content_block"));
      case "content_block_delta" -> added(event.path("index").asInt(), event.path("delta"));
      case "message_delta" ->
          call.chunk(Delta.finish(Json.text(event, "delta", "stop_reason")))
              .usage(usage.read(event.path("usage")).toTokenUsage());
      default -> call.chunk();
    }
  }

  private void started(int index, JsonNode block) {
    switch (block.path("type").asText()) {
      case "text" -> call.chunk(Delta.text(Json.text(block, "text")));
      case "thinking" -> call.chunk(Delta.reasoning(Json.text(block, "thinking")));
      case "tool_use", "server_tool_use", "mcp_tool_use" ->
          call.chunk(Delta.toolCall(index, Json.text(block, "id"), Json.text(block, "name"), null));
      default -> call.chunk();
    }
  }

  private void added(int index, JsonNode delta) {
    switch (delta.path("type").asText()) {
      case "text_delta" -> call.chunk(Delta.text(Json.text(delta, "text")));
      case "thinking_delta" -> call.chunk(Delta.reasoning(Json.text(delta, "thinking")));
      case "input_json_delta" ->
          call.chunk(Delta.toolCall(index, null, null, Json.text(delta, "partial_json")));
      default -> call.chunk();
    }
  }
}
