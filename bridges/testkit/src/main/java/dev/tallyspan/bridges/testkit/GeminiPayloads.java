package dev.tallyspan.bridges.testkit;

/** Responses as the Gemini API and Vertex AI send them. */
public final class GeminiPayloads {

  private GeminiPayloads() {}

  private static final String USAGE =
      """
      "usageMetadata":{"promptTokenCount":3000,"cachedContentTokenCount":2870,
        "candidatesTokenCount":12,"thoughtsTokenCount":100,"toolUsePromptTokenCount":40,
        "totalTokenCount":3152,
        "promptTokensDetails":[{"modality":"TEXT","tokenCount":2900},
          {"modality":"IMAGE","tokenCount":100}],
        "cacheTokensDetails":[{"modality":"TEXT","tokenCount":2870}]},
      "modelVersion":"gemini-2.5-flash-001","responseId":"resp_1"
      """;

  /**
   * A prompt of 3000 tokens, 2870 of them cached and 100 of images; 40 tokens of the results of
   * Google's own tools; 100 thoughts beside 12 tokens of text.
   */
  public static final String CONTENT =
      """
      {"candidates":[{"content":{"role":"model","parts":[
          {"text":"The user wants weather.","thought":true},{"text":"It is sunny."}]},
        "finishReason":"STOP","index":0}],
      """
          + USAGE
          + "}";

  /** Calls the tool {@code get_weather}. The Gemini API does not give calls an id. */
  public static final String FUNCTION_CALL =
      """
      {"candidates":[{"content":{"role":"model","parts":[
          {"functionCall":{"name":"get_weather","args":{"city":"Paris"}}}]},
        "finishReason":"STOP","index":0}],
       "usageMetadata":{"promptTokenCount":50,"candidatesTokenCount":20,"totalTokenCount":70},
       "modelVersion":"gemini-2.5-flash-001","responseId":"resp_2"}
      """;

  /** The prompt is not answered. */
  public static final String BLOCKED =
      """
      {"promptFeedback":{"blockReason":"SAFETY"},
       "usageMetadata":{"promptTokenCount":5,"totalTokenCount":5},
       "modelVersion":"gemini-2.5-flash-001","responseId":"resp_3"}
      """;

  /** The quota is used up. */
  public static final String EXHAUSTED =
      """
      {"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}
      """;

  /** Two embeddings of the Gemini API. */
  public static final String EMBEDDINGS =
      """
      {"embeddings":[{"values":[0.1,0.2,0.3]},{"values":[0.4,0.5,0.6]}],
       "usageMetadata":{"promptTokenCount":7,
         "promptTokenDetails":[{"modality":"TEXT","tokenCount":7}]}}
      """;

  /** Two embeddings of Vertex AI. */
  public static final String VERTEX_EMBEDDINGS =
      """
      {"predictions":[
        {"embeddings":{"values":[0.1,0.2,0.3],"statistics":{"truncated":false,"token_count":4}}},
        {"embeddings":{"values":[0.4,0.5,0.6],"statistics":{"truncated":false,"token_count":3}}}],
       "metadata":{"billableCharacterCount":30}}
      """;

  /** A stream of {@code It is sunny.}, with the counts of {@link #CONTENT}. */
  public static String[] stream() {
    return new String[] {
      event("{\"text\":\"The user wants weather.\",\"thought\":true}", "", ""),
      event("{\"text\":\"It\"}", "", ",\"usageMetadata\":{\"promptTokenCount\":3000}"),
      event("{\"text\":\" is sunny.\"}", ",\"finishReason\":\"STOP\"", "," + USAGE)
    };
  }

  /** A stream that calls the tool {@code get_weather} for two cities. */
  public static String[] functionCallStream() {
    return new String[] {
      event("{\"functionCall\":{\"name\":\"get_weather\",\"args\":{\"city\":\"Paris\"}}}", "", ""),
      event(
          "{\"functionCall\":{\"name\":\"get_weather\",\"args\":{\"city\":\"Rome\"}}}",
          ",\"finishReason\":\"STOP\"",
          ",\"usageMetadata\":{\"promptTokenCount\":50,\"candidatesTokenCount\":20}")
    };
  }

  /** As one line, which is what Google sends. */
  private static String event(String part, String ofCandidate, String ofResponse) {
    String json =
        "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":["
            + part
            + "]},\"index\":0"
            + ofCandidate
            + "}]"
            + ofResponse
            + "}";
    return "data: " + json.replace("\n", "") + "\r\n\r\n";
  }
}
