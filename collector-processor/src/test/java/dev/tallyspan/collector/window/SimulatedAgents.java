package dev.tallyspan.collector.window;

import dev.tallyspan.collector.window.Instrumented.Position;
import dev.tallyspan.collector.window.Instrumented.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A run of agents with a known bill, as its instrumentations record it. Agents call models, in
 * parallel or one after the other, and tools, in which other agents run, perhaps in another
 * service. The same seed gives the same run.
 */
final class SimulatedAgents {

  private static final int MOST_DEPTH = 3;

  final List<Recorded> spans = new ArrayList<>();
  final List<TrueCall> bill = new ArrayList<>();

  /** Calls that were given up, which the provider may bill. */
  int unanswered;

  private final Random random;
  private final boolean otherTraces;
  private final boolean complete;
  private long lastId = 0;
  private long lastTrace = 1;
  private int lastGroup = 0;

  private SimulatedAgents(Random random, boolean otherTraces, boolean complete) {
    this.random = random;
    this.complete = complete;
    this.otherTraces = otherTraces;
  }

  /**
   * @param otherTraces whether the client's span may be in another trace than the framework's
   * @param complete whether all spans will arrive; otherwise, servers are simulated only where
   *     their spans are comparable with the framework's without the client's between
   */
  static SimulatedAgents run(Random random, boolean otherTraces, boolean complete) {
    SimulatedAgents run = new SimulatedAgents(random, otherTraces, complete);
    Recorded root = null;
    if (random.nextBoolean()) {
      root = run.add(Recorded.http(run.id()));
    }
    Instrumented app = run.service("app");
    long end = run.agent(app, root, 10, 0);
    if (root != null) {
      root.at(0, end + 10);
    }
    run.sendSomeAgain();
    return run;
  }

  /* Agents and tools. */

  private long agent(Instrumented how, @Nullable Recorded parent, long start, int depth) {
    int before = bill.size();
    Recorded agent =
        how.framework || random.nextBoolean()
            ? add(place(Recorded.agent("framework", id()), how, parent))
            : place(Recorded.http(id()), how, parent);
    if (!spans.contains(agent)) {
      add(agent);
    }
    long now = start + 5;
    int steps = 1 + random.nextInt(3);
    for (int step = 0; step < steps; step++) {
      now = step(how, agent, now, depth) + 3 + random.nextInt(20);
    }
    agent.at(start + how.skew, now + how.skew);
    if (how.sums != Sums.NONE && agent.name.startsWith("invoke_agent") && bill.size() > before) {
      sums(how, agent, bill.subList(before, bill.size()));
    }
    return now;
  }

  private void sums(Instrumented how, Recorded agent, List<TrueCall> calls) {
    long input = calls.stream().mapToLong(call -> call.input).sum();
    long output = calls.stream().mapToLong(call -> call.output).sum();
    if (how.sums == Sums.WRONG) {
      input = input * (1 + random.nextInt(3)) + random.nextInt(50);
      output = output / 2 + 1;
    }
    agent.with("gen_ai.provider.name", "acme").model("m").tokens(input, output);
  }

  private long step(Instrumented how, Recorded agent, long start, int depth) {
    int choice = random.nextInt(10);
    if (choice < 4) {
      return call(how, agent, start, anyCall(), 0);
    }
    if (choice < 6) {
      return parallel(how, agent, start);
    }
    if (choice == 6 && how.both() && how.position == Position.NESTED && how.frameworkHasUsage) {
      return sumOfCalls(how, agent, start);
    }
    if (choice == 7 && how.client) {
      return how.framework ? embeddings(how, agent, start) : polled(how, agent, start);
    }
    return tool(how, agent, start, depth);
  }

  private long tool(Instrumented how, Recorded agent, long start, int depth) {
    Recorded tool = add(place(Recorded.tool("framework", id()), how, agent));
    long end = start + 50;
    int choice = random.nextInt(4);
    if (choice == 0 && depth < MOST_DEPTH) {
      end = agent(how, tool, start + 2, depth + 1);
    } else if (choice == 1 && depth < MOST_DEPTH) {
      Recorded request = add(place(Recorded.http(id()), how, tool));
      Instrumented other = service("tools");
      Recorded served = add(place(Recorded.http(id()), other, request).kind(Recorded.SERVER));
      end = agent(other, served, start + 4, depth + 1);
      served.at(start + 3 + other.skew, end + 1 + other.skew);
      request.at(start + 2 + how.skew, end + 2 + how.skew);
    } else if (choice == 2) {
      end = call(how, tool, start + 2, anyCall(), 0);
    } else if (random.nextInt(4) == 0) {
      tool.failed("boom");
    }
    tool.at(start + how.skew, end + 3 + how.skew);
    return end + 3;
  }

