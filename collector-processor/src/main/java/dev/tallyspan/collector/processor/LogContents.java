package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.wire.KeyPrefixes;
import dev.tallyspan.collector.wire.LogRewriter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.read.LogJoin;
import dev.tallyspan.semconv.read.Normalizer;

/** Takes the messages of spans out of log requests. */
public final class LogContents {

  private static final LogRewriter LOGS =
      new LogRewriter(KeyPrefixes.none(), KeyPrefixes.of(Normalizer.logEventPrefixes()));

  private LogContents() {}

  /**
   * Keeps in {@code join} what the records of a log request say of their spans.
   *
   * @throws MalformedRequestException if it is no such request
   */
  public static void collect(byte[] request, LogJoin join) throws MalformedRequestException {
    LOGS.rewrite(request, 0, request.length, (log, edits) -> join.keep(new WireLogView(log)));
  }
}
