package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.server.CollectorServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration again, and lets the server run it, when the process receives {@code
 * SIGHUP} or, if that is asked for, when the file changes. A configuration that is not valid or
 * cannot run leaves the server as it is.
 */
final class Reload {

  /** Reads the configuration. */
  @FunctionalInterface
  interface Source {
    CollectorConfig read() throws ConfigException;
  }

  /** How often the file is looked at. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");

  private final Source source;
  private final CollectorServer server;
  private final Notices notices;
  private final InstantSource clock;
  private final LongCounter reloads;
  private volatile String last = "";

  Reload(Source source, CollectorServer server, Notices notices, Meter meter, InstantSource clock) {
    this.source = source;
    this.server = server;
    this.notices = notices;
    this.clock = clock;
    reloads =
        meter
            .counterBuilder("tallyspan.config.reloads")
            .setDescription("Reloads of the configuration.")
            .setUnit("{reload}")
            .build();
    reloads.add(0, Attributes.of(RESULT, "loaded"));
    reloads.add(0, Attributes.of(RESULT, "rejected"));
  }

  /** What happened at the last reload, for people; empty if there was none. */
  String last() {
    return last;
  }

  /**
   * Reloads when the process receives {@code SIGHUP}; does nothing where there is no such signal.
   */
  void onSignal() {
    Hangup.handle(this::run);
  }

  /** Reloads when the file has another time or size, for as long as the process runs. */
  void onChange(Path file) {
    Thread thread =
        new Thread(
            () -> {
              String seen = state(file);
              while (true) {
                try {
                  Thread.sleep(INTERVAL.toMillis());
                } catch (InterruptedException e) {
                  return;
                }
                String now = state(file);
                if (now != null && !now.equals(seen)) {
                  seen = now;
                  run();
                }
              }
            },
            "tallyspan-config");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns null if there is no file, for example while it is replaced. */
  private static @Nullable String state(Path file) {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      return time + " " + Files.size(file) + " " + file.toRealPath();
    } catch (IOException e) {
      return null;
    }
  }

  /** Reloads once. Never throws, unless neither configuration can run: then the process ends. */
  synchronized void run() {
    try {
      CollectorConfig before = server.config();
      CollectorConfig next = source.read();
      next.warnings().forEach(warning -> notices.warn(warning.toString()));
      check(before, next);
      server.replace(next);
      notices.info(result("loaded", "the configuration was reloaded"));
    } catch (ConfigException | IOException | IllegalArgumentException e) {
      String text = "the new configuration is not used, the previous one still runs: ";
      notices.warn(result("rejected", text + e.getMessage()));
    } catch (IllegalStateException e) {
      notices.warn("the collector ends: " + e.getMessage());
      System.exit(2);
    }
  }

  private String result(String result, String text) {
    reloads.add(1, Attributes.of(RESULT, result));
    last = Instant.ofEpochSecond(clock.instant().getEpochSecond()) + ": " + text;
    return text;
  }

  /** Some settings belong to the process. */
  private void check(CollectorConfig before, CollectorConfig next) {
    if (!before.storage().equals(next.storage())) {
      throw new IllegalArgumentException("storage has changed, which needs a restart");
    }
    if (!before.telemetry().equals(next.telemetry())
        || !before.healthChecks().equals(next.healthChecks())) {
      notices.warn("service.telemetry or health_check has changed, which needs a restart");
    }
  }
}
