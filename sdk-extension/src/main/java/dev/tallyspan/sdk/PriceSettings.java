package dev.tallyspan.sdk;

import dev.tallyspan.pricing.Deployment;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.imports.CatalogImport.Format;
import dev.tallyspan.pricing.live.SignatureKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the settings about prices: {@code catalog}, {@code contracts}, {@code currency}, …. */
final class PriceSettings {

  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

  /** By the names that users write; empty for a catalog in Tallyspan's format. */
  private static final Map<String, Optional<Format>> FORMATS = formats();

  private PriceSettings() {}

  static void read(Section settings, ExtensionSettings to) {
    catalog(settings, to);
    contracts(settings, to);
    deployments(settings, to);
    currency(settings, to);
    estimate(settings, to);
  }

  private static void catalog(Section settings, ExtensionSettings to) {
    Section catalog = settings.section("catalog");
    if (catalog == null) {
      return;
    }
    Path file = catalog.file("file");
    URI url = url(catalog);
    Optional<Format> format = catalog.choice("format", FORMATS);
    Duration interval = interval(catalog);
    String sha256 = catalog.text("sha256");
    if (sha256 != null && !sha256.matches("[0-9a-fA-F]{64}")) {
      throw catalog.fault("sha256", ": must be 64 hexadecimal digits");
    }
    SignatureKey key = key(catalog);
    Path vectors = catalog.file("vectors");
    boolean layered = catalog.flag("layered", false);
    catalog.end();
    if ((file == null) == (url == null)) {
      throw catalog.fault(": set file or url" + (url == null ? "" : ", not both"));
    }
    to.catalogSource =
        new CatalogSettings(
            file,
            url,
            format == null ? null : format.orElse(null),
            interval,
            sha256 == null ? null : sha256.toLowerCase(Locale.ROOT),
            key,
            vectors,
            layered);
  }

  private static @Nullable URI url(Section catalog) {
    String text = catalog.text("url");
    if (text == null) {
      return null;
    }
    try {
      URI url = new URI(text);
      boolean http =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      if (http && url.getHost() != null && url.getUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Reported below.
    }
    // The URL is not shown, because it may contain a key.
    throw catalog.fault("url", ": must be http://host/... or https://host/..., without user info");
  }

  private static @Nullable SignatureKey key(Section catalog) {
    String text = catalog.text("public_key");
    try {
      return text == null ? null : SignatureKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw catalog.fault("public_key", e);
    }
  }

  private static void contracts(Section settings, ExtensionSettings to) {
    Section contracts = settings.section("contracts");
    if (contracts == null) {
      return;
    }
    Path file = contracts.file("file");
    Duration interval = interval(contracts);
    String attribute = contracts.text("attribute", to.tenantAttribute);
    contracts.end();
    if (file == null) {
      throw contracts.fault(": file is missing");
    }
    if (attribute.isEmpty()) {
      throw contracts.fault("attribute", ": must be the name of an attribute");
    }
    to.contractsSource = new ContractsSettings(file, interval);
    to.tenantAttribute = attribute;
  }

  private static void deployments(Section settings, ExtensionSettings to) {
    Section deployments = settings.section("deployments");
    if (deployments == null) {
      return;
    }
    Map<String, Deployment> byName = new LinkedHashMap<>();
    for (String name : deployments.keys()) {
      byName.put(name, deployment(deployments, name));
    }
    try {
      to.deployments = Deployments.ofAll(byName);
    } catch (IllegalArgumentException e) {
      throw settings.fault("deployments", e);
    }
  }

  private static Deployment deployment(Section deployments, String name) {
    if (!deployments.isSection(name)) {
      try {
        return Deployment.of(deployments.text(name));
      } catch (SettingsException e) {
        throw deployments.fault(": " + name + " is not the name of a model");
      }
    }
    Section deployment = deployments.child(name);
    String model = deployment.text("model");
    String type = deployment.text("type");
    String geo = deployment.text("geo");
    String region = deployment.text("region");
    deployment.end();
    try {
      return Deployment.of(model, type, geo, region);
    } catch (IllegalArgumentException e) {
      throw deployments.fault(": " + name + ": " + e.getMessage());
    }
  }

  private static void currency(Section settings, ExtensionSettings to) {
    Section currency = settings.section("currency");
    if (currency == null) {
      return;
    }
    String target = currency.text("to");
    Section rates = currency.section("rates");
    currency.end();
    if (target == null || rates == null || rates.keys().isEmpty()) {
      throw currency.fault(
          ": set the target currency and rates, such as {to: EUR, rates: {USD: 0.92}}");
    }
    ExchangeRates.Builder builder;
    try {
      builder = ExchangeRates.to(target);
    } catch (IllegalArgumentException e) {
      throw currency.fault("to", e);
    }
    for (String from : rates.keys()) {
      if (rates.isSection(from)) {
        Section days = rates.child(from);
        for (String day : days.keys()) {
          LocalDate since = day(days, day);
          add(() -> builder.rate(from, since, days.decimal(day)), days, day);
        }
      } else {
        add(() -> builder.rate(from, rates.decimal(from)), rates, from);
      }
    }
    to.currency = builder.build();
  }

  private static void add(Runnable addition, Section section, String key) {
    try {
      addition.run();
    } catch (SettingsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw section.fault(key, e);
    }
  }

  private static LocalDate day(Section days, String key) {
    try {
      return LocalDate.parse(key);
    } catch (DateTimeException e) {
      throw days.fault(key, ": must be a date such as 2026-07-01");
    }
  }

  private static void estimate(Section settings, ExtensionSettings to) {
    Section estimate = settings.section("estimate");
    if (estimate == null) {
      return;
    }
    to.estimates = estimate.flag("enabled", true);
    to.estimatedCharacters = estimate.number("max_characters", 1, to.estimatedCharacters);
    estimate.end();
    if (to.estimates) {
      try {
        Estimates.checkAvailable();
      } catch (IllegalArgumentException e) {
        throw settings.fault("estimate", e);
      }
    }
  }

  private static Duration interval(Section section) {
    Duration interval = section.duration("reload_interval", CatalogSettings.RELOAD_INTERVAL);
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      throw section.fault("reload_interval", ": must be 1s or longer");
    }
    return interval;
  }

  private static Map<String, Optional<Format>> formats() {
    Map<String, Optional<Format>> formats = new LinkedHashMap<>();
    formats.put("tallyspan", Optional.empty());
    for (Format format : Format.values()) {
      formats.put(format.wireName(), Optional.of(format));
    }
    return formats;
  }
}
