package dev.tallyspan.pricing;

/** A price catalog that cannot be used; the message says where, what, and how to mend it. */
public final class CatalogException extends Exception {
  CatalogException(String message) {
    super(message);
  }

  CatalogException(String message, Throwable cause) {
    super(message, cause);
  }
}