  private long parallel(Instrumented how, Recorded agent, long start) {
    int calls = 2 + random.nextInt(3);
    TrueCall first = anyCall();
    int group = how.position == Position.SIBLING ? ++lastGroup : 0;
    long end = start;
    for (int i = 0; i < calls; i++) {
      TrueCall call = i == 0 ? first : first.again(answer());
      end = Math.max(end, call(how, agent, start + random.nextInt(100), call, group));
    }
    return end;
  }

  /* Calls. */

  private TrueCall anyCall() {
    long input = 20 + random.nextInt(5_000);
    long cacheRead = random.nextBoolean() ? random.nextInt((int) input) : 0;
    long cacheWrite = random.nextInt(3) == 0 ? random.nextInt((int) (input - cacheRead)) : 0;
    long output = 20 + random.nextInt(800);
    long reasoning = random.nextInt(3) == 0 ? random.nextInt((int) output) : 0;
    return new TrueCall("m", input, cacheRead, cacheWrite, output, reasoning, answer());
  }

  /** Records a call, with attempts that failed before it. */
  private long call(Instrumented how, Recorded parent, long start, TrueCall asked, int group) {
    if (random.nextInt(12) == 0) {
      return refused(how, parent, start);
    }
    boolean fellBack = how.client && how.frameworkIsPoorer && random.nextInt(8) == 0;
    TrueCall call =
        fellBack
            ? new TrueCall(
                "n",
                asked.input,
                asked.cacheRead,
                asked.cacheWrite,
                asked.output,
                asked.reasoning,
                asked.answer)
            : asked;
    call.parallel = group;
    bill.add(call);
    Recorded wrapper =
        how.wrapped ? add(place(Recorded.chat("framework", id()), how, parent)) : null;
    Recorded around = wrapper == null ? parent : wrapper;
    Recorded framework = how.framework ? framework(how, around, call, fellBack) : null;
    long now = start + 2;
    Recorded clientParent = around;
    Recorded between = null;
    if (framework != null && how.position == Position.NESTED) {
      clientParent = framework;
      if (how.spanBetween) {
        between = add(place(Recorded.http(id()), how, framework));
        clientParent = between;
      }
    }
    if (how.client) {
      boolean apart =
          how.position == Position.OTHER_TRACE || how.position == Position.OTHER_TRACE_UNPROVEN;
      if (!apart) {
        now = failedAttempts(how, clientParent, now, fellBack);
        if (framework != null && how.position == Position.NESTED && random.nextInt(8) == 0) {
          now = guardrail(how, clientParent, now);
        }
      }
      now = client(how, apart ? null : clientParent, now + random.nextInt(5), call);
    } else {
      now += 50 + random.nextInt(500);
    }
    long end = now + random.nextInt(6);
    if (framework != null) {
      framework.at(start + how.skew, end + how.skew);
    }
    if (between != null) {
      between.at(start + 1 + how.skew, end + how.skew);
    }
    if (wrapper != null) {
      wrapper.at(start - 1 + how.skew, end + 1 + how.skew);
    }
    return end + 1;
  }

  private Recorded framework(Instrumented how, Recorded parent, TrueCall call, boolean fellBack) {
    Recorded span = add(place(Recorded.chat("framework", id()), how, parent));
    span.with("gen_ai.provider.name", fellBack ? "acme" : call.provider());
    span.model(fellBack ? "m" : call.model);
    if (how.otherModelName && how.both() && how.frameworkIsPoorer) {
      span.model(how.position == Position.NESTED ? "our-deployment" : "acme/" + call.model);
    }
    if (!how.losesId || !how.both()) {
      span.answer(call.answer);
    }
    if (how.frameworkHasUsage) {
      tokens(how, span, call, how.frameworkIsPoorer);
    }
    return span;
  }

