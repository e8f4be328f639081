package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;

/**
 * What the refusals of a backend mean, and what an exporter's own refusals say.
 *
 * @param exporter the id of the exporter
 * @param patient whether refusals because of the sender or the address are temporary
 */
record Refusals(String exporter, boolean patient) {

  Outcome.Refused of(StatusCode code, String why) {
    return new Outcome.Refused(code, message(why), /* retryAfter= */ null);
  }

  String message(String what) {
    return "exporter " + exporter + ": " + what;
  }

  /** Whether the same request may be sent again. */
  boolean mayRetry(Outcome.Refused refused) {
    return refused.retryable()
        || (patient
            && switch (refused.code()) {
              case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED -> true;
              default -> false;
            });
  }

  /**
   * Whether a part of what was refused may be valid. For other codes, such as for a wrong API key,
   * a backend refuses all requests.
   */
  boolean isWorthDividing(Outcome.Refused refused) {
    return switch (refused.code()) {
      case INVALID_ARGUMENT, RESOURCE_EXHAUSTED, FAILED_PRECONDITION, UNKNOWN -> true;
      default -> false;
    };
  }
}
