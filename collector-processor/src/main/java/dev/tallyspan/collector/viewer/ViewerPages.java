package dev.tallyspan.collector.viewer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tallyspan.collector.output.dataset.Dataset;
import dev.tallyspan.collector.output.dataset.DatasetCase;
import dev.tallyspan.collector.output.dataset.DatasetFormat;
import dev.tallyspan.collector.output.ledger.SpendOverTime;
import dev.tallyspan.collector.output.recent.CaseSelection;
import dev.tallyspan.collector.output.recent.TraceViews;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Answers the requests for pages, their files and their data. */
final class ViewerPages {

  /**
   * An answer.
   *
   * @param fileName under which a browser saves it; empty = it shows it
   */
  record Answer(int status, String type, byte[] body, boolean cached, String fileName) {
    Answer(int status, String type, byte[] body, boolean cached) {
      this(status, type, body, cached, /* fileName= */ "");
    }
  }

  private static final String JSON = "application/json";
  private static final int MAX_TRACES = 2_000;

  private final TraceViews views;
  private final byte[] about;
  private final @Nullable LedgerCharts ledger;

  /**
   * @param about what pages need to know of the viewer, as JSON
   * @param ledger null if none runs
   */
  ViewerPages(TraceViews views, byte[] about, @Nullable LedgerCharts ledger) {
    this.views = views;
    this.about = about;
    this.ledger = ledger;
  }

  /** Whether the path is one that a person opens, from wherever a link to it is. */
  static boolean isPage(String path) {
    return !path.startsWith("/api/") && !path.startsWith("/assets/") && !path.equals("/mcp");
  }

  /** Returns the answer; null if there is nothing at the path. */
  @Nullable Answer answer(QueryStringDecoder request) {
    try {
      return of(request);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      return new Answer(400, JSON, TraceViews.error(message), /* cached= */ false);
    }
  }

  /**
   * Asks the ledger if the request is for a chart of more than recent traces. The answer comes from
   * another thread.
   *
   * @return null if the request is answered by {@link #answer}
   */
  @Nullable CompletableFuture<Answer> answerLater(QueryStringDecoder request) {
    LedgerCharts charts = ledger;
    if (charts == null || !request.path().equals("/api/charts")) {
      return null;
    }
    SpendOverTime question;
    try {
      question = question(request);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(refusal(400, e));
    }
    return question == null
        ? null
        : charts
            .of(question)
            .handle(
                (json, failure) ->
                    failure == null
                        ? new Answer(200, JSON, json, /* cached= */ false)
                        : refusal(503, failure));
  }

  private static Answer refusal(int status, Throwable why) {
    Throwable cause =
        why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
    return new Answer(
        status, JSON, TraceViews.error(String.valueOf(cause.getMessage())), /* cached= */ false);
  }

  /**
   * Returns null if recent traces answer: without a time, with a filter, or by what only they have.
   */
  private @Nullable SpendOverTime question(QueryStringDecoder request) {
    String since = parameter(request, "since", "");
    String by = parameter(request, "by", "model");
    boolean filtered = !parameter(request, "q", "").isBlank();
    if (since.isEmpty() || filtered || !SpendOverTime.dimensions().contains(by)) {
      return null;
    }
    String until = parameter(request, "until", "");
    return new SpendOverTime(
        by,
        views.time(since),
        views.time(until.isEmpty() ? "0s" : until),
        parameter(request, "currency", ""));
  }

