package dev.tallyspan.bridges.testkit;

/** Responses as OpenAI's APIs send them. */
public final class OpenAiPayloads {

  private OpenAiPayloads() {}

  /** 1117 input tokens, of which 1024 from the cache; 463 output tokens, of which 400 reasoning. */
  public static final String CHAT =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1763800000,
       "model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1",
       "choices":[{"index":0,"finish_reason":"stop","logprobs":null,
         "message":{"role":"assistant","content":"It is sunny.","refusal":null,"annotations":[]}}],
       "usage":{"prompt_tokens":1117,"completion_tokens":463,"total_tokens":1580,
         "prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":7},
         "completion_tokens_details":{"reasoning_tokens":400,"audio_tokens":3,
           "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
      """;

  /** Calls the tool {@code get_weather} with a city: 50 input and 20 output tokens. */
  public static final String TOOL_CALL =
      """
      {"id":"chatcmpl-2","object":"chat.completion","created":1763800000,
       "model":"gpt-4o-mini-2024-07-18",
       "choices":[{"index":0,"finish_reason":"tool_calls","logprobs":null,
         "message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[
           {"id":"call_1","type":"function",
            "function":{"name":"get_weather","arguments":"{\\"city\\":\\"Paris\\"}"}}]}}],
       "usage":{"prompt_tokens":50,"completion_tokens":20,"total_tokens":70}}
      """;

  /** Of the Responses API: reasons, says {@code It is sunny.}, and calls {@code get_weather}. */
  public static final String RESPONSE =
      """
      {"id":"resp_1","object":"response","created_at":1763800000,"status":"completed","error":null,
       "incomplete_details":null,"instructions":null,"metadata":{},"model":"gpt-5-2025-08-07",
       "output":[
         {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Look it up."}]},
         {"id":"msg_1","type":"message","role":"assistant","status":"completed",
          "content":[{"type":"output_text","text":"It is sunny.","annotations":[]}]},
         {"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1",
          "name":"get_weather","arguments":"{\\"city\\":\\"Paris\\"}"}],
       "parallel_tool_calls":true,"temperature":1.0,"tool_choice":"auto","tools":[],"top_p":1.0,
       "previous_response_id":"resp_0","reasoning":{"effort":"low","summary":null},
       "service_tier":"default","text":{"format":{"type":"text"}},"truncation":"disabled",
       "usage":{"input_tokens":2000,"input_tokens_details":{"cached_tokens":1536},
         "output_tokens":300,"output_tokens_details":{"reasoning_tokens":256},
         "total_tokens":2300}}
      """;

  /** 8191 input tokens, two dimensions. */
  public static final String EMBEDDINGS =
      """
      {"object":"list","model":"text-embedding-3-small",
       "data":[{"object":"embedding","index":0,"embedding":[0.6,0.8]}],
       "usage":{"prompt_tokens":8191,"total_tokens":8191}}
      """;

  /** Too many requests. */
  public static final String RATE_LIMIT =
      """
      {"error":{"message":"Rate limit reached","type":"requests","param":null,
       "code":"rate_limit_exceeded"}}
      """;

  /** A stream of {@code It is sunny.}: 1031 input and 257 output tokens. */
  public static String[] chatStream() {
    return new String[] {
      chunk("[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"It\"}}]", "null"),
      chunk("[{\"index\":0,\"delta\":{\"content\":\" is sunny.\"}}]", "null"),
      chunk("[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]", "null"),
      chunk(
          "[]",
          "{\"prompt_tokens\":1031,\"completion_tokens\":257,\"total_tokens\":1288,"
              + "\"prompt_tokens_details\":{\"cached_tokens\":1024}}"),
      "data: [DONE]\n\n"
    };
  }

  /** A stream that calls the tool {@code get_weather}: 50 input and 20 output tokens. */
  public static String[] toolStream() {
    return new String[] {
      chunk(
          "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
              + "{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
              + "\"function\":{\"name\":\"get_weather\",\"arguments\":\"\"}}]}}]",
          "null"),
      chunk(
          "[{\"index\":0,\"delta\":{\"tool_calls\":["
              + "{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]}}]",
          "null"),
      chunk(
          "[{\"index\":0,\"delta\":{\"tool_calls\":["
              + "{\"index\":0,\"function\":{\"arguments\":\"\\\"Paris\\\"}\"}}]}}]",
          "null"),
      chunk("[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]", "null"),
      chunk("[]", "{\"prompt_tokens\":50,\"completion_tokens\":20,\"total_tokens\":70}"),
      "data: [DONE]\n\n"
    };
  }

  /** A stream of the Responses API, which ends with {@link #RESPONSE}. */
  public static String[] responseStream() {
    String whole = RESPONSE.replace("\n", "");
    return new String[] {
      event(
          "response.created", "\"response\":" + whole.replace("\"completed\"", "\"in_progress\"")),
      event(
          "response.output_text.delta",
          "\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,\"delta\":\"It is\","
              + "\"logprobs\":[]"),
      event(
          "response.output_text.delta",
          "\"item_id\":\"msg_1\",\"output_index\":1,\"content_index\":0,\"delta\":\" sunny.\","
              + "\"logprobs\":[]"),
      event(
          "response.output_item.added",
          "\"output_index\":2,\"item\":{\"id\":\"fc_1\",\"type\":\"function_call\","
              + "\"status\":\"in_progress\",\"call_id\":\"call_1\",\"name\":\"get_weather\","
              + "\"arguments\":\"\"}"),
      event(
          "response.function_call_arguments.delta",
          "\"item_id\":\"fc_1\",\"output_index\":2,\"delta\":\"{\\\"city\\\":\\\"Paris\\\"}\""),
      event("response.completed", "\"response\":" + whole)
    };
  }

  private static String event(String type, String members) {
    return "event: "
        + type
        + "\ndata: {\"type\":\""
        + type
        + "\",\"sequence_number\":1,"
        + members
        + "}\n\n";
  }

  private static String chunk(String choices, String usage) {
    return "data: {\"id\":\"chatcmpl-3\",\"object\":\"chat.completion.chunk\","
        + "\"created\":1763800000,\"model\":\"gpt-4o-mini-2024-07-18\","
        + "\"service_tier\":\"default\",\"choices\":"
        + choices
        + ",\"usage\":"
        + usage
        + "}\n\n";
  }
}
