package dev.tallyspan.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import dev.tallyspan.collector.config.EnvironmentConfig;
import dev.tallyspan.collector.demo.SampleAgent;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerException;
import dev.tallyspan.collector.output.ledger.LedgerWriter;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.server.CollectorServer;
import dev.tallyspan.collector.viewer.ViewerServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages of the viewer in Chromium, with the sample of the demo and spans of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewerBrowserTest {

  private static final List<String> BROWSERS =
      List.of(
          System.getProperty("browser.executable", ""),
          "/usr/bin/chromium",
          "/usr/bin/chromium-browser",
          "/usr/bin/google-chrome",
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

  /** Deque's engine, from its jar for Playwright. */
  private static final String AXE = resource("/axe.min.js");

  private static final String REFUND = "My connection was cancelled on Saturday.";

  private final RecentTraces traces = RecentTraces.builder().build();
  private final AtomicLong nextTrace = new AtomicLong(1_000);
  @TempDir private static Path data;
  private LedgerWriter ledger;
  private RecentOutput output;
  private ViewerServer viewer;
  private CollectorServer server;
  private Playwright playwright;
  private Browser browser;
  private BrowserContext context;
  private Page page;
  private final List<String> errors = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();

  @BeforeAll
  void start() throws Exception {
    String executable =
        BROWSERS.stream()
            .filter(it -> !it.isEmpty() && Files.isExecutable(Path.of(it)))
            .findFirst()
            .orElse("");
    if (executable.isEmpty()) {
      abort("no Chromium on this machine: set -Dbrowser.executable to try the pages in a browser");
    }
    // A machine that builds has little time for a browser.
    setDefaultAssertionTimeout(60_000);
    output = RecentOutput.start(traces, /* policy= */ null);
    ledger = LedgerWriter.builder(Ledger.directory(data)).start();
    viewer =
        ViewerServer.builder(
                new TraceViews(traces, output::skippedSpans, InstantSource.system()), traces)
            .addresses(ListenAddresses.of("127.0.0.1", 0))
            .ledger(data)
            .link("Jaeger", "http://localhost:16686/trace/{traceId}")
            .start();
    server =
        CollectorServer.builder(
                EnvironmentConfig.from(
                    Map.of(
                        "TALLYSPAN_GRPC_ENDPOINT", "127.0.0.1:0",
                        "TALLYSPAN_HTTP_ENDPOINT", "127.0.0.1:0",
                        "TALLYSPAN_VIEWER_ENDPOINT", "none")))
            .also(output)
            .also(ledger.output("tenant.id", /* waits= */ false))
            .start();
    SampleAgent.send(otlp(), Instant.now());
    awaitInLedger("SELECT 1 FROM calls WHERE user_id = 'jonas'");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of(executable))
                    .setArgs(List.of("--no-sandbox")));
  }

  @AfterAll
  void close() {
    if (playwright != null) {
      playwright.close();
    }
    if (server != null) {
      server.close();
    }
    if (viewer != null) {
      viewer.close();
      output.close();
      ledger.close();
    }
  }

  @BeforeEach
  void open() {
    open(ColorScheme.LIGHT, 1400);
  }

  private void open(ColorScheme scheme, int width) {
    if (context != null) {
      context.close();
    }
    errors.clear();
    requests.clear();
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(scheme)
                .setBaseURL("http://127.0.0.1:" + viewer.port()));
    context.setDefaultTimeout(60_000);
    page = context.newPage();
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !message.text().contains("status of 40")) {
            errors.add(message.text());
          }
        });
    page.onRequest(request -> requests.add(request.url()));
  }

  @AfterEach
  void nothingFailedAndNothingLeftTheMachine() {
    assertThat(errors).isEmpty();
    assertThat(requests)
        .allMatch(
            url ->
                url.startsWith("http://127.0.0.1:" + viewer.port() + "/")
                    || url.startsWith("data:"));
  }

  @Test
  void listShowsWhatWasAskedAndSpent() {
    page.navigate("/");

    Locator row = row(REFUND);
    assertThat(row).containsText("Yes. The carrier cancelled your connection");
    assertThat(row).containsText("$0.0306");
    assertThat(row).containsText("jonas · refund-0087");
    assertThat(row).containsText("error");
    assertThat(page.locator(".live")).hasText("live");
    picture("viewer-list");
  }

  @Test
  void filterNarrowsTheListAndExplainsItsFaults() {
    page.navigate("/");
    assertThat(row(REFUND)).isVisible();

    page.locator(".filter").fill("user:maya cost>0.001");
    assertThat(page.locator(".trace").first()).containsText("maya");
    assertThat(row(REFUND)).hasCount(0);
    assertThat(page).hasURL(Pattern.compile(".*q=user%3Amaya.*"));

    page.locator(".filter").fill("colour:red");
    assertThat(page.locator(".wrong")).containsText("unknown field colour");
  }

  @Test
  void keysOpenAndLeaveATrace() {
    page.navigate("/?q=refund");
    assertThat(row(REFUND)).isVisible();

    page.keyboard().press("/");
    assertThat(page.locator(".filter")).isFocused();
    page.keyboard().press("Escape");
    page.keyboard().press("Enter");
    assertThat(page.locator("h1")).containsText(REFUND);
    page.keyboard().press("e");
    assertThat(page.locator(".span.selected")).containsText("rate_limit_error");
    page.keyboard().press("Escape");
    assertThat(page.locator(".filter")).isVisible();
    page.keyboard().press("?");
    assertThat(page.locator("dialog.help")).isVisible();
    page.keyboard().press("Escape");
    page.keyboard().press("c");
    assertThat(page.locator(".charts")).isVisible();
  }

  @Test
  void traceShowsItsTreeItsChatAndTheArithmeticOfItsCost() {
    page.navigate("/?q=refund");
    row(REFUND).click();

    assertThat(page.locator(".span")).hasCount(11);
    assertThat(page.locator(".span").first().locator(".sum")).hasText("$0.0306");
    assertThat(page.locator(".detail-body")).containsText("look_up_booking");
    assertThat(page.locator(".run .wait")).hasCount(1);
    assertThat(page.locator(".actions a").first())
        .hasAttribute("href", Pattern.compile("http://localhost:16686/trace/[0-9a-f]{32}"));
    picture("viewer-trace");

    page.locator("[role=tab]", new Page.LocatorOptions().setHasText("Cost")).click();
    assertThat(page.locator(".bill-total")).containsText("0.018675 USD");
    assertThat(page.locator(".lines").first()).containsText("$3.75/M");
    picture("viewer-cost");
  }

  @Test
  void permalinkShowsTheSameSpanAndTab() {
    page.navigate("/?q=refund");
    row(REFUND).click();
    page.locator(".span", new Page.LocatorOptions().setHasText("issue_refund")).click();
    page.keyboard().press("2");
    assertThat(page.locator(".detail-body")).containsText("R-90118");
    String link = page.url();

    open(ColorScheme.LIGHT, 1400);
    page.navigate(link);

    assertThat(page.locator(".span.selected")).containsText("issue_refund");
    assertThat(page.locator("[role=tab][aria-selected=true]")).hasText("Tools");
    assertThat(page.locator(".detail-body")).containsText("R-90118");
  }

  @Test
  void newTraceAppearsWithoutAReload() throws Exception {
    page.navigate("/");
    assertThat(page.locator(".live.on")).isVisible();

    new Traces(otlp()).chat(trace(), 1, 0, "Is this live?", "It is.").send();

    assertThat(row("Is this live?")).isVisible();
  }

  @Test
  void chartsAndSessionsAndProblemsAreDrawn() {
    page.navigate("/charts");
    assertThat(page.locator(".chart canvas")).hasCount(6);
    page.locator(".segments button", new Page.LocatorOptions().setHasText("user")).click();
    assertThat(page.locator(".spenders")).containsText("jonas");

    page.navigate("/sessions");
    page.locator(".trace", new Page.LocatorOptions().setHasText("trip-2041")).click();
    assertThat(page.locator(".turn")).hasCount(2);

    page.navigate("/problems");
    assertThat(page.locator(".problem").first()).containsText("house/house-model-7b");
  }

  @Test
  void chartsOfALongTimeComeFromTheLedger() throws Exception {
    Traces lastWeeks = new Traces(otlp());
    String[] models = {"gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini"};
    for (int i = 0; i < 120; i++) {
      lastWeeks.span(
          trace(),
          1,
          0,
          "earlier call",
          Instant.now().minus(Duration.ofHours(6L * i + 1)),
          Map.of(
              "gen_ai.operation.name",
              "chat",
              "gen_ai.provider.name",
              "openai",
              "gen_ai.request.model",
              models[i % 7 % models.length],
              "gen_ai.usage.input_tokens",
              20_000 + i * 37 % 11 * 4_000,
              "gen_ai.usage.output_tokens",
              900 + i * 53 % 13 * 150,
              "user.id",
              "ines"));
    }
    lastWeeks.send();
    awaitInLedger("SELECT 1 FROM calls WHERE model = 'gpt-4.1-mini'");
    page.navigate("/charts");
    assertThat(page.locator(".chart canvas")).hasCount(6);
    assertThat(page.locator(".source")).isHidden();

    button("24h").click();
    assertThat(page.locator(".source")).containsText("From the ledger");
    assertThat(page.locator(".chart canvas")).hasCount(5);
    button("user").click();
    assertThat(page.locator(".spenders")).containsText("jonas");
    assertThat(page).hasURL(Pattern.compile(".*by=user&since=24h"));

    button("30d").click();
    button("model").click();
    assertThat(page.locator(".spenders")).containsText("gpt-4.1-mini");
    picture("viewer-charts");

    button("feature").click();
    assertThat(page.locator(".source")).containsText("the ledger does not record features");
    button("tenant").click();
    assertThat(page.locator(".spenders")).containsText("(no tenant)");
    page.locator(".day").first().fill("2020-01-01");
    page.locator(".day").last().fill("2020-01-31");
    assertThat(page.locator(".charts")).containsText("No model call in this time");
    button("Recent").click();
    assertThat(page.locator(".chart canvas")).hasCount(6);
  }

  @Test
  void currenciesAreChartedApart() throws Exception {
    String question = "How much is that in euros?";
    new Traces(otlp())
        .chat(trace(), 1, 0, question, "Five.")
        .span(
            trace(),
            1,
            0,
            "chat in euros",
            Map.of(
                "gen_ai.operation.name", "chat",
                "gen_ai.provider.name", "openai",
                "gen_ai.request.model", "euro-model",
                "gen_ai.usage.input_tokens", 1_000,
                "gen_ai.usage.output_tokens", 100,
                "tallyspan.cost.status", "priced",
                "tallyspan.cost.total_exact", "5",
                "tallyspan.cost.currency", "EUR"))
        .send();
    page.navigate("/?q=euro");
    assertThat(page.locator(".trace")).hasCount(2);

    page.navigate("/charts?q=euro");
    assertThat(page.locator("h2").first()).containsText("Spend by model in");
    button("EUR").click();
    assertThat(page.locator("h2").first()).hasText("Spend by model in EUR");
    assertThat(page.locator(".spenders tbody tr").first()).containsText("€5");
    button("USD").click();
    assertThat(page.locator(".spenders tbody tr").first()).containsText("$0.0035");
  }

  @Test
  void filterInATraceKeepsMatchesAndTheirAncestors() {
    page.navigate("/?q=refund");
    row(REFUND).click();
    assertThat(page.locator(".span")).hasCount(11);

    page.keyboard().press("/");
    page.locator(".findbox .filter").fill("error");
    assertThat(page.locator(".findbox [role=status]")).hasText("1 of 11");
    assertThat(page.locator(".span.match")).hasCount(1);
    assertThat(page.locator(".span.match.selected")).containsText("rate_limit_error");
    assertThat(page.locator(".span.context").first()).isVisible();

    page.locator(".findbox .filter").fill("llm chat");
    Locator matches = page.locator(".span.match");
    assertThat(page.locator(".span.match mark").first()).hasText("chat");
    int count = matches.count();
    assertThat(count).isGreaterThan(1);
    page.keyboard().press("Enter");
    String first = page.locator(".span.selected").getAttribute("data-key");
    page.keyboard().press("n");
    assertThat(page.locator(".span.selected.match")).hasCount(1);
    assertThat(page.locator(".span.selected").getAttribute("data-key")).isNotEqualTo(first);
    page.keyboard().press("N");
    assertThat(page.locator(".span.selected").getAttribute("data-key")).isEqualTo(first);
    assertThat(page).hasURL(Pattern.compile(".*q=llm\\+chat.*"));
    picture("viewer-find");

    page.keyboard().press("/");
    page.locator(".findbox .filter").fill("tool:refund");
    assertThat(page.locator(".span.match")).hasCount(1);
    assertThat(page.locator(".span.match")).containsText("issue_refund");
    page.locator(".findbox .filter").fill("no such span");
    assertThat(page.locator(".pane .empty")).hasText("No span matches.");
    page.keyboard().press("Escape");
    page.keyboard().press("Escape");
    assertThat(page.locator(".span")).hasCount(11);
  }

  @Test
  void twoTracesAreComparedStepByStepAndWordByWord() throws Exception {
    long first = trace();
    long second = trace();
    new Traces(otlp())
        .chat(
            first,
            1,
            0,
            "Is the night train late? Answer in one sentence.",
            "Yes, it is ten minutes late, and you reach your connection in Vienna.")
        .chat(
            second,
            1,
            0,
            "Is the morning train late? Answer in one sentence.",
            "Yes, it is two hours late, and you miss your connection in Vienna.")
        .span(second, 2, 1, "look again", Map.of("gen_ai.operation.name", "execute_tool"))
        .send();
    page.navigate("/?q=train late");
    assertThat(page.locator(".trace")).hasCount(2);
    page.keyboard().press("x");
    page.keyboard().press("j");
    page.keyboard().press("x");

    assertThat(page.locator(".compare")).containsText("Duration");
    assertThat(page.locator(".difference")).hasCount(2);
    assertThat(page.locator(".difference").first()).containsText("Question");
    List<String> changed = page.locator(".difference del, .difference ins").allTextContents();
    assertThat(changed).contains("night", "morning", "ten", "two", "reach", "miss");
    assertThat(changed).doesNotContain("train", "late", "Vienna");
    assertThat(page.locator(".step")).hasCount(2);
    assertThat(page.locator(".step .flag")).containsText("only in");
    page.locator("summary.step-row").first().click();
    assertThat(page.locator(".step-body").first()).containsText("morning");
    picture("viewer-compare");
  }

  @Test
  void pagesAreDarkWhereTheSystemIs() {
    open(ColorScheme.DARK, 1400);
    page.navigate("/?q=refund");
    row(REFUND).click();
    assertThat(page.locator(".span")).hasCount(11);

    assertThat(background()).isEqualTo("rgb(18, 19, 22)");
    picture("viewer-dark");
    page.keyboard().press("d");
    assertThat(background()).isEqualTo("rgb(247, 247, 245)");
  }

  @Test
  void pagesFitIntoANarrowWindow() {
    open(ColorScheme.LIGHT, 1024);
    page.navigate("/?q=refund");
    row(REFUND).click();
    assertThat(page.locator(".span")).hasCount(11);

    assertThat(fits()).isTrue();
    picture("viewer-narrow");
    String refund = page.url().replaceAll(".*/traces/|[?].*", "");
    page.keyboard().press("d");
    page.navigate("/compare?a=%1$s&b=%1$s".formatted(refund));
    assertThat(page.locator(".step")).hasCount(11);
    assertThat(fits()).isTrue();
    picture("viewer-narrow-compare");
    page.navigate("/charts?since=24h");
    assertThat(page.locator(".chart canvas")).hasCount(5);
    assertThat(fits()).isTrue();
    picture("viewer-narrow-charts");
    page.navigate("/");
    assertThat(page.locator(".trace").first()).isVisible();
    assertThat(fits()).isTrue();
  }

  /** Rows are written in the background. */
  private static void awaitInLedger(String sql) {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(LedgerException.class)
        .until(
            () -> {
              List<List<String>> found = new ArrayList<>();
              try (Ledger opened = Ledger.ofServer(data, Duration.ofSeconds(60))) {
                opened.query(sql, List.of(), found::add);
              }
              return !found.isEmpty();
            });
  }

  private boolean fits() {
    return (boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth");
  }

  @Test
  void hostileContentIsShownAsText() throws Exception {
    String script = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>";
    String turned = "\u202Eexe.gpj\u0000\u0007\u001b[31m";
    String huge = "x".repeat(30_000);
    Map<String, Object> everywhere = new HashMap<>();
    for (String key :
        new String[] {
          "user.id",
          "session.id",
          "gen_ai.request.model",
          "gen_ai.provider.name",
          "error.type",
          "gen_ai.tool.name",
          "gen_ai.agent.name",
          "gen_ai.tool.definitions",
          "gen_ai.tool.call.arguments",
          "gen_ai.tool.call.result",
          "gen_ai.response.id",
          "tallyspan.metadata.feature",
          "__proto__"
        }) {
      everywhere.put(key, script + turned);
    }
    everywhere.put("gen_ai.operation.name", "chat");
    everywhere.put("gen_ai.usage.input_tokens", 5);
    everywhere.put("gen_ai.input.messages", Traces.message("user", script + turned + huge));
    everywhere.put("gen_ai.output.messages", "{\"broken\": [");
    everywhere.put(script, script);
    long trace = trace();
    new Traces(otlp()).span(trace, 1, 0, script + turned, everywhere).send();

    page.navigate("/?q=hacked");
    assertThat(page.locator(".trace").first()).containsText("<script>window.hacked");
    page.navigate("/traces/" + Traces.traceId(trace));
    assertThat(page.locator(".span")).containsText("<script>window.hacked");
    assertThat(page.locator(".span")).containsText("⟨U+202E⟩");
    Locator tabs = page.locator("[role=tab]:not([disabled])");
    assertThat(tabs.first()).isVisible();
    for (int i = 0; i < tabs.count(); i++) {
      tabs.nth(i).click();
      assertThat(page.locator(".detail-body")).not().isEmpty();
    }
    for (String path : new String[] {"/sessions", "/charts", "/problems", "/charts?by=user"}) {
      page.navigate(path);
      assertThat(page.locator(".page")).containsText("window.hacked");
    }
    awaitInLedger("SELECT 1 FROM calls WHERE user_id LIKE '%hacked%'");
    page.navigate("/traces/%s?q=%%3Cscript".formatted(Traces.traceId(trace)));
    assertThat(page.locator(".span mark").first()).hasText("<script");
    page.navigate("/charts?by=user&since=24h");
    assertThat(page.locator(".source")).containsText("From the ledger");
    assertThat(page.locator(".page")).containsText("window.hacked");
    page.navigate("/compare?a=%1$s&b=%1$s".formatted(Traces.traceId(trace)));
    page.locator("summary.step-row").click();
    assertThat(page.locator(".step-body .difference").first()).containsText("window.hacked");
    assertThat(fits()).isTrue();
    assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
    assertThat(page.locator("main img, main script").count()).isZero();
  }

  @Test
  void scriptInThePageItselfDoesNotRun() {
    page.navigate("/");
    assertThat(row(REFUND)).isVisible();

    page.waitForConsoleMessage(
        () ->
            page.evaluate(
                "() => { const script = document.createElement('script');"
                    + "script.textContent = 'window.hacked = 1'; document.body.append(script); }"));

    assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
    assertThat(errors).hasSize(1).first().asString().contains("Content Security Policy");
    errors.clear();
  }

  @Test
  @Tag("large")
  void traceOfFiveThousandSpansStaysUsable() throws Exception {
    long trace = trace();
    Traces many = new Traces(otlp()).span(trace, 1, 0, "large root", Map.of());
    for (int i = 2; i <= 5_000; i++) {
      if (i % 10 == 0) {
        many.chat(trace, i, i - 1, "question " + i, "answer " + i);
      } else {
        many.span(trace, i, i % 10 == 1 ? 1 : i - 1, "step " + i, Map.of());
      }
    }
    many.send();
    page.navigate("/traces/" + Traces.traceId(trace));
    assertThat(page.locator(".span").first()).containsText("large root");
    page.waitForCondition(
        () -> "5,000, 500 calls".equals(page.locator(".facts dd").nth(3).textContent()));
    assertThat(page.locator(".span").count()).isLessThan(100);

    double scrolled =
        millis(
            "const list = document.querySelector('.tree');"
                + "list.scrollTop = list.scrollHeight;"
                + "await until(() => list.textContent.includes('question') || list.textContent.includes('4999'));");
    double opened =
        millis(
            "const row = [...document.querySelectorAll('.span.model')].at(-1); row.click();"
                + "await until(() => document.querySelector('.detail-body').textContent.includes('answer 5000'));");
    double found =
        millis(
            "const input = document.querySelector('.findbox input'); input.value = 'step 4999';"
                + "input.dispatchEvent(new Event('input'));"
                + "await until(() => document.querySelector('.findbox [role=status]').textContent === '1 of 5,000'"
                + " && document.querySelector('.span.match mark'));");
    System.out.printf(
        "5,000 spans: scroll %.0f ms, open a detail %.0f ms, find a span %.0f ms%n",
        scrolled, opened, found);
    assertThat(page.locator(".span").count()).isLessThan(100);
  }

  @Test
  @Tag("large")
  void promptOfFiveMegabytesStaysUsable() throws Exception {
    long trace = trace();
    String line = "All work and no play makes Jack a dull boy. ";
    String prompt = (line.repeat(20) + "\n").repeat(5_900) + "THE END";
    new Traces(otlp()).chat(trace, 1, 0, prompt, "short answer").send();
    page.navigate("/traces/" + Traces.traceId(trace));
    assertThat(page.locator(".detail-body")).containsText("short answer");

    double scrolled =
        millis(
            "const list = document.querySelector('.longtext');"
                + "list.scrollTop = list.scrollHeight;"
                + "await until(() => list.textContent.includes('THE END'));");
    double raw =
        millis(
            "[...document.querySelectorAll('[role=tab]')].at(-1).click();"
                + "await until(() => document.querySelector('.longtext')?.textContent.includes('traceId'));");
    System.out.printf("5 MB prompt: scroll %.0f ms, open the raw JSON %.0f ms%n", scrolled, raw);
    assertThat(page.locator(".textline").count()).isLessThan(200);
  }

  @Test
  void linkThatIsFasterThanItsTraceShowsItWhenItArrives() throws Exception {
    long trace = trace();
    page.navigate("/traces/" + Traces.traceId(trace));
    assertThat(page.locator(".empty")).containsText("has not arrived yet");
    assertThat(page.locator(".live.on")).isVisible();

    new Traces(otlp()).chat(trace, 1, 0, "At last?", "Here it is.").send();

    assertThat(page.locator("h1")).containsText("At last?");
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void pagesHaveNoSeriousFaultOfAccessibility(ColorScheme scheme) throws Exception {
    long first = trace();
    long second = trace();
    new Traces(otlp())
        .chat(first, 1, 0, "Which plural is right?", "The first one.")
        .chat(second, 1, 0, "Which plural is wrong?", "The second one.")
        .send();
    open(scheme, 1400);
    List<String> faults = new ArrayList<>();
    page.navigate("/?q=plural");
    assertThat(page.locator(".trace").nth(1)).isVisible();
    examine("list", faults);
    page.keyboard().press("?");
    assertThat(page.locator("dialog.help")).isVisible();
    examine("help", faults);

    page.navigate("/?q=no-such-trace");
    assertThat(page.locator(".empty button")).isVisible();
    examine("empty list", faults);
    page.locator(".filter").fill("colour:red");
    assertThat(page.locator(".wrong")).isVisible();
    examine("wrong filter", faults);

    page.navigate("/?q=refund");
    row(REFUND).click();
    assertThat(page.locator(".span")).hasCount(11);
    for (String span : new String[] {"chat claude", "issue_refund", "rate_limit_error"}) {
      page.locator(".span", new Page.LocatorOptions().setHasText(span)).first().click();
      assertThat(page.locator(".detail-title")).containsText(span);
      Locator tabs = page.locator("[role=tab]:not([disabled])");
      for (int i = 0; i < tabs.count(); i++) {
        tabs.nth(i).click();
        examine("trace, " + span + ", tab " + tabs.nth(i).textContent(), faults);
      }
    }
    page.locator(".findbox .filter").fill("refund");
    assertThat(page.locator(".span.match mark").first()).isVisible();
    examine("trace with a filter", faults);

    page.navigate("/compare?a=%s&b=%s".formatted(Traces.traceId(first), Traces.traceId(second)));
    assertThat(page.locator(".difference")).hasCount(2);
    page.locator("summary.step-row").first().click();
    assertThat(page.locator(".step-body .difference")).hasCount(2);
    examine("comparison", faults);

    page.navigate("/sessions");
    assertThat(page.locator(".trace").first()).isVisible();
    examine("sessions", faults);
    page.locator(".trace", new Page.LocatorOptions().setHasText("trip-2041")).click();
    assertThat(page.locator(".turn")).hasCount(2);
    examine("session", faults);
    page.navigate("/charts");
    assertThat(page.locator(".chart canvas")).hasCount(6);
    examine("charts", faults);
    page.navigate("/charts?since=24h&by=user");
    assertThat(page.locator(".source")).containsText("From the ledger");
    examine("charts of the ledger", faults);
    page.navigate("/problems");
    assertThat(page.locator(".problem").first()).isVisible();
    examine("problems", faults);
    assertThat(faults).isEmpty();
  }

  /** Adds what axe finds on the page as it is, if it is serious or critical. */
  private void examine(String name, List<String> faults) {
    page.evaluate(AXE + "\n;undefined");
    Object found =
        page.evaluate(
            "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
                + ".filter(each => each.impact === 'serious' || each.impact === 'critical')"
                + ".map(each => each.id + ': ' + each.nodes.slice(0, 4)"
                + ".map(node => node.html.slice(0, 200) + ' ' + node.failureSummary).join(' | '))");
    for (Object fault : (List<?>) found) {
      faults.add(name + ": " + fault);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ViewerBrowserTest.class.getResourceAsStream(name)) {
      return new String(requireNonNull(in, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how long steps take in the browser until what they wait for is drawn. */
  private double millis(String steps) {
    Object took =
        page.evaluate(
            "async () => { const until = async what => {"
                + "const end = performance.now() + 60000;"
                + "while (!what()) { if (performance.now() > end) throw new Error('not drawn');"
                + "await new Promise(requestAnimationFrame); } };"
                + "const start = performance.now();"
                + steps
                + " return performance.now() - start; }");
    return ((Number) took).doubleValue();
  }

  private Locator button(String name) {
    return page.locator(
        ".toolbar button", new Page.LocatorOptions().setHasText(Pattern.compile("^" + name + "$")));
  }

  private Locator row(String text) {
    return page.locator(".trace", new Page.LocatorOptions().setHasText(text));
  }

  private Object background() {
    return page.evaluate("getComputedStyle(document.body).backgroundColor");
  }

  private long trace() {
    return nextTrace.incrementAndGet();
  }

  private URI otlp() {
    return URI.create("http://127.0.0.1:" + server.httpPort("otlp"));
  }

  private void picture(String name) {
    String directory = System.getProperty("browser.pictures", "");
    if (!directory.isEmpty()) {
      page.screenshot(
          new Page.ScreenshotOptions().setPath(Path.of(directory).resolve(name + ".png")));
    }
  }
}
