package dev.tallyspan.adk;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why something failed. ADK sets the status of the span, and records the exception as an event. */
final class Errors {

  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private Errors() {}

  /** Records the class of the error, or of its cause if it only wraps one. */
  static void record(Span span, Throwable error) {
    boolean wraps = error instanceof ExecutionException || error instanceof CompletionException;
    Throwable cause = wraps && error.getCause() != null ? error.getCause() : error;
    span.setAttribute(ERROR_TYPE, cause.getClass().getName());
  }
}
