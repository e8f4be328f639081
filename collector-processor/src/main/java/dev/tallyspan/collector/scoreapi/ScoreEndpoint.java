package dev.tallyspan.collector.scoreapi;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A path of an API to which applications post scores as JSON. */
public enum ScoreEndpoint {
  /** One score, or a list of scores as SDKs of version 5 send them. */
  LANGFUSE_SCORES(ScoreApi.LANGFUSE, "/api/public/scores"),

  /** Events of older SDKs, of which those of the type {@code score-create} are scores. */
  LANGFUSE_INGESTION(ScoreApi.LANGFUSE, "/api/public/ingestion"),

  PHOENIX_SPAN_ANNOTATIONS(ScoreApi.PHOENIX, "/v1/span_annotations"),
  PHOENIX_TRACE_ANNOTATIONS(ScoreApi.PHOENIX, "/v1/trace_annotations");

  /** What a query may say for true, as pydantic reads it. */
  private static final Set<String> TRUE = Set.of("true", "1", "on", "yes", "t", "y");

  private final ScoreApi api;
  private final String path;

  ScoreEndpoint(ScoreApi api, String path) {
    this.api = api;
    this.path = path;
  }

  public String path() {
    return path;
  }

  /** Returns the paths of an API. */
  public static List<ScoreEndpoint> of(ScoreApi api) {
    return Arrays.stream(values()).filter(each -> each.api == api).toList();
  }

  /**
   * Reads a request. Never throws because of what it contains; what is wrong is in the response.
   *
   * @param body JSON
   * @param query what follows the question mark of the URI; null = nothing
   * @param receivedNanos when it was received, in nanoseconds since the epoch: the time of scores
   *     that have none
   * @param maxBytes the most bytes of the log records
   */
  public ReceivedScores read(
      byte[] body, @Nullable String query, long receivedNanos, int maxBytes) {
    ScoreRecords records = new ScoreRecords(api, receivedNanos, maxBytes);
    try {
      return switch (this) {
        case LANGFUSE_SCORES -> new LangfuseScores(records).scores(body);
        case LANGFUSE_INGESTION -> new LangfuseScores(records).ingestion(body);
        case PHOENIX_SPAN_ANNOTATIONS ->
            new PhoenixAnnotations(records, "span_id", isSync(query)).read(body);
        case PHOENIX_TRACE_ANNOTATIONS ->
            new PhoenixAnnotations(records, "trace_id", isSync(query)).read(body);
      };
    } catch (ScoreRecords.TooLargeException e) {
      return ReceivedScores.tooLarge(
          reply(413, "the scores take more than " + maxBytes + " bytes: send fewer at a time"));
    } catch (JsonProcessingException e) {
      return ReceivedScores.refused(/* invalid= */ 0, reply(400, "not valid JSON" + place(e)));
    } catch (IOException e) {
      return ReceivedScores.refused(/* invalid= */ 0, reply(400, "not valid JSON in UTF-8"));
    }
  }

  /**
   * Returns the response to a request that is refused.
   *
   * @param message why; without any content
   */
  public Reply reply(int status, String message) {
    return switch (api) {
      case LANGFUSE -> LangfuseScores.error(status, message);
      case PHOENIX -> Reply.text(status, message);
    };
  }

  /** Returns where it is, without the message of the exception, which may quote content. */
  private static String place(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static boolean isSync(@Nullable String query) {
    if (query == null) {
      return false;
    }
    boolean sync = false;
    for (String parameter : query.split("&")) {
      if (parameter.startsWith("sync=")) {
        sync = TRUE.contains(parameter.substring("sync=".length()).toLowerCase(Locale.ROOT));
      }
    }
    return sync;
  }
}
