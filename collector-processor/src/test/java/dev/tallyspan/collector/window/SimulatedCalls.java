package dev.tallyspan.collector.window;

import static dev.tallyspan.collector.window.SimulatedRun.place;

import dev.tallyspan.collector.window.Instrumented.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the calls of a simulated run, as a framework, a client library, a gateway, and a server
 * see them. Each method takes when to start, and returns when it ended, in milliseconds.
 */
final class SimulatedCalls {

  private final SimulatedRun run;

  SimulatedCalls(SimulatedRun run) {
    this.run = run;
  }

  long parallel(Instrumented how, Recorded agent, long start) {
    int calls = 2 + run.random.nextInt(3);
    TrueCall first = anyCall();
    int group = how.position == Position.SIBLING ? run.newGroup() : 0;
    long end = start;
    for (int i = 0; i < calls; i++) {
      TrueCall call = i == 0 ? first : first.again(run.answer());
      end = Math.max(end, call(how, agent, start + run.random.nextInt(100), call, group));
    }
    return end;
  }

  TrueCall anyCall() {
    long input = 20 + run.random.nextInt(5_000);
    long cacheRead = run.random.nextBoolean() ? run.random.nextInt((int) input) : 0;
    long cacheWrite =
        run.random.nextInt(3) == 0 ? run.random.nextInt((int) (input - cacheRead)) : 0;
    long output = 20 + run.random.nextInt(800);
    long reasoning = run.random.nextInt(3) == 0 ? run.random.nextInt((int) output) : 0;
    return new TrueCall("m", input, cacheRead, cacheWrite, output, reasoning, run.answer());
  }

  /** Records a call, with attempts that failed before it. */
  long call(Instrumented how, Recorded parent, long start, TrueCall asked, int group) {
    if (run.random.nextInt(12) == 0) {
      return refused(how, parent, start);
    }
    // Of equal parallel calls beside their twins, nothing shows which one fell back.
    boolean fellBack =
        group == 0 && how.client && how.frameworkIsPoorer && run.random.nextInt(8) == 0;
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
    run.bill.add(call);
    Recorded wrapper =
        how.wrapped ? run.add(place(Recorded.chat("framework", run.id()), how, parent)) : null;
    Recorded around = wrapper == null ? parent : wrapper;
    Recorded framework = how.framework ? framework(how, around, call, fellBack) : null;
    long now = start + 2;
    Recorded clientParent = around;
    Recorded between = null;
    if (framework != null && how.position == Position.NESTED) {
      clientParent = framework;
      if (how.spanBetween) {
        between = run.add(place(Recorded.http(run.id()), how, framework));
        clientParent = between;
      }
    }
    if (how.client) {
      boolean apart =
          how.position == Position.OTHER_TRACE || how.position == Position.OTHER_TRACE_UNPROVEN;
      if (!apart) {
        now = failedAttempts(how, clientParent, now, fellBack);
        if (framework != null && how.position == Position.NESTED && run.random.nextInt(8) == 0) {
          now = guardrail(how, clientParent, now);
        }
      }
      now = client(how, apart ? null : clientParent, now + run.random.nextInt(5), call);
    } else {
      now += 50 + run.random.nextInt(500);
    }
    long end = now + run.random.nextInt(6);
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
    Recorded span = run.add(place(Recorded.chat("framework", run.id()), how, parent));
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
    Recorded span = Recorded.chat("client", run.id()).model(call.model);
    span.with("gen_ai.provider.name", call.provider());
    if (parent == null) {
      span.trace(run.newTrace()).service(how.service);
    } else {
      place(span, how, parent);
    }
    run.add(span);
    boolean provenByTrace = how.position != Position.OTHER_TRACE;
    if (!provenByTrace || run.random.nextInt(4) > 0) {
      span.answer(call.answer);
    }
    if (!how.streamsLoseUsage || run.random.nextBoolean()) {
      tokens(how, span, call, how.both() && !how.frameworkIsPoorer);
    }
    long end = start + 30 + run.random.nextInt(800);
    if (how.gateway) {
      gateway(how, span, start + 1, end - 1, call);
    }
    span.at(start + how.skew, end + how.skew);
    return end;
  }

  private void gateway(Instrumented how, Recorded client, long start, long end, TrueCall call) {
    Recorded http = run.add(place(Recorded.http(run.id()), how, client)).at(start, end);
    long skew = run.random.nextInt(101) - 50;
    Recorded gateway = run.add(called("gateway", "gateway", http, call)).kind(Recorded.SERVER);
    gateway.at(start + 2 + skew, end - 2 + skew);
    if (how.gatewayReportsCost) {
      gateway.reportedCost(call.cost().doubleValue());
    }
    if (how.gatewayClient) {
      Recorded onwards = run.add(called("gateway-client", "gateway", gateway, call));
      onwards.at(start + 3 + skew, end - 3 + skew);
      if (how.server) {
        long serverSkew = run.random.nextInt(101) - 50;
        run.add(called("server", "server", onwards, call))
            .kind(Recorded.SERVER)
            .at(start + 4 + serverSkew, end - 4 + serverSkew);
      }
    }
  }