  /** Writes what an instrumentation knows of the tokens of a call. */
  private static void tokens(Instrumented how, Recorded span, TrueCall call, boolean poorer) {
    boolean losesCache = poorer && how.losesCache;
    long cached = call.cacheRead + call.cacheWrite;
    // With the cache's part beside it, a prompt is known to exclude it only if it is shorter.
    boolean exclusive =
        poorer && how.promptExclusive && (losesCache || call.input - cached < cached);
    boolean outputExclusive = poorer && how.outputExclusive;
    span.tokens(
        exclusive ? call.input - cached : call.input,
        outputExclusive ? call.output - call.reasoning : call.output);
    if (!losesCache) {
      if (call.cacheRead > 0) {
        span.cacheRead(call.cacheRead);
      }
      if (call.cacheWrite > 0) {
        span.cacheWrite(call.cacheWrite);
      }
      if (call.reasoning > 0) {
        span.reasoning(call.reasoning);
      }
    }
    if (span.hasTokens()) {
      call.counted.add(span);
      boolean lost = losesCache || exclusive || outputExclusive;
      if (!lost) {
        call.exact.add(span);
      }
    }
  }

  private long client(Instrumented how, @Nullable Recorded parent, long start, TrueCall call) {
    Recorded span = Recorded.chat("client", id()).model(call.model);
    span.with("gen_ai.provider.name", call.provider());
    if (parent == null) {
      span.trace(++lastTrace).service(how.service);
    } else {
      place(span, how, parent);
    }
    add(span);
    boolean provenByTrace = how.position != Position.OTHER_TRACE;
    if (!provenByTrace || random.nextInt(4) > 0) {
      span.answer(call.answer);
    }
    if (!how.streamsLoseUsage || random.nextBoolean()) {
      tokens(how, span, call, how.both() && !how.frameworkIsPoorer);
    }
    long end = start + 30 + random.nextInt(800);
    if (how.gateway) {
      gateway(how, span, start + 1, end - 1, call);
    }
    span.at(start + how.skew, end + how.skew);
    return end;
  }

  private void gateway(Instrumented how, Recorded client, long start, long end, TrueCall call) {
    Recorded http = add(place(Recorded.http(id()), how, client)).at(start, end);
    long skew = random.nextInt(101) - 50;
    Recorded gateway = add(called("gateway", "gateway", http, call)).kind(Recorded.SERVER);
    gateway.at(start + 2 + skew, end - 2 + skew);
    if (how.gatewayReportsCost) {
      gateway.reportedCost(call.cost().doubleValue());
    }
    if (how.gatewayClient) {
      Recorded onwards = add(called("gateway-client", "gateway", gateway, call));
      onwards.at(start + 3 + skew, end - 3 + skew);
      if (how.server) {
        long serverSkew = random.nextInt(101) - 50;
        add(called("server", "server", onwards, call))
            .kind(Recorded.SERVER)
            .at(start + 4 + serverSkew, end - 4 + serverSkew);
      }
    }
  }

  private Recorded called(String scope, String service, Recorded parent, TrueCall call) {
    Recorded span = Recorded.chat(scope, id()).in(parent).service(service).model(call.model);
    span.with("gen_ai.provider.name", call.provider());
    span.tokens(call.input, call.output);
    call.counted.add(span);
    return random.nextBoolean() ? span.answer(call.answer) : span;
  }

  private long failedAttempts(Instrumented how, Recorded parent, long start, boolean fellBack) {
    long now = start;
    if (fellBack || random.nextInt(8) == 0) {
      add(place(Recorded.chat("client", id()), how, parent))
          .refused()
          .at(now + how.skew, now + 20 + how.skew);
      now += 25;
    }
    if (random.nextInt(10) == 0) {
      add(place(Recorded.chat("client", id()), how, parent))
          .failed("timeout")
          .at(now + how.skew, now + 90 + how.skew);
      unanswered++;
      now += 95;
    }
    return now;
  }

  private long guardrail(Instrumented how, Recorded parent, long start) {
    long input = 200 + random.nextInt(200);
    TrueCall call = new TrueCall("mini", input, 0, 0, 1 + random.nextInt(9), 0, answer());
    bill.add(call);
    Recorded span = add(place(Recorded.chat("client", id()), how, parent)).model("mini");
    span.answer(call.answer).tokens(call.input, call.output);
    call.exact.add(span);
    call.counted.add(span);
    span.at(start + how.skew, start + 10 + how.skew);
    return start + 12;
  }

