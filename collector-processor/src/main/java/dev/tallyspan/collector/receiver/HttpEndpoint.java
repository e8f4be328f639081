package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.scoreapi.ScoreEndpoint;

/** What a path of the HTTP server takes. */
sealed interface HttpEndpoint {

  /** Requests of OTLP. */
  record Otlp(Signal signal) implements HttpEndpoint {}

  /** Scores, in the form of another API. */
  record Scores(ScoreEndpoint of) implements HttpEndpoint {}
}
