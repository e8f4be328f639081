package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.auth.Authenticator;
import dev.tallyspan.collector.auth.BasicSettings;
import dev.tallyspan.collector.auth.BearerSettings;
import dev.tallyspan.collector.auth.Secret;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.scoreapi.ScoreApi;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The APIs of Langfuse and Phoenix for scores, as applications send them. */
class ScoreReceiverTest {

  private static final String SCORES = "/api/public/scores";
  private static final String INGESTION = "/api/public/ingestion";
  private static final String SPANS = "/v1/span_annotations";
  private static final String TRACES = "/v1/trace_annotations";

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final long NOW = 1_795_000_000L * 1_000_000_000;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ReceiverFixture fixture;
  private Authenticator authenticator;

  @AfterEach
  void close() {
    fixture.close();
    if (authenticator != null) {
      authenticator.close();
    }
  }

  @Test
  void scoreOfLangfuseBecomesALogRecord() throws Exception {
    start();
    HttpResponse<String> response =
        post(
            SCORES,
            """
            {"id": "score-1", "traceId": "%s", "observationId": "%s", "name": "relevance",
             "value": 0.75, "dataType": "NUMERIC", "comment": "Half of it.",
             "environment": "production", "configId": null, "metadata": {"judge": ["a", 1]}}
            """
                .formatted(TRACE, SPAN));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body()).isEqualTo("{\"id\":\"score-1\"}");
    LogRecord record = records().get(0);
    assertThat(record.getEventName()).isEqualTo("gen_ai.evaluation.result");
    assertThat(hex(record.getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(hex(record.getSpanId().toByteArray())).isEqualTo(SPAN);
    assertThat(record.getTimeUnixNano()).isEqualTo(NOW);
    assertThat(record.getObservedTimeUnixNano()).isEqualTo(NOW);
    assertThat(attributes(record))
        .containsOnly(
            entry("gen_ai.evaluation.name", "relevance"),
            entry("gen_ai.evaluation.score.value", 0.75),
            entry("gen_ai.evaluation.explanation", "Half of it."),
            entry("tallyspan.evaluation.id", "score-1"),
            entry("tallyspan.evaluation.source", "langfuse"),
            entry("tallyspan.evaluation.metadata", "{\"judge\":[\"a\",1]}"));
    fixture.awaitCounts(
        entry("accepted_log_records{http}", 1L), entry("requests{http,success}", 1L));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, , 0.5, ,",
    "2, NUMERIC, 2.0, ,",
    "1, BOOLEAN, 1.0, True,",
    "0, BOOLEAN, 0.0, False,",
    "\"good\", , , good,",
    "\"good\", CATEGORICAL, , good,",
    "\"All of it is s3cret.\", TEXT, , , All of it is s3cret.",
    "\"A better answer.\", CORRECTION, , , A better answer.",
    "1, SOME_LATER_TYPE, 1.0, ,",
  })
  void valuesHaveTheTypesOfLangfuse(
      String value, String type, Double number, String label, String explanation) throws Exception {
    start();
    HttpResponse<String> response =
        post(
            SCORES,
            "{\"traceId\":\"%s\",\"name\":\"n\",\"value\":%s,\"dataType\":%s}"
                .formatted(TRACE, value, type == null ? "null" : "\"" + type + "\""));

    assertThat(response.statusCode()).isEqualTo(200);
    Map<String, Object> attributes = attributes(records().get(0));
    assertThat(attributes.get("gen_ai.evaluation.score.value")).isEqualTo(number);
    assertThat(attributes.get("gen_ai.evaluation.score.label")).isEqualTo(label);
    assertThat(attributes.get("gen_ai.evaluation.explanation")).isEqualTo(explanation);
  }

  @Test
  void scoreWithoutIdGetsOneAndThatOfATraceHasNoSpan() throws Exception {
    start();
    HttpResponse<String> response = post(SCORES, score("n", "1"));

    LogRecord record = records().get(0);
    assertThat(response.body())
        .isEqualTo("{\"id\":\"%s\"}".formatted(attributes(record).get("tallyspan.evaluation.id")));
    assertThat(record.getSpanId().isEmpty()).isTrue();
    assertThat(hex(record.getTraceId().toByteArray())).isEqualTo(TRACE);
  }

