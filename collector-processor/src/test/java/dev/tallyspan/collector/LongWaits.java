package dev.tallyspan.collector;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What tests wait for comes, however busy the machine is: a wait without a limit of its own gives
 * up after a minute instead of ten seconds. JUnit finds this class by itself.
 */
public final class LongWaits implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }
}
