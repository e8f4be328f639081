package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogReaderTest {
  @Test
  void faultIsReportedWithFileLineAndRemedy(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("prices.json");
    Files.writeString(
        file, Catalogs.text("\"m\": {\"cards\": [\n{\"rates\": {\"input\": \"-2/M\"}}]}"));

    assertThatThrownBy(() -> PriceCatalog.read(file))
        .isInstanceOf(CatalogException.class)
        .hasMessage(file + ":4 negative rate -2/M; give zero or more");
  }

  @Test
  void everyFaultIsReportedWithItsLine() {
    String text =
        """
        {"format": "tallyspan-prices/1", "version": "v", "currency": "USD", "owner": "me", "providers": {
          "acme": {
            "hosts": {"a.example": {"place": "eu"}},
            "fees": {"web_search": "0.01"},
            "models": {
              "m": {"cards": [
                {"rates": {"input": "-2/M"}},
                {"from": "soon", "rates": {"input": "2/M"}}], "colour": "blue", "size": "big"},
              "n": {"cards": []},
              "o": {"aliases": ["m"], "cards": [{"free": true}]}},
            "adjustments": [{"when": {"geo": "eu"}, "factor": "99"}]},
          "other": {"fallback": "nobody", "models": {}}}}
        """;

    assertThatThrownBy(() -> PriceCatalog.parse("p", text))
        .isInstanceOfSatisfying(
            CatalogException.class,
            e -> {
              assertThat(e.faults())
                  .extracting(fault -> fault.substring(0, fault.indexOf(';')))
                  .containsExactlyInAnyOrder(
                      "p:3 unknown key \"place\"",
                      "p:4 unknown unit \"web_search\"",
                      "p:7 negative rate -2/M",
                      "p:8 from is not a valid time",
                      "p:8 unknown key \"colour\"",
                      "p:8 unknown key \"size\"",
                      "p:9 acme/n has no rate card",
                      "p:10 \"m\" names two models, acme/m and acme/o",
                      "p:11 absurd factor 99",
                      "p:12 fallback \"nobody\" is not a provider of this catalog",
                      "p:1 unknown key \"owner\"");
              assertThat(e).hasMessageEndingWith("(and 10 other faults)");
            });
  }

  @Test
  void faultyCardMakesNoGapOfItsOwn() {
    assertThatThrownBy(
            () ->
                PriceCatalog.parse(
                    "p",
                    Catalogs.text(
                        """
                        "m": {"cards": [{"rates": {"input": "2/M"}},
                          {"when": {"service_tier": "flex"}, "rates": {"input": "1/M"}},
                          {"when": {"input_tokens": ">272000"}, "rates": {"input": "4/M"}},
                          {"when": {"service_tier": "flex", "input_tokens": ">272000"}, "rates": {"input": "3/x"}}]}
                        """)))
        .hasMessageContaining("is not a price in a string")
        .hasMessageNotContaining("gap")
        .hasMessageNotContaining("other");
  }

  @Test
  void missingFileIsReported(@TempDir Path directory) {
    assertThatThrownBy(() -> PriceCatalog.read(directory.resolve("none.json")))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("none.json: cannot be read: NoSuchFileException");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rates\": {\"input\": \"2/M\"}, \"rate\": \"1\"} | unknown key \"rate\"",
        "{\"rates\": {\"inptu\": \"2/M\"}} | unknown unit \"inptu\"",
        "{\"rates\": {\"input\": \"2\"}} | absurd rate for input",
        "{\"rates\": {\"web_searches\": \"5000\"}} | absurd rate for web_searches",
        "{\"rates\": {\"input\": 0.000002}} | is not a price in a string",
        "{\"rates\": {\"input\": \"2/0\"}} | absurd rate",
        "{\"rates\": {}} | the card has no rates",
        "{\"free\": true, \"rates\": {\"input\": \"2/M\"}} | the card is free and has rates",
        "{\"from\": \"yesterday\", \"rates\": {\"input\": \"2/M\"}} | from is not a valid time",
        "{\"from\": \"2026-02-01\", \"until\": \"2026-01-01\", \"free\": true} | until is not after from",
        "{\"rates\": {\"input\": \"-2/M\"}} | negative rate -2/M",
        "{\"rates\": {\"input\": \"2000000/M\"}} | absurd rate for input",
        "{\"rates\": {\"input\": \"2/M\"}, \"minimum\": {\"input\": -1}} | minimum is not a quantity",
        "{\"rates\": {\"input\": \"2/M\"}, \"minimum\": {\"input\": 1e30}} | minimum is not a quantity",
        "{\"rates\": {\"input\": \"2/M\"}, \"read_as\": {\"output\": \"outptu\"}} | unknown unit \"outptu\"",
        "{\"when\": {\"moon\": \"full\"}, \"free\": true} | unknown condition \"moon\"",
        "{\"when\": {\"service_tier\": \"default\"}, \"free\": true} | is the default",
        "{\"when\": {\"input_tokens\": \"big\"}, \"free\": true} | input_tokens is not a valid range",
        "{\"when\": {\"time\": {\"zone\": \"Mars\", \"hours\": \"01:00-02:00\"}}, \"free\": true} | known zone",
        "{\"when\": {\"time\": {\"zone\": \"UTC\", \"hours\": \"22:00-02:00\"}}, \"free\": true} | is not a valid window",
      })
  void faultyCardIsRefused(String card, String what) {
    assertFault("\"m\": {\"cards\": [" + card + "]}", what);
  }

  @Test
  void twoCardsThatBeginTogetherAreATie() {
    assertFault(
        "\"m\": {\"cards\": [{\"rates\": {\"input\": \"2/M\"}}, {\"rates\": {\"input\": \"3/M\"}}]}",
        "tie: two cards of acme/m begin at the same time");
  }

  @Test
  void conditionsThatMeetWithoutACommonCardAreAGap() {
    assertFault(
        """
        "m": {"cards": [{"rates": {"input": "2/M"}},
          {"when": {"service_tier": "flex"}, "rates": {"input": "1/M"}},
          {"when": {"input_tokens": ">272000"}, "rates": {"input": "4/M"}}]}
        """,
        "gap: a call can satisfy both acme/m#service_tier=flex and acme/m#input_tokens>=272001");
  }

  @Test
  void commonCardClosesTheGap() {
    PriceCatalog catalog =
        Catalogs.ofCards(
            """
            {"rates": {"input": "2/M"}},
            {"when": {"service_tier": "flex"}, "rates": {"input": "1/M"}},
            {"when": {"input_tokens": ">272000"}, "rates": {"input": "4/M"}},
            {"when": {"service_tier": "flex", "input_tokens": ">272000"}, "rates": {"input": "3/M"}}
            """);

    Price price =
        catalog.price(
            Catalogs.request(Usage.builder().set(Unit.INPUT, 300_000))
                .when("service_tier", "flex")
                .build());

    assertThat(price.total()).isEqualByComparingTo("0.9");
  }

  @Test
  void commonCardMustLastAsLongAsTheGap() {
    assertFault(
        """
        "m": {"cards": [{"rates": {"input": "2/M"}},
          {"when": {"service_tier": "flex"}, "rates": {"input": "1/M"}},
          {"when": {"input_tokens": ">272000"}, "rates": {"input": "4/M"}},
          {"from": "2026-01-01", "when": {"service_tier": "flex", "input_tokens": ">272000"}, "rates": {"input": "3/M"}}]}
        """,
        "gap: ");
  }

  @Test
  void oneNameForTwoModelsIsRefused() {
    assertFault(
        """
        "m": {"cards": [{"free": true}]},
        "n": {"aliases": ["M"], "cards": [{"free": true}]}
        """,
        "\"M\" names two models, acme/m and acme/n");
  }

  @Test
  void wrongCurrencyIsRefused() {
    assertThatThrownBy(
            () ->
                PriceCatalog.parse(
                    "p",
                    Catalogs.text("\"m\": {\"cards\": [{\"free\": true}]}").replace("USD", "DOL")))
        .hasMessage("p:1 unknown currency \"DOL\"; use an ISO 4217 code such as USD");
  }

  @Test
  void otherFormatIsRefused() {
    assertThatThrownBy(() -> PriceCatalog.parse("p", "{\"format\": \"tallyspan-prices/9\"}"))
        .hasMessageContaining("unknown format; this version reads \"tallyspan-prices/1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": 1, \"a\": 2} | \"a\" is given twice",
        "{\"a\": 01} | expected a JSON value",
        "{\"a\": tru} | expected a JSON value",
        "{\"a\": \"x | unterminated string",
        "{\"a\": \"\\x\"} | unknown escape",
        "[1, 2 | unexpected end of the text",
        "{} {} | text after the end",
      })
  void textThatIsNoJsonIsRefused(String text, String what) {
    assertThatThrownBy(() -> PriceCatalog.parse("p", text))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining(what);
  }

  private static void assertFault(String models, String what) {
    assertThatThrownBy(() -> PriceCatalog.parse("p", Catalogs.text(models)))
        .isInstanceOf(CatalogException.class)
        .hasMessageMatching("p:\\d+ .+; .+")
        .hasMessageContaining(what);
  }
}
