package dev.tallyspan.collector.output.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTracesTest {

  private static final SpanRow ROOT =
      Rows.span("root", "POST /ask")
          .with("user.id", "maya")
          .with("session.id", "s-1")
          .at(0, 4_000)
          .row();

  @Test
  void callShowsTokensDurationAndCost() {
    String screen =
        print(
            ROOT,
            Rows.chat("a", "gpt-4o")
                .below("root")
                .at(500, 1_750)
                .tokens(1_204, 1_024, 86)
                .priced("0.001230004")
                .row());

    assertThat(Rows.line(screen, "└─ chat gpt-4o").replaceAll("[ ━]+", " "))
        .isEqualTo("└─ chat gpt-4o 1.25 s 1,204 1,024 86 $0.00123");
    assertThat(Rows.line(screen, "POST /ask").replaceAll("[ ━]+", " "))
        .isEqualTo("POST /ask 4.00 s 1,204 1,024 86 $0.00123");
  }

  @Test
  void headNamesUserSessionServiceAndSum() {
    String screen = print(ROOT, Rows.chat("a", "gpt-4o").below("root").priced("0.5").row());

    assertThat(screen.lines().findFirst().orElseThrow())
        .contains("user maya", "session s-1", "shop", "2 spans", "$0.5000");
  }

  @Test
  void timelineStandsWhereTheSpanWas() {
    String screen = print(ROOT, Rows.span("a", "late").below("root").at(3_990, 4_000).row());

    String root = Rows.line(screen, "POST /ask");
    String late = Rows.line(screen, "late");
    assertThat(late.indexOf('━')).isEqualTo(root.lastIndexOf('━'));
  }

  @Test
  void unpricedIsSaidAndNeverNothing() {
    String screen =
        print(
            ROOT,
            Rows.chat("a", "house-model")
                .below("root")
                .with("tallyspan.cost.status", "unpriced")
                .row(),
            Rows.chat("b", "gpt-4o").below("root").priced("0.5").row());

    assertThat(Rows.line(screen, "─ chat house-model")).endsWith("unpriced");
    assertThat(Rows.line(screen, "POST /ask")).endsWith("$0.5000 +?");
    assertThat(screen.lines().filter(line -> line.startsWith("house-model")))
        .singleElement()
        .matches(line -> line.endsWith("unpriced"));
    assertThat(screen).contains("1 call without a known price").doesNotContain("$0 ", "$0.0000");
  }

  @Test
  void freePartialAndDuplicateAreTold() {
    String screen =
        print(
            ROOT,
            Rows.chat("a", "one").below("root").cost("free", "0").row(),
            Rows.chat("b", "two").below("root").cost("partial", "0.25").row(),
            Rows.chat("c", "three").below("root").with("tallyspan.cost.status", "duplicate").row());

    assertThat(Rows.line(screen, "─ chat one")).endsWith("free");
    assertThat(Rows.line(screen, "─ chat two")).endsWith("≥$0.2500");
    assertThat(Rows.line(screen, "─ chat three")).endsWith("duplicate");
  }

  @Test
  void failureShowsItsTypeAndMessage() {
    String screen =
        print(
            ROOT,
            Rows.chat("a", "gpt-4o")
                .below("root")
                .with("error.type", "rate_limit_error")
                .failed("slow down")
                .row());

    assertThat(screen).contains("✗ chat gpt-4o", "error   rate_limit_error: slow down", "1 failed");
  }

  @Test
  void toolShowsArgumentsAndResultHoweverEncoded() {
    String screen =
        print(
            ROOT,
            tool("a", "one")
                .with("gen_ai.tool.call.arguments", Map.of("city", "Ghent"))
                .with("gen_ai.tool.call.result", List.of(1L, 2.5, true))
                .row(),
            tool("b", "two")
                .with("gen_ai.tool.call.arguments", "{\"n\":1e3,\"deep\":{\"x\":null}}")
                .with("gen_ai.tool.call.result", "{\"cut\":\"at a lim")
                .row());

    assertThat(screen)
        .contains("args    {\"city\": \"Ghent\"}", "result  [1, 2.5, true]")
        .contains(
            "args    {\"n\": 1000.0, \"deep\": {\"x\": null}}", "result  {\"cut\":\"at a lim");
  }

  @Test
  void callShowsQuestionAnswerAndToolCalls() {
    String screen =
        print(
            Rows.chat("a", "gpt-4o")
                .with(
                    "gen_ai.input.messages",
                    "[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"Be brief.\"}]},"
                        + "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Where?\"}]}]")
                .with(
                    "gen_ai.output.messages",
                    List.of(
                        Map.of(
                            "role",
                            "assistant",
                            "parts",
                            List.of(
                                Map.of("type", "text", "content", "Let me\n  see."),
                                Map.of(
                                    "type",
                                    "tool_call",
                                    "name",
                                    "look",
                                    "arguments",
                                    Map.of("at", "map"))))))
                .row());

    assertThat(screen)
        .contains("asked   Where?", "answer  Let me see.", "calls   look {\"at\": \"map\"}")
        .doesNotContain("Be brief");
  }

  @Test
  void retrievalShowsQueryAndDocuments() {
    String screen =
        print(
            Rows.span("r", "retrieval kb")
                .with("gen_ai.operation.name", "retrieval")
                .with("gen_ai.retrieval.query.text", "night trains")
                .with(
                    "gen_ai.retrieval.documents",
                    "[{\"id\":\"kb/1\",\"score\":0.91},{\"id\":\"kb/2\"}]")
                .row());

    assertThat(screen).contains("query   night trains", "docs    2: kb/1 (0.91), kb/2");
  }

  @Test
  void contentCanBeLeftOut() {
    SpanRow call =
        tool("a", "one")
            .with("gen_ai.tool.call.arguments", "private")
            .with("error.type", "timeout")
            .failed("private, too")
            .row();

    String screen = Rows.print(Rows.options().content(false).build(), ROOT, call);

    assertThat(screen).contains("error   timeout").doesNotContain("private");
  }

  @Test
  void figuresWithoutAColumnAreNoted() {
    String screen =
        print(
            Rows.chat("a", "o4-mini")
                .tokens(100, 0, 90)
                .with("gen_ai.usage.reasoning.output_tokens", 64L)
                .with("gen_ai.usage.cache_write.input_tokens", 50L)
                .with("gen_ai.response.time_to_first_chunk", 0.42)
                .with("tallyspan.dialect", List.of("openinference", "otel"))
                .row());

    assertThat(Rows.line(screen, "note"))
        .contains("came as openinference", "420 ms", "50 in written", "64 out spent reasoning");
  }

  @Test
  void escapeSequencesOfAPromptDoNotReachTheTerminal() {
    String screen =
        print(
            Rows.span("a", "evil\u001b[2Jname")
                .with("gen_ai.operation.name", "execute_tool")
                .with("gen_ai.tool.call.arguments", "\u001b]0;title\u0007 \u202e backwards")
                .with("user.id", "x\u001b[31m\r\ny")
                .row());

    assertThat(screen).doesNotContain("\u001b", "\u0007", "\u202e", "\r");
  }

  @ParameterizedTest
  @ValueSource(ints = {72, 80, 100, 120, 200})
  void noLineIsWiderThanTheTerminal(int width) {
    List<SpanRow> rows = new ArrayList<>(List.of(ROOT));
    String parent = "root";
    for (int i = 0; i < 40; i++) {
      rows.add(
          Rows.chat("s" + i, "a-model-with-a-rather-long-name-日本語-" + i)
              .below(parent)
              .with(
                  "gen_ai.output.messages",
                  List.of(
                      Map.of(
                          "parts",
                          List.of(
                              Map.of(
                                  "type", "text", "content", "お問い合わせありがとうございます。 🚆 ".repeat(40))))))
              .tokens(1_234_567, 234_567, 99_999)
              .priced("0.1234")
              .row());
      parent = "s" + i;
    }

    String unicode = Rows.print(Rows.options().width(width).build(), rows);
    String ascii = Rows.print(Rows.options().width(width).unicode(false).build(), rows);

    assertThat(unicode.lines()).allMatch(line -> Text.width(line) <= width);
    assertThat(ascii.lines()).allMatch(line -> Text.width(line) <= width);
    assertThat(ascii.lines()).noneMatch(line -> line.contains("├") || line.contains("…"));
    long costs =
        unicode
            .lines()
            .filter(line -> line.contains("─ chat"))
            .map(line -> line.replaceFirst("\\$.*", ""))
            .map(Text::width)
            .distinct()
            .count();
    assertThat(costs).as("columns at which costs begin").isEqualTo(1);
  }

  @Test
  void longTraceIsFoldedAndKeepsItsFailuresAndSums() {
    List<SpanRow> rows = new ArrayList<>(List.of(ROOT));
    for (int i = 0; i < 500; i++) {
      Rows chat = Rows.chat("s" + i, "turn-" + i).below("root").at(i, i + 1).priced("0.01");
      rows.add((i == 250 ? chat.failed("broke") : chat).row());
    }

    String screen = Rows.print(Rows.options().maxSpans(20).build(), rows);

    String tree = screen.substring(0, screen.indexOf("COST BY USER"));
    assertThat(tree.lines().filter(line -> line.contains("─ ") && line.contains("turn-")))
        .hasSize(19);
    assertThat(tree).contains("✗ chat turn-250", "chat turn-0 ", "chat turn-499 ");
    assertThat(tree.lines().filter(line -> line.contains("more spans"))).hasSize(2);
    assertThat(Rows.line(tree, "241 more spans")).endsWith("$2.4100");
    assertThat(Rows.line(tree, "POST /ask")).endsWith("$5.0000");
  }

  @Test
  void totalsByUserFollowTheNearestUserAbove() {
    String screen =
        print(
            ROOT,
            Rows.chat("a", "m").below("root").priced("3").row(),
            Rows.span("job", "job").below("root").with("user.id", "ines").row(),
            Rows.chat("b", "m").below("job").priced("1").row(),
            Rows.chat("c", "m").of("t2").priced("0.5").row());

    String users =
        screen.substring(screen.indexOf("COST BY USER"), screen.indexOf("COST BY MODEL"));
    assertThat(users.lines().map(line -> line.replaceAll(" +", " ")).toList())
        .anyMatch(line -> line.startsWith("maya 1 1 $3.0000 67%"))
        .anyMatch(line -> line.startsWith("ines 1 1 $1.0000 22%"))
        .anyMatch(line -> line.startsWith("(no user) 1 1 $0.5000 11%"))
        .anyMatch(line -> line.startsWith("total 2 3 $4.5000"));
  }

  @Test
  void totalsByModelCountFailuresAndTokens() {
    String screen =
        print(
            Rows.chat("a", "gpt-4o")
                .with("gen_ai.provider.name", "openai")
                .tokens(10, 4, 2)
                .priced("0.00000018")
                .row(),
            Rows.chat("b", "gpt-4o").with("gen_ai.provider.name", "openai").failed("429").row());

    assertThat(Rows.line(screen, "openai/gpt-4o").replaceAll("[ █]+", " ").strip())
        .isEqualTo("openai/gpt-4o 1 2 1 10 4 2 $0.00000018 100%");
  }

  @Test
  void tracesWithoutModelCallsHaveNoTotals() {
    assertThat(print(ROOT)).contains("POST /ask").doesNotContain("COST BY");
  }

  @Test
  void orphanIsMarked() {
    String screen = print(ROOT, Rows.span("x", "lost").below("gone").row());

    assertThat(screen).contains("⚠ lost");
  }

  @Test
  void colourOnlyIfAskedFor() {
    assertThat(print(ROOT)).doesNotContain("\u001b");
    assertThat(Rows.print(Rows.options().colour(true).build(), ROOT)).contains("\u001b[2m");
  }

  @ParameterizedTest
  @CsvSource({
    "0, $0",
    "0.000123, $0.000123",
    "0.00012345, $0.000123",
    "0.00000018, $0.00000018",
    "0.0123456, $0.0123",
    "0.123456, $0.1235",
    "0.99996, $1.0000",
    "12.3456789, $12.3457",
    "1234.567, '$1,234.57'",
    "0.0000000000012, $1.20e-12",
    "-0.5, -$0.5000"
  })
  void amountsStayReadable(String exact, String text) {
    assertThat(Money.format("USD", new java.math.BigDecimal(exact), true)).isEqualTo(text);
  }

  @Test
  void widthComesFromColumnsAndHasBounds() {
    assertThat(TerminalOptions.detect(Map.of()).build().width()).isEqualTo(120);
    assertThat(TerminalOptions.detect(Map.of("COLUMNS", "97")).build().width()).isEqualTo(97);
    assertThat(TerminalOptions.detect(Map.of("COLUMNS", "wide")).build().width()).isEqualTo(120);
    assertThat(TerminalOptions.detect(Map.of("COLUMNS", "3")).build().width()).isEqualTo(72);
    assertThat(TerminalOptions.detect(Map.of("NO_COLOR", "1")).build().colour()).isFalse();
    assertThatThrownBy(() -> TerminalOptions.builder().width(5).build())
        .hasMessage("width=5: must be from 72 to 1000");
    assertThatThrownBy(() -> TerminalOptions.builder().maxSpans(-1).build())
        .hasMessage("maxSpans=-1: must not be negative");
  }

  private static Rows tool(String id, String name) {
    return Rows.span(id, "execute_tool " + name)
        .below("root")
        .with("gen_ai.operation.name", "execute_tool")
        .with("gen_ai.tool.name", name);
  }

  private static String print(SpanRow... rows) {
    return Rows.print(Rows.options().build(), rows);
  }
}
