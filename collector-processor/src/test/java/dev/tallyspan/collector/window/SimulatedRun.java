package dev.tallyspan.collector.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a simulated run has recorded so far, and its bill. */
final class SimulatedRun {

  final List<Recorded> spans = new ArrayList<>();
  final List<TrueCall> bill = new ArrayList<>();

  /** Calls that were given up, which the provider may bill. */
  int unanswered;

  final Random random;
  private long lastId = 0;
  private long lastTrace = 1;
  private int lastGroup = 0;

  SimulatedRun(Random random) {
    this.random = random;
  }

  Recorded add(Recorded span) {
    spans.add(span);
    return span;
  }

  static Recorded place(Recorded span, Instrumented how, @Nullable Recorded parent) {
    span.service(how.service);
    return parent == null ? span : span.in(parent);
  }

  long id() {
    return ++lastId;
  }

  long newTrace() {
    return ++lastTrace;
  }

  int newGroup() {
    return ++lastGroup;
  }

  String answer() {
    return "chatcmpl-" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }
}
