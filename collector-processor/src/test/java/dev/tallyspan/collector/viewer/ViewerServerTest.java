package dev.tallyspan.collector.viewer;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewerServerTest {

  private static final String TOKEN = "a-token-of-the-user";

  private final RecentTraces traces = RecentTraces.builder().build();
  private final RecentOutput output = RecentOutput.on(Runnable::run, traces, /* policy= */ null);
  private ViewerServer server;

  @BeforeEach
  void start() throws Exception {
    server = builder().start();
    output.write(processed(span("1", "", "POST /ask"), chat("2", "1", "gpt-4o")));
  }

  private ViewerServer.Builder builder() {
    return ViewerServer.builder(
            new TraceViews(traces, output::skippedSpans, InstantSource.system()), traces)
        .addresses(ListenAddresses.of("127.0.0.1", 0))
        .link("Jaeger", "http://localhost:16686/trace/{traceId}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/traces/" + TRACE + "?span=2222222222222222, text/html",
    "/sessions, text/html",
    "/sessions/a%2Fb%20c, text/html",
    "/charts, text/html",
    "/problems, text/html",
    "/compare?a=1&b=2, text/html",
    "/assets/app.js, text/javascript",
    "/assets/app.css, text/css",
    "/assets/icon.svg, image/svg+xml",
    "/assets/uPlot.esm.js, text/javascript",
    "/assets/uPlot.min.css, text/css",
    "/api/about, application/json",
    "/api/traces, application/json",
    "/api/traces/" + TRACE + ", application/json",
    "/api/traces/" + TRACE + "/spans/2222222222222222, application/json",
    "/api/traces/" + TRACE + "/branch?span=1111111111111111, application/json",
    "/api/sessions, application/json",
    "/api/charts?by=user, application/json",
    "/api/problems, application/json",
    "/api/cases?q=error&by=span, application/json"
  })
  void pagesFilesAndDataAreServed(String path, String type) throws Exception {
    RawHttp.Response response = get(path);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("content-type")).startsWith(type);
    assertThat(response.body()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', tr-0af7651916cd43dd8448eb211c80319c.jsonl, application/x-ndjson",
    "'?span=3333333333333333&format=promptfoo',"
        + " tr-0af7651916cd43dd8448eb211c80319c-3333333333333333.jsonl, application/x-ndjson",
    "'?format=phoenix&name=trips&split=test', tr-0af7651916cd43dd8448eb211c80319c.json,"
        + " application/json"
  })
  void caseIsAFileToSave(String parameters, String name, String type) throws Exception {
    output.write(processed(asked("3", "Where is my train?")));

    RawHttp.Response response = get("/api/traces/" + TRACE + "/case" + parameters);

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("content-type")).isEqualTo(type);
    assertThat(response.header("content-disposition"))
        .isEqualTo("attachment; filename=\"" + name + "\"");
    assertThat(response.body()).contains("Where is my train?").endsWith("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "?format=excel, 'format: must be one of tallyspan, langfuse,'",
    "?span=1111111111111111, 'no case: the span has no messages that were asked'",
    "?name=%20, 'name= : must not be blank'"
  })
  void whyThereIsNoCaseIsSaid(String parameters, String error) throws Exception {
    output.write(processed(asked("3", "Where is my train?")));

    RawHttp.Response response = get("/api/traces/" + TRACE + "/case" + parameters);

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).contains(error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/traces/00000000000000000000000000000001/case",
        "/api/traces/" + TRACE + "/case?span=9999999999999999",
        "/traces/" + TRACE + "/case/x"
      })
  void caseOfNothingIsNotFound(String path) throws Exception {
    assertThat(get(path).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "by=user, 'by: must be trace or span'",
    "since=yesterday, 'yesterday is not a time'",
    "after=x, 'after: must be the next of a page'",
    "q=colour:red, unknown field colour"
  })
  void whatCasesAreAskedForIsChecked(String parameters, String error) throws Exception {
    RawHttp.Response response = get("/api/cases?" + parameters);

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).contains(error);
  }

  private static Span.Builder asked(String id, String question) {
    return chat(id, "1", "gpt-4o")
        .addAttributes(
            attribute(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"%s\"}]}]"
                    .formatted(question)));
  }

  @Test
  void everyFileOfThePagesIsServed() throws Exception {
    Pattern imported = Pattern.compile("(?:from '\\./|import '\\./|/assets/)([A-Za-z.]+)['\"]");
    java.util.Deque<String> open = new java.util.ArrayDeque<>(java.util.List.of("/"));
    java.util.Set<String> seen = new java.util.TreeSet<>();
    while (!open.isEmpty()) {
      String path = open.pop();
      RawHttp.Response response = get(path);
      assertThat(response.status()).as(path).isEqualTo(200);
      Matcher files = imported.matcher(response.body());
      while (files.find()) {
        if (seen.add(files.group(1))) {
          open.push("/assets/" + files.group(1));
        }
      }
    }
    assertThat(seen)
        .contains("app.js", "list.js", "trace.js", "charts.js", "uPlot.esm.js", "app.css");
  }

  @Test
  void nothingRunsOrLoadsThatIsNotFromHere() throws Exception {
    for (String path : new String[] {"/", "/api/traces", "/assets/app.js", "/nowhere"}) {
      RawHttp.Response response = get(path);
      assertThat(response.header("content-security-policy"))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe", "http:", "https:", "*");
      assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
      assertThat(response.header("referrer-policy")).isEqualTo("no-referrer");
    }
    assertThat(get("/").body())
        .doesNotContain("<script>", "style=", "onclick", "http://", "https://");
    assertThat(get("/api/traces").header("cache-control")).isEqualTo("no-store");
  }

  /** Content becomes text nodes only if no script can do anything else with it. */
  @Test
  void noScriptTakesMarkup() throws Exception {
    for (String file :
        new String[] {
          "app.js",
          "api.js",
          "dom.js",
          "format.js",
          "list.js",
          "trace.js",
          "spanfilter.js",
          "diff.js",
          "detail.js",
          "chat.js",
          "sessions.js",
          "charts.js",
          "problems.js",
          "compare.js",
          "virtual.js"
        }) {
      assertThat(get("/assets/" + file).body())
          .as(file)
          .doesNotContain(
              "innerHTML",
              "outerHTML",
              "insertAdjacentHTML",
              "document.write",
              " eval(",
              "new Function",
              "DOMParser",
              "srcdoc",
              "createContextualFragment");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nowhere",
        "/assets/",
        "/assets/ViewerServer.class",
        "/assets/..%2fapp.js",
        "/assets/a/b",
        "/api/",
        "/api/nothing",
        "/api/traces/ffff",
        "/api/traces/" + TRACE + "/spans/ffff",
        "/api/traces/" + TRACE + "/branch?span=ffff",
        "/traces/a/b",
        "/mcp",
        "/index.html"
      })
  void otherPathsAreNotFound(String path) throws Exception {
    assertThat(get(path).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void otherMethodsAreRefused(String method) throws Exception {
    RawHttp.Response response =
        RawHttp.request(
            server.port(),
            method + " /api/traces HTTP/1.1",
            "Host: localhost:" + server.port(),
            "Content-Length: 0");

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.header("allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void queryThatCannotBeReadIsExplained() throws Exception {
    RawHttp.Response response = get("/api/traces?q=colour%3Ared");

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.body()).startsWith("{\"error\":\"unknown field colour");
    assertThat(get("/api/charts?by=colour").status()).isEqualTo(400);
    assertThat(get("/api/traces?limit=-1").status()).isEqualTo(400);
    assertThat(get("/api/traces?q=%zz").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8787",
        "localhost.evil.example",
        "10.0.0.1",
        "",
        "[::2]"
      })
  void nameThatWasReboundToThisMachineIsRefused(String host) throws Exception {
    RawHttp.Response response =
        RawHttp.request(server.port(), "GET /api/traces HTTP/1.1", "Host: " + host);

    assertThat(response.status()).isEqualTo(403);
    assertThat(response.body()).doesNotContain("gpt-4o");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:8787", "[::1]:8787", "127.1.2.3"})
  void loopbackNamesAreAnswered(String host) throws Exception {
    assertThat(RawHttp.request(server.port(), "GET /api/traces HTTP/1.1", "Host: " + host).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void requestOfAnotherSiteIsRefused(String header) throws Exception {
    assertThat(get("/api/traces", header).status()).isEqualTo(403);
    assertThat(get("/api/events", header).status()).isEqualTo(403);
  }

  @Test
  void linkOfAnotherSiteOpensAPageButNoData() throws Exception {
    String[] link = {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"};

    assertThat(get("/traces/" + TRACE, link).status()).isEqualTo(200);
    assertThat(get("/api/traces/" + TRACE, link).status()).isEqualTo(403);
  }

  @Test
  void requestOfThePageItselfIsAnswered() throws Exception {
    assertThat(
            get(
                    "/api/traces",
                    "Origin: http://localhost:" + server.port(),
                    "Sec-Fetch-Site: same-origin")
                .status())
        .isEqualTo(200);
  }

  @Test
  void otherAddressesNeedATokenThatIsMadeUpIfNoneIsSet() throws Exception {
    try (ViewerServer open = builder().addresses(ListenAddresses.of("0.0.0.0", 0)).start()) {
      assertThat(open.token()).hasSize(32);
      assertThat(RawHttp.get(open.port(), "/api/traces").status()).isEqualTo(401);
      assertThat(RawHttp.get(open.port(), "/").status()).isEqualTo(401);
      assertThat(
              RawHttp.get(open.port(), "/api/traces", "Authorization: Bearer " + open.token())
                  .status())
          .isEqualTo(200);
    }
    assertThat(server.token()).isNull();
  }

  @Test
  void tokenInTheUrlBecomesACookieAndLeavesTheUrl() throws Exception {
    try (ViewerServer open = builder().token(TOKEN).start()) {
      RawHttp.Response login = RawHttp.get(open.port(), "/traces/" + TRACE + "?token=" + TOKEN);

      assertThat(login.status()).isEqualTo(303);
      assertThat(login.header("location")).isEqualTo("/traces/" + TRACE);
      String cookie = login.header("set-cookie");
      assertThat(cookie).contains("HttpOnly", "SameSite=Lax").doesNotContain(TOKEN);
      String kept = "Cookie: other=1; " + cookie.substring(0, cookie.indexOf(';'));
      assertThat(RawHttp.get(open.port(), "/api/traces", kept).status()).isEqualTo(200);
      assertThat(RawHttp.get(open.port(), "/api/traces", kept + "0").status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/?token=wrong-token-of-someone", "/?token=", "/api/traces?token=" + TOKEN})
  void wrongTokenIsRefused(String path) throws Exception {
    try (ViewerServer open = builder().token(TOKEN).start()) {
      assertThat(RawHttp.get(open.port(), path).status()).isEqualTo(401);
    }
  }

  @Test
  void loginDoesNotLeadToAnotherHost() throws Exception {
    try (ViewerServer open = builder().token(TOKEN).start()) {
      RawHttp.Response login = RawHttp.get(open.port(), "//evil.example/?token=" + TOKEN);

      assertThat(login.header("location")).isEqualTo("/");
    }
  }

  @Test
  void openPageLearnsWhichTracesChanged() throws Exception {
    try (Socket socket =
        new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), server.port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(
              ("GET /api/events HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\n\r\n")
                  .getBytes(UTF_8));
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      readUntil(in, ": open");

      output.write(processed(chat("3", "1", "gpt-4o")));

      assertThat(readUntil(in, "data: ")).isEqualTo("data: [\"" + TRACE + "\"]");
    }
  }

  private static String readUntil(BufferedReader in, String start) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith(start)) {
        return line;
      }
    }
    throw new IOException("the stream ended before " + start);
  }

  @Test
  void settingsThatCannotWorkFailAtOnce() {
    assertThatThrownBy(() -> builder().token("short").start())
        .hasMessage("token: must have at least 16 characters");
    assertThatThrownBy(() -> builder().link("X", "javascript:{traceId}").start())
        .hasMessage("link X=javascript:{traceId}: must be a URL that contains {traceId}");
    assertThatThrownBy(
            () -> builder().addresses(ListenAddresses.of("127.0.0.1", server.port())).start())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("viewer endpoint=127.0.0.1:" + server.port());
  }

  private RawHttp.Response get(String path, String... headers) throws IOException {
    return RawHttp.get(server.port(), path, headers);
  }
}
