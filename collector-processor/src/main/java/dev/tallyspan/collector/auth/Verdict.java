package dev.tallyspan.collector.auth;

import dev.tallyspan.collector.flow.Sender;

/** What an authenticator says about the credentials of a request. */
public sealed interface Verdict {

  /** The credentials are valid. */
  record Accepted(Sender sender) implements Verdict {}

  /** The credentials are not valid. */
  enum Rejected implements Verdict {
    /** The request has none, or none in the form that the authenticator knows. */
    MISSING,
    /** Nothing matches them. */
    WRONG
  }

  /** The check could not be made. The sender should try again. */
  enum Unknown implements Verdict {
    /** Too many checks wait. */
    BUSY
  }
}