  private Recorded called(String scope, String service, Recorded parent, TrueCall call) {
    Recorded span = Recorded.chat(scope, run.id()).in(parent).service(service).model(call.model);
    span.with("gen_ai.provider.name", call.provider());
    span.tokens(call.input, call.output);
    call.counted.add(span);
    return run.random.nextBoolean() ? span.answer(call.answer) : span;
  }

  private long failedAttempts(Instrumented how, Recorded parent, long start, boolean fellBack) {
    long now = start;
    if (fellBack || run.random.nextInt(8) == 0) {
      run.add(place(Recorded.chat("client", run.id()), how, parent))
          .refused()
          .at(now + how.skew, now + 20 + how.skew);
      now += 25;
    }
    if (run.random.nextInt(10) == 0) {
      run.add(place(Recorded.chat("client", run.id()), how, parent))
          .failed("timeout")
          .at(now + how.skew, now + 90 + how.skew);
      run.unanswered++;
      now += 95;
    }
    return now;
  }

  private long guardrail(Instrumented how, Recorded parent, long start) {
    long input = 200 + run.random.nextInt(200);
    TrueCall call = new TrueCall("mini", input, 0, 0, 1 + run.random.nextInt(9), 0, run.answer());
    run.bill.add(call);
    Recorded span = run.add(place(Recorded.chat("client", run.id()), how, parent)).model("mini");
    span.answer(call.answer).tokens(call.input, call.output);
    call.exact.add(span);
    call.counted.add(span);
    span.at(start + how.skew, start + 10 + how.skew);
    return start + 12;
  }

  /** A chat of the framework around several calls, with their tokens. */
  long sumOfCalls(Instrumented how, Recorded parent, long start) {
    Recorded around =
        how.wrapped ? run.add(place(Recorded.chat("framework", run.id()), how, parent)) : null;
    Recorded span =
        run.add(place(Recorded.chat("framework", run.id()), how, around == null ? parent : around));
    long now = start + 2;
    List<TrueCall> calls = new ArrayList<>();
    int count = 2 + run.random.nextInt(2);
    for (int i = 0; i < count; i++) {
      TrueCall call = anyCall();
      calls.add(call);
      run.bill.add(call);
      Recorded inner = run.add(place(Recorded.chat("client", run.id()), how, span));
      inner.answer(call.answer).at(now + how.skew, now + 100 + how.skew);
      tokens(how, inner, call, false);
      now += 110;
    }
    span.tokens(
        calls.stream().mapToLong(call -> call.input).sum(),
        calls.stream().mapToLong(call -> call.output).sum());
    if (run.random.nextBoolean()) {
      span.answer(calls.get(count - 1).answer);
    }
    if (run.random.nextBoolean()) {
      span.cacheRead(calls.stream().mapToLong(call -> call.cacheRead).sum());
    }
    span.at(start + how.skew, now + how.skew);
    if (around != null) {
      around.at(start - 1 + how.skew, now + 1 + how.skew);
    }
    return now + 2;
  }

  long embeddings(Instrumented how, Recorded parent, long start) {
    TrueCall call = new TrueCall("embed", 10 + run.random.nextInt(500), 0, 0, 0, 0, "");
    run.bill.add(call);
    Recorded outer = run.add(place(Recorded.embeddings("framework", run.id()), how, parent));
    outer.at(start + how.skew, start + 30 + how.skew);
    Recorded inner = run.add(place(Recorded.embeddings("client", run.id()), how, outer));
    inner.with("gen_ai.usage.input_tokens", call.input);
    inner.at(start + 1 + how.skew, start + 29 + how.skew);
    call.exact.add(inner);
    call.counted.add(inner);
    return start + 31;
  }

  long polled(Instrumented how, Recorded parent, long start) {
    TrueCall call = anyCall();
    run.bill.add(call);
    long now = start;
    int polls = 1 + run.random.nextInt(3);
    for (int i = 0; i <= polls; i++) {
      Recorded span =
          run.add(place(Recorded.chat("client", run.id()), how, parent)).answer(call.answer);
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
      outer = run.add(place(Recorded.chat("framework", run.id()), how, parent)).refused();
      outer.at(start + how.skew, start + 22 + how.skew);
    }
    if (how.client) {
      run.add(
              place(
                  Recorded.chat("client", run.id()),
                  how,
                  how.position == Position.NESTED ? outer : parent))
          .refused()
          .at(start + 1 + how.skew, start + 21 + how.skew);
    }
    return start + 23;
  }
}
