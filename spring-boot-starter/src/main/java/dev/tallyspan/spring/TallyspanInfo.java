package dev.tallyspan.spring;

import dev.tallyspan.semconv.content.ContentPolicy;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** What is installed and how it is set, without keys, URLs, paths and rates. */
final class TallyspanInfo implements InfoContributor {

  private final TallyspanProperties properties;
  private final Prices prices;
  private final ObjectProvider<ContentPolicy> policy;
  private final Clock clock;

  TallyspanInfo(
      TallyspanProperties properties,
      Prices prices,
      ObjectProvider<ContentPolicy> policy,
      Clock clock) {
    this.properties = properties;
    this.prices = prices;
    this.policy = policy;
    this.clock = clock;
  }

  @Override
  public void contribute(Info.Builder builder) {
    Installation installation = Installation.of(prices, policy.getIfAvailable());
    Map<String, Object> catalog = new LinkedHashMap<>();
    catalog.put("version", installation.catalog());
    catalog.put("builtIn", installation.shipped());
    LocalDate asOf = prices.get().asOf();
    if (asOf != null) {
      catalog.put("asOf", asOf.toString());
      catalog.put("ageDays", ChronoUnit.DAYS.between(asOf, LocalDate.now(clock)));
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("target", properties.getTarget());
    settings.put("content", installation.content());
    settings.put("contracts", properties.getContracts().getFile() != null);
    settings.put("deployments", properties.getDeployments().size());
    settings.put("estimate", properties.getEstimate().isEnabled());
    if (properties.getCurrency().getTo() != null) {
      settings.put("currency", properties.getCurrency().getTo());
    }
    builder.withDetail(
        "tallyspan",
        Map.of(
            "catalog", catalog,
            "openTelemetry", installation.openTelemetry(),
            "settings", settings));
  }
}
