package dev.tallyspan.collector.queue.log;

/**
 * Whether a log can store entries at the moment.
 *
 * @param ok false after a write failed, until one succeeds
 * @param reason why not, in English; empty if {@code ok}
 */
public record Health(boolean ok, String reason) {

  static final Health OK = new Health(true, "");
}