  private @Nullable Answer of(QueryStringDecoder request) {
    // Decoded after it is split, because the name of a session may contain a slash.
    List<String> path =
        Arrays.stream(request.rawPath().substring(1).split("/", -1))
            .map(QueryStringDecoder::decodeComponent)
            .toList();
    if (path.size() == 4 && path.get(1).equals("traces") && path.get(3).equals("case")) {
      return path.get(0).equals("api") ? datasetCase(path.get(2), request) : null;
    }
    if (path.get(0).equals("api")) {
      byte[] json = data(path.subList(1, path.size()), request);
      return json == null ? null : new Answer(200, JSON, json, /* cached= */ false);
    }
    if (path.get(0).equals("assets")) {
      Assets.Asset file = path.size() == 2 ? Assets.file(path.get(1)) : null;
      return file == null ? null : new Answer(200, file.type(), file.bytes(), /* cached= */ true);
    }
    boolean known =
        switch (path.get(0)) {
          case "", "charts", "problems", "compare" -> path.size() == 1;
          case "traces" -> path.size() == 2;
          case "sessions" -> path.size() <= 2;
          default -> false;
        };
    if (!known) {
      return null;
    }
    Assets.Asset page = Assets.page();
    return new Answer(200, page.type(), page.bytes(), /* cached= */ true);
  }

  /** A trace or a span as a file with one case. */
  private @Nullable Answer datasetCase(String traceId, QueryStringDecoder request) {
    DatasetFormat format =
        DatasetFormat.ofName(parameter(request, "format", DatasetFormat.TALLYSPAN.wireName()));
    String split = parameter(request, "split", "");
    DatasetCase made = views.datasetCase(traceId, parameter(request, "span", ""));
    if (made == null) {
      return null;
    }
    Dataset.Builder dataset = Dataset.builder(parameter(request, "name", "regression"));
    if (!split.isEmpty()) {
      dataset.split(split);
    }
    Dataset one = dataset.build();
    one.add(made);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      one.write(format, file);
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    String name = made.id().replaceAll("[^A-Za-z0-9-]", "_") + "." + format.extension();
    return new Answer(
        200,
        format.extension().equals("json") ? JSON : "application/x-ndjson",
        file.toByteArray(),
        /* cached= */ false,
        name);
  }

  private byte @Nullable [] data(List<String> path, QueryStringDecoder request) {
    String query = parameter(request, "q", "");
    if (path.size() == 1) {
      return switch (path.get(0)) {
        case "about" -> about;
        case "traces" ->
            views.traces(
                query,
                number(request, "offset", 0, Integer.MAX_VALUE),
                number(request, "limit", 200, MAX_TRACES));
        case "sessions" -> views.sessions(query);
        case "charts" ->
            views.charts(
                query,
                parameter(request, "by", "model"),
                parameter(request, "currency", ""),
                time(request, "since"),
                time(request, "until"));
        case "problems" -> views.problems();
        case "cases" ->
            views
                .datasetCases(
                    new CaseSelection(
                        query, isBySpan(request), time(request, "since"), time(request, "until")),
                    parameter(request, "after", ""))
                .toJson();
        default -> null;
      };
    }
    if (!path.get(0).equals("traces")) {
      return null;
    }
    String traceId = path.get(1);
    if (path.size() == 2) {
      return views.trace(traceId);
    }
    if (path.size() == 3 && path.get(2).equals("branch")) {
      return views.branch(traceId, parameter(request, "span", ""));
    }
    return path.size() == 4 && path.get(2).equals("spans")
        ? views.span(traceId, path.get(3))
        : null;
  }

  private static String parameter(QueryStringDecoder request, String name, String otherwise) {
    List<String> values = request.parameters().getOrDefault(name, List.of());
    return values.isEmpty() ? otherwise : values.get(0);
  }

  private static boolean isBySpan(QueryStringDecoder request) {
    String by = parameter(request, "by", "trace");
    if (!by.equals("trace") && !by.equals("span")) {
      throw new IllegalArgumentException("by: must be trace or span");
    }
    return by.equals("span");
  }

  private @Nullable Instant time(QueryStringDecoder request, String name) {
    String text = parameter(request, name, "");
    return text.isEmpty() ? null : views.time(text);
  }

  private static int number(QueryStringDecoder request, String name, int otherwise, int most) {
    String text = parameter(request, name, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(name + ": must be a number from 0");
    }
    return Math.min(most, Integer.parseInt(text));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
