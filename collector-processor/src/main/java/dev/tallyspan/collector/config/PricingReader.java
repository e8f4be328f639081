package dev.tallyspan.collector.config;

import dev.tallyspan.pricing.Deployment;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.imports.CatalogImport.Format;
import dev.tallyspan.pricing.live.SignatureKey;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the price settings of a processor: {@code catalog}, {@code contracts}, ... */
final class PricingReader {
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

  /** Formats by the names that users write; empty for a catalog in Tallyspan's format. */
  private static final Map<String, Optional<Format>> FORMATS = formats();

  private PricingReader() {}

  private static Map<String, Optional<Format>> formats() {
    Map<String, Optional<Format>> formats = new HashMap<>();
    formats.put("tallyspan", Optional.empty());
    for (Format format : Format.values()) {
      formats.put(format.wireName(), Optional.of(format));
    }
    return formats;
  }

  /** Returns null if the processor has no catalog, or one with a fault, which is reported. */
  static @Nullable CatalogConfig catalog(Section processor) {
    if (!processor.isSection("catalog")) {
      return plainFile(processor);
    }
    Section catalog = processor.child("catalog");
    Path file = catalog.file("file");
    URI url = url(catalog);
    Optional<Format> format = catalog.choice("format", FORMATS, Optional.empty());
    Duration interval = interval(catalog);
    String sha256 = catalog.text("sha256");
    if (sha256 != null && !sha256.matches("[0-9a-fA-F]{64}")) {
      catalog.error("sha256", catalog.name("sha256") + ": must be 64 hexadecimal digits");
    }
    SignatureKey key = key(catalog);
    Path vectors = catalog.file("vectors");
    boolean layered = catalog.bool("layered", false);
    catalog.end();
    if (catalog.has("file") == catalog.has("url")) {
      catalog.error("set file or url" + (catalog.has("url") ? ", not both" : ""));
      return null;
    }
    if (file == null && url == null) {
      return null;
    }
    return new CatalogConfig(
        file,
        url,
        format.orElse(null),
        interval,
        sha256 == null ? null : sha256.toLowerCase(Locale.ROOT),
        key,
        vectors,
        layered);
  }

  /** Returns null if the processor has no contracts, or if a fault in them is reported. */
  static @Nullable ContractsConfig contracts(Section processor) {
    Section contracts = processor.section("contracts");
    if (contracts == null) {
      return null;
    }
    Path file = contracts.file("file");
    Duration interval = interval(contracts);
    String attribute = contracts.text("attribute", ContractsConfig.ATTRIBUTE);
    if (!contracts.has("file")) {
      contracts.error("file is missing");
    }
    if (attribute.isEmpty()) {
      contracts.error(
          "attribute", contracts.name("attribute") + ": must be the name of an attribute");
    }
    contracts.end();
    return file == null ? null : new ContractsConfig(file, interval, attribute);
  }

  static Deployments deployments(Section processor) {
    Section deployments = processor.section("deployments");
    if (deployments == null) {
      return Deployments.none();
    }
    Map<String, Deployment> byName = new LinkedHashMap<>();
    for (String name : deployments.keys()) {
      byName.put(name, deployment(deployments, name));
    }
    try {
      return Deployments.ofAll(byName);
    } catch (IllegalArgumentException e) {
      processor.error("deployments", e);
      return Deployments.none();
    }
  }

  private static Deployment deployment(Section deployments, String name) {
    if (!deployments.isSection(name)) {
      return Deployment.of(deployments.text(name));
    }
    Section section = deployments.child(name);
    String model = section.text("model");
    String type = section.text("type");
    String geo = section.text("geo");
    String region = section.text("region");
    section.end();
    try {
      return Deployment.of(model, type, geo, region);
    } catch (IllegalArgumentException e) {
      section.error("type", section.name("") + e.getMessage());
      return Deployment.of(model, null, geo, region);
    }
  }

  /** Returns null if estimates are off. */
  static @Nullable EstimateConfig estimate(Section processor) {
    if (!processor.isSection("estimate")) {
      return processor.bool("estimate", false) ? EstimateConfig.DEFAULT : null;
    }
    Section estimate = processor.child("estimate");
    long characters =
        estimate.number(
            "max_characters", 1, EstimateConfig.MOST, EstimateConfig.DEFAULT.maxCharacters());
    estimate.end();
    return new EstimateConfig((int) characters);
  }

  private static Duration interval(Section section) {
    Duration interval = section.duration("reload_interval", CatalogConfig.RELOAD_INTERVAL);
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      section.error("reload_interval", section.name("reload_interval") + ": must be 1s or longer");
    }
    return interval;
  }

  private static @Nullable SignatureKey key(Section catalog) {
    String text = catalog.text("public_key");
    try {
      return text == null ? null : SignatureKey.parse(text);
    } catch (IllegalArgumentException e) {
      catalog.error("public_key", e);
      return null;
    }
  }

  private static @Nullable CatalogConfig plainFile(Section processor) {
    String text = processor.text("catalog");
    if (text != null && text.matches("(?i)https?://.*")) {
      processor.error(
          "catalog", processor.name("catalog") + ": write a URL as catalog: {url: ...}");
      return null;
    }
    Path file = processor.file("catalog");
    return file == null ? null : CatalogConfig.of(file);
  }

  /** Returns {@code url}; null if it is missing, or has a fault, which is reported. */
  static @Nullable URI url(Section catalog) {
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
    catalog.error(
        "url",
        catalog.name("url") + ": must be http://host/... or https://host/..., without user info");
    return null;
  }
}
