package dev.tallyspan.collector.fuzz;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;

/**
 * Ends a property after a time, which jqwik cannot: {@code fuzz.minutes} is for each property, with
 * as many tries as there is time for.
 */
public class FuzzBudget implements AroundTryHook {

  private static final String MINUTES = System.getProperty("fuzz.minutes", "");

  private static final Map<Method, Spent> SPENT = new ConcurrentHashMap<>();

  private static final class Spent {
    private final long start = System.nanoTime();
    private int tries;
  }

  /** For properties that use sockets: 300 tries in the build, a tenth of {@code fuzz.tries}. */
  public static final class Sockets extends FuzzBudget {
    @Override
    int mostTries() {
      int tries = Integer.getInteger("fuzz.tries", 3000);
      return Math.max(1, tries / 10);
    }
  }

  int mostTries() {
    return Integer.MAX_VALUE;
  }

  @Override
  public TryExecutionResult aroundTry(
      TryLifecycleContext context, TryExecutor property, List<Object> parameters) {
    TryExecutionResult result = property.execute(parameters);
    Spent spent = SPENT.computeIfAbsent(context.targetMethod(), method -> new Spent());
    spent.tries++;
    boolean over =
        MINUTES.isEmpty()
            ? spent.tries >= mostTries()
            : System.nanoTime() - spent.start
                >= Double.parseDouble(MINUTES) * TimeUnit.MINUTES.toNanos(1);
    return over && result.status() == TryExecutionResult.Status.SATISFIED
        ? TryExecutionResult.satisfied(/* shouldPropertyFinishEarly= */ true)
        : result;
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
