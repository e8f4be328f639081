package dev.tallyspan.collector;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Turns logging off for tests that let things fail on purpose. */
public final class SilentLogs implements BeforeAllCallback, AfterAllCallback {

  // A field, because a level is forgotten with its logger.
  private static final Logger LOGGER = Logger.getLogger("dev.tallyspan.collector");

  @Override
  public void beforeAll(ExtensionContext context) {
    LOGGER.setLevel(Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    LOGGER.setLevel(null);
  }
}