  /** A chat of the framework around several calls, with their tokens. */
  private long sumOfCalls(Instrumented how, Recorded parent, long start) {
    Recorded around =
        how.wrapped ? add(place(Recorded.chat("framework", id()), how, parent)) : null;
    Recorded span =
        add(place(Recorded.chat("framework", id()), how, around == null ? parent : around));
    long now = start + 2;
    List<TrueCall> calls = new ArrayList<>();
    int count = 2 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      TrueCall call = anyCall();
      calls.add(call);
      bill.add(call);
      Recorded inner = add(place(Recorded.chat("client", id()), how, span));
      inner.answer(call.answer).at(now + how.skew, now + 100 + how.skew);
      tokens(how, inner, call, false);
      now += 110;
    }
    span.tokens(
        calls.stream().mapToLong(call -> call.input).sum(),
        calls.stream().mapToLong(call -> call.output).sum());
    if (random.nextBoolean()) {
      span.answer(calls.get(count - 1).answer);
    }
    if (random.nextBoolean()) {
      span.cacheRead(calls.stream().mapToLong(call -> call.cacheRead).sum());
    }
    span.at(start + how.skew, now + how.skew);
    if (around != null) {
      around.at(start - 1 + how.skew, now + 1 + how.skew);
    }
    return now + 2;
  }

  private long embeddings(Instrumented how, Recorded parent, long start) {
    TrueCall call = new TrueCall("embed", 10 + random.nextInt(500), 0, 0, 0, 0, "");
    bill.add(call);
    Recorded outer = add(place(Recorded.embeddings("framework", id()), how, parent));
    outer.at(start + how.skew, start + 30 + how.skew);
    Recorded inner = add(place(Recorded.embeddings("client", id()), how, outer));
    inner.with("gen_ai.usage.input_tokens", call.input);
    inner.at(start + 1 + how.skew, start + 29 + how.skew);
    call.exact.add(inner);
    call.counted.add(inner);
    return start + 31;
  }

  private long polled(Instrumented how, Recorded parent, long start) {
    TrueCall call = anyCall();
    bill.add(call);
    long now = start;
    int polls = 1 + random.nextInt(3);
    for (int i = 0; i <= polls; i++) {
      Recorded span = add(place(Recorded.chat("client", id()), how, parent)).answer(call.answer);
      span.at(now + how.skew, now + 20 + how.skew);
      if (i == polls) {
        tokens(how, span, call, false);
      }
      now += 500;
    }
    return now;
  }

  private long refused(Instrumented how, Recorded parent, long start) {
    Recorded outer = parent;
    if (how.framework) {
      outer = add(place(Recorded.chat("framework", id()), how, parent)).refused();
      outer.at(start + how.skew, start + 22 + how.skew);
    }
    if (how.client) {
      add(place(
              Recorded.chat("client", id()), how, how.position == Position.NESTED ? outer : parent))
          .refused()
          .at(start + 1 + how.skew, start + 21 + how.skew);
    }
    return start + 23;
  }

  /* Spans that are sent more than once. */

  private void sendSomeAgain() {
    List<Recorded> again = new ArrayList<>();
    for (Recorded span : spans) {
      int choice = random.nextInt(20);
      if (choice == 0) {
        again.add(span.copy());
      } else if (choice == 1) {
        Recorded snapshot = span.copy();
        snapshot.at(span.start, span.start);
        snapshot.attributes.keySet().removeIf(key -> key.startsWith("gen_ai.usage."));
        again.add(snapshot.without("gen_ai.response.id"));
      }
    }
    spans.addAll(again);
  }

  /* Parts of spans. */

  private Instrumented service(String name) {
    return new Instrumented(random, name, otherTraces, complete);
  }

  private Recorded add(Recorded span) {
    spans.add(span);
    return span;
  }

  private static Recorded place(Recorded span, Instrumented how, @Nullable Recorded parent) {
    span.service(how.service);
    return parent == null ? span : span.in(parent);
  }

  private long id() {
    return ++lastId;
  }

  private String answer() {
    return "chatcmpl-" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }
}
