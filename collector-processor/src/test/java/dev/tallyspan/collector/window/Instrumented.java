package dev.tallyspan.collector.window;

import java.util.Random;

/**
 * How a simulated service is instrumented: by a framework, by the client library that it uses, or
 * by both; and what each of them loses of what the provider said. At least one of them loses
 * nothing that has a price.
 */
final class Instrumented {

  /** Where the client's span is, as seen from the framework's. */
  enum Position {
    NESTED,
    SIBLING,
    /** A root in a trace of its own, with the same response id. */
    OTHER_TRACE,
    /** A root in a trace of its own, without a common id: nothing proves that it is one call. */
    OTHER_TRACE_UNPROVEN
  }

  enum Sums {
    NONE,
    RIGHT,
    WRONG
  }

  final String service;

  /** What is added to all times, because the clock of the service differs; milliseconds. */
  final long skew;

  final boolean framework;
  final boolean client;
  final Position position;
  final boolean frameworkIsPoorer;
  final boolean losesId;
  final boolean losesCache;
  final boolean promptExclusive;
  final boolean outputExclusive;
  final boolean otherModelName;
  final boolean frameworkHasUsage;
  final boolean wrapped;
  final boolean spanBetween;
  final boolean streamsLoseUsage;
  final boolean gateway;
  final boolean gatewayClient;
  final boolean server;
  final boolean gatewayReportsCost;
  final Sums sums;

  Instrumented(Random random, String service, boolean otherTraces, boolean complete) {
    this.service = service;
    this.skew = service.equals("app") ? 0 : random.nextInt(101) - 50;
    int present = random.nextInt(4);
    this.framework = present != 0;
    this.client = present != 1;
    boolean both = framework && client;
    Position[] positions = Position.values();
    this.position =
        !both
            ? Position.NESTED
            : otherTraces ? positions[random.nextInt(4)] : positions[random.nextInt(2)];
    boolean apart = position.ordinal() >= Position.OTHER_TRACE.ordinal();
    this.gateway =
        client && !service.equals("tools") && (complete || !apart) && random.nextInt(3) == 0;
    this.frameworkIsPoorer = random.nextInt(4) > 0;
    this.losesId =
        position == Position.OTHER_TRACE_UNPROVEN
            || position != Position.OTHER_TRACE && random.nextBoolean();
    this.losesCache = both && random.nextBoolean();
    boolean related = complete || !gateway; // what a server knows can be compared with
    this.promptExclusive = related && both && frameworkIsPoorer && random.nextInt(3) == 0;
    this.outputExclusive = !gateway && both && losesCache && random.nextInt(4) == 0;
    this.otherModelName = random.nextBoolean();
    this.frameworkHasUsage =
        !both || position != Position.NESTED || !frameworkIsPoorer || random.nextInt(4) > 0;
    this.wrapped = framework && random.nextInt(4) == 0;
    this.spanBetween = random.nextInt(4) == 0;
    this.streamsLoseUsage =
        both
            && !frameworkIsPoorer
            && position != Position.OTHER_TRACE_UNPROVEN
            && random.nextBoolean();
    this.gatewayClient = random.nextBoolean();
    this.server = random.nextBoolean();
    this.gatewayReportsCost = random.nextInt(3) == 0;
    this.sums = Sums.values()[random.nextInt(3)];
  }

  boolean both() {
    return framework && client;
  }
}
