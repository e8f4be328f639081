package dev.tallyspan.collector.scoreapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** Whatever is posted is read as scores or refused, with a response that can be read. */
@AddLifecycleHook(FuzzBudget.class)
class ScoreEndpointFuzzTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private static final List<String> BODIES =
      List.of(
          "{\"traceId\":\"" + TRACE + "\",\"name\":\"n\",\"value\":0.5,\"metadata\":{\"a\":[1]}}",
          "[{\"traceId\":\"" + TRACE + "\",\"name\":\"n\",\"value\":\"x\"},{\"name\":7},null]",
          "{\"batch\":[{\"id\":\"e\",\"type\":\"score-create\",\"timestamp\":\"2026-01-01T00:00:00Z\","
              + "\"body\":{\"traceId\":\""
              + TRACE
              + "\",\"name\":\"n\",\"value\":1,\"dataType\":\"BOOLEAN\"}}],\"metadata\":null}",
          "{\"data\":[{\"span_id\":\"b7ad6b7169203331\",\"trace_id\":\""
              + TRACE
              + "\",\"name\":\"n\",\"result\":{\"score\":1,\"label\":null},\"metadata\":{}}]}");

  @Property
  void anyBodyIsReadOrRefused(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] body = BODIES.get(random.nextInt(BODIES.size())).getBytes(UTF_8);
    for (int i = random.nextInt(4); i > 0; i--) {
      byte[] marks = "{}[],:\"\\0e-tn \u00ff".getBytes(UTF_8);
      body[random.nextInt(body.length)] =
          random.nextBoolean() ? (byte) random.nextInt(256) : marks[random.nextInt(marks.length)];
    }
    if (random.nextInt(4) == 0) {
      body = Arrays.copyOf(body, random.nextInt(body.length));
    }
    for (ScoreEndpoint endpoint : ScoreEndpoint.values()) {
      ReceivedScores scores = endpoint.read(body, "sync=1", /* receivedNanos= */ 1, 1 << 20);

      Reply reply = scores.refused();
      if (reply == null) {
        ExportLogsServiceRequest.parseFrom(scores.logs());
        reply = scores.reply(Outcome.ACCEPTED);
        assertThat(reply.status()).isBetween(200, 207);
      } else {
        assertThat(scores.logs()).isEmpty();
      }
      readable(reply);
    }
  }

  private static void readable(Reply reply) throws Exception {
    if (reply.mediaType().equals("application/json")) {
      try (JsonParser json = new JsonFactory().createParser(reply.body())) {
        while (json.nextToken() != null) {
          assertThat(json.currentTokenLocation()).isNotNull();
        }
      }
    }
  }
}
