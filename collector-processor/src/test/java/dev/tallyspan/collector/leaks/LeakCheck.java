package dev.tallyspan.collector.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class of those that use the network if Netty has found a leak; JUnit finds this
 * class by itself. The leak may be that of an earlier class: its records say where the buffer was
 * used.
 */
public final class LeakCheck implements AfterAllCallback {

  private static final List<String> PACKAGES =
      List.of(
          "dev.tallyspan.collector.receiver",
          "dev.tallyspan.collector.exporter",
          "dev.tallyspan.collector.listen",
          "dev.tallyspan.collector.server");

  @Override
  public void afterAll(ExtensionContext context) {
    if (PACKAGES.contains(context.getRequiredTestClass().getPackageName())) {
      assertThat(RecordingLeakDetector.leaks()).isEmpty();
    }
  }
}
