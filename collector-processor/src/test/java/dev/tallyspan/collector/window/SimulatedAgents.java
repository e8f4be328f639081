package dev.tallyspan.collector.window;

import static dev.tallyspan.collector.window.SimulatedRun.place;

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

  private final SimulatedRun run;
  private final SimulatedCalls calls;
  private final boolean otherTraces;
  private final boolean complete;

  private SimulatedAgents(SimulatedRun run, boolean otherTraces, boolean complete) {
    this.run = run;
    this.calls = new SimulatedCalls(run);
    this.otherTraces = otherTraces;
    this.complete = complete;
  }

  /**
   * @param otherTraces whether the client's span may be in another trace than the framework's
   * @param complete whether all spans will arrive; otherwise, servers are simulated only where
   *     their spans are comparable with the framework's without the client's between
   */
  static SimulatedRun run(Random random, boolean otherTraces, boolean complete) {
    SimulatedRun run = new SimulatedRun(random);
    SimulatedAgents agents = new SimulatedAgents(run, otherTraces, complete);
    Recorded root = random.nextBoolean() ? run.add(Recorded.http(run.id())) : null;
    long end = agents.agent(agents.service("app"), root, 10, 0);
    if (root != null) {
      root.at(0, end + 10);
    }
    agents.sendSomeAgain();
    return run;
  }

  private Instrumented service(String name) {
    return new Instrumented(run.random, name, otherTraces, complete);
  }

  private long agent(Instrumented how, @Nullable Recorded parent, long start, int depth) {
    int before = run.bill.size();
    Recorded agent =
        how.framework || run.random.nextBoolean()
            ? run.add(place(Recorded.agent("framework", run.id()), how, parent))
            : place(Recorded.http(run.id()), how, parent);
    if (!run.spans.contains(agent)) {
      run.add(agent);
    }
    long now = start + 5;
    int steps = 1 + run.random.nextInt(3);
    for (int step = 0; step < steps; step++) {
      now = step(how, agent, now, depth) + 3 + run.random.nextInt(20);
    }
    agent.at(start + how.skew, now + how.skew);
    if (how.sums != Sums.NONE
        && agent.name.startsWith("invoke_agent")
        && run.bill.size() > before) {
      sums(how, agent, run.bill.subList(before, run.bill.size()));
    }
    return now;
  }

  private void sums(Instrumented how, Recorded agent, List<TrueCall> summed) {
    long input = summed.stream().mapToLong(call -> call.input).sum();
    long output = summed.stream().mapToLong(call -> call.output).sum();
    if (how.sums == Sums.WRONG) {
      input = input * (1 + run.random.nextInt(3)) + run.random.nextInt(50);
      output = output / 2 + 1;
    }
    agent.with("gen_ai.provider.name", "acme").model("m").tokens(input, output);
  }

  private long step(Instrumented how, Recorded agent, long start, int depth) {
    int choice = run.random.nextInt(10);
    if (choice < 4) {
      return calls.call(how, agent, start, calls.anyCall(), 0);
    }
    if (choice < 6) {
      return calls.parallel(how, agent, start);
    }
    if (choice == 6 && how.both() && how.position == Position.NESTED && how.frameworkHasUsage) {
      return calls.sumOfCalls(how, agent, start);
    }
    if (choice == 7 && how.client) {
      return how.framework ? calls.embeddings(how, agent, start) : calls.polled(how, agent, start);
    }
    return tool(how, agent, start, depth);
  }

  private long tool(Instrumented how, Recorded agent, long start, int depth) {
    Recorded tool = run.add(place(Recorded.tool("framework", run.id()), how, agent));
    long end = start + 50;
    int choice = run.random.nextInt(4);
    if (choice == 0 && depth < MOST_DEPTH) {
      end = agent(how, tool, start + 2, depth + 1);
    } else if (choice == 1 && depth < MOST_DEPTH) {
      Recorded request = run.add(place(Recorded.http(run.id()), how, tool));
      Instrumented other = service("tools");
      Recorded served =
          run.add(place(Recorded.http(run.id()), other, request).kind(Recorded.SERVER));
      end = agent(other, served, start + 4, depth + 1);
      served.at(start + 3 + other.skew, end + 1 + other.skew);
      request.at(start + 2 + how.skew, end + 2 + how.skew);
    } else if (choice == 2) {
      end = calls.call(how, tool, start + 2, calls.anyCall(), 0);
    } else if (run.random.nextInt(4) == 0) {
      tool.failed("boom");
    }
    tool.at(start + how.skew, end + 3 + how.skew);
    return end + 3;
  }

  private void sendSomeAgain() {
    List<Recorded> again = new ArrayList<>();
    for (Recorded span : run.spans) {
      int choice = run.random.nextInt(20);
      if (choice == 0) {
        again.add(span.copy());
      } else if (choice == 1) {
        Recorded snapshot = span.copy();
        snapshot.at(span.start, span.start);
        snapshot.attributes.keySet().removeIf(key -> key.startsWith("gen_ai.usage."));
        again.add(snapshot.without("gen_ai.response.id"));
      }
    }
    run.spans.addAll(again);
  }
}
