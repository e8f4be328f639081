package dev.tallyspan.bridges.testkit;

/** Responses as Anthropic's API sends them. */
public final class AnthropicPayloads {

  private AnthropicPayloads() {}

  /** 10 input tokens beside 2870 cache reads and 300 cache writes, 100 of them for an hour. */
  public static final String MESSAGE =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929",
       "content":[{"type":"text","text":"It is sunny."}],
       "stop_reason":"end_turn","stop_sequence":null,
       "usage":{"input_tokens":10,"cache_creation_input_tokens":300,"cache_read_input_tokens":2870,
         "cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},
         "output_tokens":503,"service_tier":"standard"}}
      """;

  /** Thinks, and calls the tool {@code get_weather}. */
  public static final String TOOL_USE =
      """
      {"id":"msg_2","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929",
       "content":[{"type":"thinking","thinking":"The user wants weather.","signature":"c2ln"},
         {"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Paris"}}],
       "stop_reason":"tool_use","stop_sequence":null,
       "usage":{"input_tokens":50,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,
         "output_tokens":20}}
      """;

  /** The service is overloaded. */
  public static final String OVERLOADED =
      """
      {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},
       "request_id":"req_1"}
      """;

  /** A stream of {@code It is sunny.}, with the counts of {@link #MESSAGE}. */
  public static String[] stream() {
    return new String[] {
      event(
          "message_start",
          "\"message\":{\"id\":\"msg_3\",\"type\":\"message\",\"role\":\"assistant\","
              + "\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[],\"stop_reason\":null,"
              + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,"
              + "\"cache_creation_input_tokens\":300,\"cache_read_input_tokens\":2870,"
              + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":200,"
              + "\"ephemeral_1h_input_tokens\":100},\"output_tokens\":1}}"),
      event(
          "content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
      event("ping", ""),
      event(
          "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"It\"}"),
      event(
          "content_block_delta",
          "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" is sunny.\"}"),
      event("content_block_stop", "\"index\":0"),
      event(
          "message_delta",
          "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
              + "\"usage\":{\"output_tokens\":503}"),
      event("message_stop", "")
    };
  }

  /** A stream that thinks, and calls the tool {@code get_weather}. */
  public static String[] toolStream() {
    return new String[] {
      event(
          "message_start",
          "\"message\":{\"id\":\"msg_4\",\"type\":\"message\",\"role\":\"assistant\","
              + "\"model\":\"claude-sonnet-4-5-20250929\",\"content\":[],\"stop_reason\":null,"
              + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":50,\"output_tokens\":1}}"),
      event(
          "content_block_start",
          "\"index\":0,\"content_block\":"
              + "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
      event(
          "content_block_delta",
          "\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Weather.\"}"),
      event("content_block_stop", "\"index\":0"),
      event(
          "content_block_start",
          "\"index\":1,\"content_block\":"
              + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"get_weather\",\"input\":{}}"),
      event(
          "content_block_delta",
          "\"index\":1,\"delta\":{\"type\":\"input_json_delta\","
              + "\"partial_json\":\"{\\\"city\\\":\"}"),
      event(
          "content_block_delta",
          "\"index\":1,\"delta\":{\"type\":\"input_json_delta\","
              + "\"partial_json\":\"\\\"Paris\\\"}\"}"),
      event("content_block_stop", "\"index\":1"),
      event(
          "message_delta",
          "\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},"
              + "\"usage\":{\"output_tokens\":20}"),
      event("message_stop", "")
    };
  }

  private static String event(String type, String members) {
    return "event: "
        + type
        + "\ndata: {\"type\":\""
        + type
        + "\""
        + (members.isEmpty() ? "" : "," + members)
        + "}\n\n";
  }
}
