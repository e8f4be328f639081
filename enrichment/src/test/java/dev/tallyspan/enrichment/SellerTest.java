package dev.tallyspan.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The provider on a span is the one that it is priced by. */
class SellerTest {

  private static final Enricher ENRICHER = Enricher.builder().build();
  private static final Pattern PROVIDER = Pattern.compile("(?m)^ \"([a-z0-9_.]+)\": \\{");
  private static final Pattern HOSTS = Pattern.compile("\"hosts\": \\{(.*?\\})\\}");
  private static final Pattern HOST = Pattern.compile("\"([^\"]+)\": \\{");
  private static final Pattern MODEL = Pattern.compile("(?m)^  \"([^\"]+)\": \\{");

  record Seller(String provider, String host, String model) {}

  /** Each host that the shipped catalog knows, with a model that is sold there. */
  static Stream<Seller> sellers() throws Exception {
    String catalog;
    try (InputStream in = PriceCatalog.class.getResourceAsStream("catalog.json")) {
      catalog = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Seller> sellers = new ArrayList<>();
    Matcher provider = PROVIDER.matcher(catalog);
    while (provider.find()) {
      int end = catalog.indexOf("\n }", provider.end());
      String text = catalog.substring(provider.end(), end < 0 ? catalog.length() : end);
      Matcher hosts = HOSTS.matcher(text);
      Matcher model = MODEL.matcher(text);
      if (hosts.find() && model.find()) {
        Matcher host = HOST.matcher(hosts.group(1));
        while (host.find()) {
          sellers.add(new Seller(provider.group(1), called(host.group(1)), model.group(1)));
        }
      }
    }
    assertThat(sellers).hasSizeGreaterThan(40);
    return sellers.stream();
  }

  private static String called(String rule) {
    return rule.replace("*", "acme").replace("{region}", "us-east-1").replace("{geo}", "eu");
  }

  @ParameterizedTest
  @MethodSource("sellers")
  void providerOnTheSpanIsTheOneThatIsPriced(Seller seller) {
    Enriched enriched =
        ENRICHER
            .request()
            .enrich(
                MapSpan.chat("openai", seller.model)
                    .with("server.address", seller.host)
                    .with("gen_ai.usage.input_tokens", 1000)
                    .with("gen_ai.usage.output_tokens", 10));
    String priced = enriched.priced().price().priceKey();
    String asNamed =
        PriceCatalog.shipped()
            .price(
                PriceRequest.builder()
                    .provider(enriched.llm().provider())
                    .requestModel(seller.model)
                    .usage(Usage.builder().set(Unit.INPUT, 1000).build())
                    .build())
            .priceKey();

    assertThat(provider(priced)).isEqualTo(seller.provider);
    assertThat(provider(asNamed)).isEqualTo(seller.provider);
  }

  private static String provider(String priceKey) {
    return priceKey == null ? null : priceKey.substring(0, priceKey.indexOf('/'));
  }
}
