package dev.tallyspan.collector.scoring;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A service that scores operations.
 *
 * @param url {@code http} or {@code https}; never logged, because it may contain a key
 * @param headers of each request
 * @param timeout of a request, until its response is complete
 * @param selection which operations it gets
 * @param share of the traces that it gets, 0 to 1; which ones depends on the trace id alone
 * @param batchSize the most operations in a request
 * @param queueSize how many operations may wait; further ones are not scored
 * @param queueBytes how many bytes of them may wait
 */
public record WebhookSettings(
    URI url,
    Map<String, String> headers,
    Duration timeout,
    Selection selection,
    double share,
    int batchSize,
    int queueSize,
    long queueBytes) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public WebhookSettings {
    requireNonNull(url, "url");
    headers = Map.copyOf(headers);
    requireNonNull(timeout, "timeout");
    requireNonNull(selection, "selection");
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share=" + share + ": must be from 0 to 1");
    }
    if (batchSize < 1 || queueSize < 1 || queueBytes < 1) {
      throw new IllegalArgumentException(
          "batchSize="
              + batchSize
              + ", queueSize="
              + queueSize
              + ", queueBytes="
              + queueBytes
              + ": must be positive");
    }
  }

  /** Leaves out the URL and the headers, which may contain keys. */
  @Override
  public String toString() {
    return "WebhookSettings[timeout=" + timeout + ", share=" + share + "]";
  }
}