  @Test
  void listOfScoresIsAcceptedAsAWhole() throws Exception {
    start();
    HttpResponse<String> response =
        post(
            SCORES,
            "[%s,{\"traceId\":\"%s\",\"name\":\"b\",\"value\":2,\"timestamp\":\"%s\"}]"
                .formatted(score("a", "1"), TRACE, "2026-11-18T11:06:41.5+00:00"));

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.body()).isEqualTo("{\"message\":\"Accepted\"}");
    assertThat(records())
        .extracting(LogRecord::getTimeUnixNano)
        .containsExactly(NOW, Instant.parse("2026-11-18T11:06:41.500Z").toEpochMilli() * 1_000_000);
  }

  @Test
  void invalidScoresOfAListAreRefusedAndTheOthersAreTaken() throws Exception {
    start();
    HttpResponse<String> response =
        post(SCORES, "[%s,{\"name\":\"b\"},7,%s]".formatted(score("a", "1"), score("c", "\"x\"")));

    assertThat(response.statusCode()).isEqualTo(207);
    assertThat(response.body())
        .isEqualTo(
            "{\"accepted\":2,\"rejected\":2,\"errors\":[{\"message\":\"1.traceId: is required\"},"
                + "{\"message\":\"2: must be an object\"}]}");
    assertThat(records()).hasSize(2);
    fixture.awaitCounts(
        entry("accepted_log_records{http}", 2L),
        entry("refused_log_records{http}", 2L),
        entry("requests{http,success}", 1L));
  }

  @Test
  void batchOfAnOlderSdkIsAnsweredEventByEvent() throws Exception {
    start();
    HttpResponse<String> response =
        post(
            INGESTION,
            """
            {"metadata": {"sdk_name": "python"}, "batch": [
              {"id": "e1", "type": "score-create", "timestamp": "2026-11-18T11:06:41Z",
               "body": {"id": "s1", "traceId": "%1$s", "name": "a", "value": 1}},
              {"id": "e2", "type": "trace-create", "timestamp": "2026-11-18T11:06:41Z",
               "body": {"id": "t1", "name": 3, "input": ["s3cret"]}},
              {"id": "e3", "type": "sdk-log", "body": {"log": "s3cret"}},
              {"type": "score-create", "body": {"traceId": "%1$s", "name": "b", "value": []}},
              {"id": "e5", "type": "score-create", "body": {"traceId": "%1$s", "name": "c", "value": 3}}
            ]}
            """
                .formatted(TRACE));

    assertThat(response.statusCode()).isEqualTo(207);
    assertThat(response.body())
        .isEqualTo(
            "{\"successes\":[{\"id\":\"e1\",\"status\":201},{\"id\":\"e5\",\"status\":201}],"
                + "\"errors\":[{\"id\":\"e2\",\"status\":400,\"message\":\"Event type not"
                + " accepted\",\"error\":\"type: only score-create is accepted here: send spans"
                + " over OTLP instead\"},{\"id\":\"unknown\",\"status\":400,\"message\":\"Invalid"
                + " request data\",\"error\":\"body.value: must be a number or a string\"}]}");
    assertThat(records())
        .extracting(record -> attributes(record).get("tallyspan.evaluation.id"))
        .containsExactly("s1", "e5");
    assertThat(records().get(0).getTimeUnixNano())
        .isEqualTo(Instant.parse("2026-11-18T11:06:41Z").toEpochMilli() * 1_000_000);
    fixture.awaitCounts(
        entry("accepted_log_records{http}", 2L),
        entry("refused_log_records{http}", 2L),
        entry("requests{http,success}", 1L));
  }

  @Test
  void batchOfWhichNothingIsValidIsARefusedRequestInItsOwnForm() throws Exception {
    start();
    HttpResponse<String> response =
        post(INGESTION, "{\"batch\":[{\"id\":\"e1\",\"type\":\"score-create\",\"body\":{}}]}");

    assertThat(response.statusCode()).isEqualTo(207);
    assertThat(response.body())
        .isEqualTo(
            "{\"successes\":[],\"errors\":[{\"id\":\"e1\",\"status\":400,\"message\":\"Invalid"
                + " request data\",\"error\":\"body.name: is required\"}]}");
    assertThat(fixture.intake.requests()).isEmpty();
    fixture.awaitCounts(
        entry("refused_log_records{http}", 1L), entry("requests{http,refused,malformed}", 1L));
    fixture.awaitNothingInFlight();
  }

  @Test
  void emptyListsAreAccepted() throws Exception {
    start();
    assertThat(post(SCORES, "[]").statusCode()).isEqualTo(202);
    assertThat(post(INGESTION, "{\"batch\":[]}").body())
        .isEqualTo("{\"successes\":[],\"errors\":[]}");
    assertThat(post(SPANS + "?sync=true", "{\"data\":[]}").body()).isEqualTo("{\"data\":[]}");
    assertThat(fixture.intake.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"n\",\"value\":1} traceId is required",
        "{\"traceId\":\"TRACE\",\"value\":1} name is required",
        "{\"traceId\":\"TRACE\",\"name\":\"\",\"value\":1} name is required",
        "{\"traceId\":\"TRACE\",\"name\":7,\"value\":1} name must be a string",
        "{\"traceId\":\"TRACE\",\"name\":\"n\"} value is required",
        "{\"traceId\":\"TRACE\",\"name\":\"n\",\"value\":{}} value must be a number or a string",
        "{\"traceId\":\"TRACE\",\"name\":\"n\",\"value\":1e999} value must be a finite number",
        "{\"traceId\":\"TRACE\",\"name\":\"n\",\"value\":\"s3cret\",\"dataType\":\"NUMERIC\"}"
            + " value must be a number for the data type NUMERIC",
        "{\"traceId\":\"TRACE\",\"name\":\"n\",\"value\":0.5,\"dataType\":\"BOOLEAN\"}"
            + " value must be 0 or 1 for the data type BOOLEAN",
        "{\"traceId\":\"TRACE\",\"name\":\"n\",\"value\":1,\"dataType\":\"CATEGORICAL\"}"
            + " value must be a string for the data type CATEGORICAL",
        "{\"sessionId\":\"s3cret\",\"name\":\"n\",\"value\":1}"
            + " sessionId only scores of traces and observations are supported",
        "{\"datasetRunId\":\"r\",\"name\":\"n\",\"value\":1}"
            + " datasetRunId only scores of traces and observations are supported",
        "{\"traceId\":\"TRACE\",\"name\":\"n\",\"value\":1,\"timestamp\":\"yesterday\"}"
            + " timestamp must be a time of ISO 8601 with an offset",
        "{\"traceId\":\"0d6e5d1c-33d7-4e6c-9d2b-3a0b9b1c1f11\",\"name\":\"n\",\"value\":1}"
            + " traceId must be the id of a trace in OpenTelemetry, 32 hex digits, as Langfuse's"
            + " SDKs have it since version 3",
        "{\"traceId\":\"TRACE\",\"observationId\":\"0000000000000000\",\"name\":\"n\",\"value\":1}"
            + " observationId must be the id of a span in OpenTelemetry, 16 hex digits, as"
            + " Langfuse's SDKs have it since version 3",
      })
  void invalidScoreIsABadRequestThatNamesTheField(String each) throws Exception {
    start();
    String body = each.substring(0, each.indexOf("} ") + 1).replace("TRACE", TRACE);
    String rest = each.substring(each.indexOf("} ") + 2);
    String field = rest.substring(0, rest.indexOf(' '));
    String message = rest.substring(field.length() + 1);

    HttpResponse<String> response = post(SCORES, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "{\"message\":\"Invalid request data\",\"error\":[{\"code\":\"custom\",\"path\":[\"%s\"],"
                    .formatted(field)
                + "\"message\":\"%s\"}]}".formatted(message))
        .doesNotContain("s3cret");
    assertThat(fixture.intake.requests()).isEmpty();
    fixture.awaitCounts(
        entry("refused_log_records{http}", 1L), entry("requests{http,refused,malformed}", 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {SCORES, INGESTION, SPANS, TRACES})
  void whatIsNotJsonIsABadRequestThatQuotesNothing(String path) throws Exception {
    start();
    for (String body :
        List.of(
            "",
            "s3cret",
            "{\"s3cret\": ",
            "[{\"name\":\"s3cret\"",
            "{} {}",
            "7",
            "{\"data\":7,\"batch\":7}",
            "[".repeat(5000),
            "{\"x\":" + "[".repeat(5000),
            "{\"x\":" + "9".repeat(5000) + "}",
            "{\"value\":"
                + "9".repeat(5000)
                + ",\"data\":[{\"result\":{\"score\":"
                + "9".repeat(5000)
                + "}}]}")) {
      HttpResponse<String> response = post(path, body);
      assertThat(response.statusCode()).as(body.length() > 99 ? "long" : body).isIn(400, 422);
      assertThat(response.body()).doesNotContain("s3cret").doesNotContain("Exception");
    }
    post(path, new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    assertThat(fixture.intake.requests()).isEmpty();
    assertThat(post(SCORES, score("n", "1")).statusCode()).isEqualTo(200);
    fixture.awaitNothingInFlight();
  }

  @Test
  void spanAnnotationOfPhoenixBecomesALogRecord() throws Exception {
    start();
    String body =
        """
        {"data": [{"span_id": "%s", "name": "correctness", "annotator_kind": "LLM",
                   "result": {"label": "correct", "score": 1, "explanation": "It is so."},
                   "metadata": {"model": "judge"}, "identifier": "run-1"}]}
        """
            .formatted(SPAN);
    HttpResponse<String> response = post(SPANS, body);
    HttpResponse<String> sync = post(SPANS + "?x=1&sync=True", body);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"data\":[]}");
    LogRecord record = records().get(0);
    assertThat(record.getTraceId().isEmpty()).isTrue();
    assertThat(hex(record.getSpanId().toByteArray())).isEqualTo(SPAN);
    Map<String, Object> attributes = attributes(record);
    String id = (String) attributes.remove("tallyspan.evaluation.id");
    assertThat(attributes)
        .containsOnly(
            entry("gen_ai.evaluation.name", "correctness"),
            entry("gen_ai.evaluation.score.value", 1.0),
            entry("gen_ai.evaluation.score.label", "correct"),
            entry("gen_ai.evaluation.explanation", "It is so."),
            entry("tallyspan.evaluation.source", "phoenix"),
            entry("tallyspan.evaluation.annotator", "LLM"),
            entry("tallyspan.evaluation.metadata", "{\"model\":\"judge\"}"));
    assertThat(sync.body()).isEqualTo("{\"data\":[{\"id\":\"%s\"}]}".formatted(id));
  }

  @Test
  void traceAnnotationOfPhoenixHasTheTrace() throws Exception {
    start();
    HttpResponse<String> response =
        post(
            TRACES,
            "{\"data\":[{\"trace_id\":\"%s\",\"name\":\"goal\",\"annotator_kind\":\"HUMAN\","
                    .formatted(TRACE)
                + "\"result\":{\"score\":0.5,\"label\":null}}]}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(hex(records().get(0).getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(records().get(0).getSpanId().isEmpty()).isTrue();
  }

  @Test
  void oneInvalidAnnotationMakesTheRequestInvalidAsInPhoenix() throws Exception {
    start();
    HttpResponse<String> response =
        post(
            SPANS,
            "{\"data\":[{\"span_id\":\"%s\",\"name\":\"a\"},{\"span_id\":\"U3Bhbjox\",\"name\":\"b\"}]}"
                .formatted(SPAN));

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body())
        .isEqualTo(
            "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"data\",1,\"span_id\"],"
                + "\"msg\":\"must be a span id, 16 hex digits\"}]}");
    assertThat(fixture.intake.requests()).isEmpty();
    fixture.awaitCounts(
        entry("refused_log_records{http}", 2L), entry("requests{http,refused,malformed}", 1L));
  }

  @Test
  void refusalOfThePipelineIsAnErrorOfTheApi() throws Exception {
    start();
    fixture.intake.answer(
        new Outcome.Refused(StatusCode.UNAVAILABLE, "no room", Duration.ofSeconds(3)));
    HttpResponse<String> langfuse = post(SCORES, score("n", "1"));
    HttpResponse<String> ingestion = post(INGESTION, batch("e1"));
    HttpResponse<String> phoenix = post(SPANS, annotation());
    fixture.intake.answer(Outcome.refused(StatusCode.UNIMPLEMENTED, "no pipeline"));
    HttpResponse<String> none = post(SCORES, "[" + score("n", "1") + "]");

    assertThat(langfuse.statusCode()).isEqualTo(503);
    assertThat(langfuse.headers().firstValue("retry-after")).contains("3");
    assertThat(langfuse.body())
        .isEqualTo("{\"message\":\"no room\",\"error\":\"ServiceUnavailableError\"}");
    assertThat(ingestion.statusCode()).isEqualTo(503);
    assertThat(phoenix.statusCode()).isEqualTo(503);
    assertThat(phoenix.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(phoenix.body()).isEqualTo("no room");
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.body())
        .isEqualTo("{\"message\":\"no pipeline\",\"error\":\"LangfuseNotFoundError\"}");
  }

  @Test
  void recordsThatThePipelineRejectsAreErrors() throws Exception {
    start();
    fixture.intake.answer(new Outcome.Partial(1, UnitSet.of(1), "too old"));
    HttpResponse<String> known = post(INGESTION, batch("e1", "e2"));
    HttpResponse<String> counted =
        post(SCORES, "[" + score("n", "1") + "," + score("m", "1") + "]");
    HttpResponse<String> one = post(SCORES, score("n", "1"));
    HttpResponse<String> phoenix = post(SPANS, annotation());
    fixture.intake.answer(new Outcome.Partial(1, "too old"));
    HttpResponse<String> unknown = post(INGESTION, batch("e1", "e2"));
    fixture.intake.answer(new Outcome.Partial(0, "one of two backends refused"));
    HttpResponse<String> warned = post(SCORES, score("n", "1"));

    assertThat(known.body())
        .isEqualTo(
            "{\"successes\":[{\"id\":\"e1\",\"status\":201}],\"errors\":[{\"id\":\"e2\","
                + "\"status\":400,\"message\":\"The score was not accepted\","
                + "\"error\":\"too old\"}]}");
    assertThat(counted.statusCode()).isEqualTo(207);
    assertThat(counted.body())
        .isEqualTo("{\"accepted\":1,\"rejected\":1,\"errors\":[{\"message\":\"too old\"}]}");
    assertThat(one.statusCode()).isEqualTo(400);
    assertThat(phoenix.statusCode()).isEqualTo(400);
    assertThat(unknown.body())
        .isEqualTo(
            "{\"successes\":[],\"errors\":[{\"id\":\"unknown\",\"status\":400,"
                + "\"message\":\"1 scores were not accepted\",\"error\":\"too old\"}]}");
    assertThat(warned.statusCode()).isEqualTo(200);
  }

  @Test
  void pathsMethodsAndTypesAreThoseOfTheApi() throws Exception {
    start();
    HttpResponse<String> get = send(HttpRequest.newBuilder(URI.create(fixture.http(SCORES))).GET());
    HttpResponse<String> type =
        send(request(SPANS, annotation().getBytes(UTF_8)).setHeader("content-type", "text/csv"));
    HttpResponse<String> protobuf =
        send(request(SCORES, new byte[] {1}).setHeader("content-type", "application/x-protobuf"));
    HttpResponse<String> compressed =
        send(
            request(SCORES, Requests.gzip(score("n", "1").getBytes(UTF_8)))
                .header("content-encoding", "gzip"));

    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("allow")).contains("POST");
    assertThat(get.body()).contains("\"error\":\"MethodNotAllowedError\"");
    assertThat(type.statusCode()).isEqualTo(415);
    assertThat(type.body()).isEqualTo("Content-Type must be application/json");
    assertThat(protobuf.statusCode()).isEqualTo(415);
    assertThat(compressed.statusCode()).isEqualTo(200);
  }

  @Test
  void spansOfLangfusesSdksArriveWhereTheySendThem() throws Exception {
    start();
    HttpResponse<String> response =
        send(
            request("/api/public/otel/v1/traces", Requests.spans(2).toByteArray())
                .setHeader("content-type", "application/x-protobuf"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(fixture.intake.requests()).containsExactly(Requests.spans(2));
  }

  @Test
  void apisCanBeSwitchedOff() throws Exception {
    start(builder -> builder.httpScoreApis(Set.of(ScoreApi.PHOENIX)));

    assertThat(post(SCORES, score("n", "1")).statusCode()).isEqualTo(404);
    assertThat(post("/api/public/otel/v1/traces", "{}").statusCode()).isEqualTo(404);
    assertThat(post(SPANS, annotation()).statusCode()).isEqualTo(200);
    assertThatThrownBy(
            () ->
                OtlpReceiver.builder()
                    .httpEndpoint("localhost:0")
                    .httpPath(Signal.LOGS, SPANS)
                    .intake(fixture.intake)
                    .build())
        .hasMessage("httpPath=/v1/span_annotations: is a path of httpScoreApis=phoenix");
  }

  @Test
  void credentialsOfTheSdksAreThoseOfTheReceiver() throws Exception {
    authenticate(
        new BasicSettings(
            "basicauth",
            List.of(new BasicSettings.User("pk-lf-1", new Secret.Text("sk-lf-1"), "acme")),
            null,
            "",
            null));
    String valid = "Basic " + Base64.getEncoder().encodeToString("pk-lf-1:sk-lf-1".getBytes(UTF_8));

    HttpResponse<String> refused = post(SCORES, score("n", "1"));
    HttpResponse<String> accepted =
        send(request(SCORES, score("n", "1").getBytes(UTF_8)).header("authorization", valid));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("www-authenticate")).isPresent();
    assertThat(refused.body())
        .startsWith("{\"message\":\"credentials are missing")
        .endsWith("\"error\":\"UnauthorizedError\"}");
    assertThat(accepted.statusCode()).isEqualTo(200);
    assertThat(fixture.intake.senders())
        .singleElement()
        .satisfies(sender -> assertThat(sender.orElseThrow().tenant()).isEqualTo("acme"));
  }

  @ParameterizedTest
  @CsvSource({"authorization, Bearer, Bearer key-1", "api_key, '', key-1"})
  void keysOfPhoenixAreTokens(String header, String scheme, String value) throws Exception {
    authenticate(
        new BearerSettings(
            "bearertokenauth",
            header,
            scheme,
            List.of(new BearerSettings.Token("team-a", new Secret.Text("key-1"), null)),
            null));

    HttpResponse<String> refused = post(SPANS, annotation());
    HttpResponse<String> accepted =
        send(request(SPANS, annotation().getBytes(UTF_8)).header(header, value));

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(accepted.statusCode()).isEqualTo(200);
  }

  @Test
  void sizeIsLimitedAsForOtlp() throws Exception {
    start(builder -> builder.maxRequestBytes(20_000));
    String big = score("n", "\"" + "x".repeat(30_000) + "\"");
    HttpResponse<String> announced = post(SCORES, big);
    HttpResponse<String> inflated =
        send(
            request(SCORES, Requests.gzip(big.getBytes(UTF_8))).header("content-encoding", "gzip"));
    // Small as JSON, but its log records would be larger than a request may be.
    HttpResponse<String> many =
        post(SCORES, "[" + (score("n", "1") + ",").repeat(200) + score("n", "1") + "]");

    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(announced.body()).endsWith("\"error\":\"PayloadTooLargeError\"}");
    assertThat(inflated.statusCode()).isEqualTo(413);
    assertThat(many.statusCode()).isEqualTo(413);
    assertThat(many.body()).contains("send fewer at a time");
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts()).containsEntry("requests{http,refused,too_large}", 3L));
    fixture.awaitNothingInFlight();
  }

  @Test
  void memoryIsLimitedWithThatOfOtherRequests() throws Exception {
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    start(builder -> builder.maxInFlightBytes(300_000));
    fixture.intake.answer((signal, request) -> held);
    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(
            request("/v1/traces", Requests.ofSize(290_000).toByteArray())
                .setHeader("content-type", "application/x-protobuf")
                .build(),
            BodyHandlers.ofString());
    await().until(() -> fixture.inFlightBytes() == 290_000);

    HttpResponse<String> refused = post(SCORES, score("n", "\"" + "x".repeat(5_000) + "\""));
    held.complete(Outcome.ACCEPTED);

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).contains("1");
    assertThat(refused.body()).endsWith("\"error\":\"ServiceUnavailableError\"}");
    assertThat(first.get().statusCode()).isEqualTo(200);
    fixture.awaitNothingInFlight();
  }

  @Test
  void errorsInAResponseAreLimited() throws Exception {
    start();
    HttpResponse<String> response = post(SCORES, "[" + "0,".repeat(49_999) + "0]");

    assertThat(response.statusCode()).isEqualTo(207);
    assertThat(response.body()).startsWith("{\"accepted\":0,\"rejected\":50000,");
    assertThat(response.body().split("must be an object", -1)).hasSize(1001);
  }

  private void start() throws IOException {
    start(UnaryOperator.identity());
  }

  private void start(UnaryOperator<OtlpReceiverBuilder> settings) throws IOException {
    InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(0, NOW));
    fixture = new ReceiverFixture(builder -> settings.apply(builder.clock(clock)));
  }

  private void authenticate(AuthSettings settings) throws IOException {
    authenticator = settings.authenticator();
    start(builder -> builder.httpAuthenticator(authenticator));
  }

  private static String score(String name, String value) {
    return "{\"traceId\":\"%s\",\"name\":\"%s\",\"value\":%s}".formatted(TRACE, name, value);
  }

  private static String batch(String... ids) {
    StringBuilder events = new StringBuilder();
    for (String id : ids) {
      events
          .append(events.isEmpty() ? "" : ",")
          .append("{\"type\":\"score-create\",\"id\":\"%s\",\"body\":".formatted(id))
          .append(score(id, "1"))
          .append('}');
    }
    return "{\"batch\":[" + events + "]}";
  }

  private static String annotation() {
    return "{\"data\":[{\"span_id\":\"%s\",\"name\":\"n\",\"result\":{\"score\":1}}]}"
        .formatted(SPAN);
  }

  private List<LogRecord> records() {
    return fixture.intake.requests().stream()
        .flatMap(request -> ((ExportLogsServiceRequest) request).getResourceLogsList().stream())
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .toList();
  }

  private static Map<String, Object> attributes(LogRecord record) {
    Map<String, Object> attributes = new TreeMap<>();
    for (KeyValue attribute : record.getAttributesList()) {
      AnyValue value = attribute.getValue();
      attributes.put(
          attribute.getKey(),
          value.hasDoubleValue() ? (Object) value.getDoubleValue() : value.getStringValue());
    }
    return attributes;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return post(path, body.getBytes(UTF_8));
  }

  private HttpResponse<String> post(String path, byte[] body) throws Exception {
    return send(request(path, body));
  }

  private HttpRequest.Builder request(String path, byte[] body) {
    return HttpRequest.newBuilder(URI.create(fixture.http(path)))
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofByteArray(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
