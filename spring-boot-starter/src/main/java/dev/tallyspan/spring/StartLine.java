package dev.tallyspan.spring;

import dev.tallyspan.semconv.content.ContentPolicy;
import java.lang.System.Logger.Level;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** One line in the log when the application is ready, so that it is known what is installed. */
final class StartLine implements ApplicationListener<ApplicationReadyEvent> {

  private static final System.Logger LOGGER = System.getLogger("dev.tallyspan.spring.Tallyspan");

  private final Prices prices;
  private final ObjectProvider<ContentPolicy> policy;

  StartLine(Prices prices, ObjectProvider<ContentPolicy> policy) {
    this.prices = prices;
    this.policy = policy;
  }

  /** The catalog may still be loading, so the application does not wait for the line. */
  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    Thread thread =
        new Thread(
            () -> LOGGER.log(Level.INFO, Installation.of(prices, policy.getIfAvailable()).line()),
            "tallyspan-start");
    thread.setDaemon(true);
    thread.start();
  }
}
