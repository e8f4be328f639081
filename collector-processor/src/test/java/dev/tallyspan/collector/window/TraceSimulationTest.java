package dev.tallyspan.collector.window;

import org.junit.jupiter.api.Test;

/**
 * Simulated runs of agents over whole traces. {@code -Dwindow.simulations=10000} runs more of them,
 * and {@code -Dwindow.simulations.first} another range of seeds.
 */
class TraceSimulationTest {

  private static final int SIMULATIONS = Integer.getInteger("window.simulations", 300);
  private static final int FIRST = Integer.getInteger("window.simulations.first", 0);

  private final TraceSimulation simulation =
      new TraceSimulation(Front.wholeTraces(), /* otherTraces= */ true);

  private final TraceSimulation window =
      new TraceSimulation(Front.window(), /* otherTraces= */ false);

  private interface Check {
    void of(long seed) throws Exception;
  }

  private static void run(int count, Check check) {
    for (long seed = FIRST; seed < FIRST + count; seed++) {
      try {
        check.of(seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void completeRunsAreBilledExactly() {
    run(SIMULATIONS, simulation::complete);
  }

  @Test
  void incompleteRunsAreBilledWithinBounds() {
    run(SIMULATIONS, simulation::incomplete);
  }

  @Test
  void processingAgainChangesNothing() {
    run(SIMULATIONS / 5 + 1, simulation::again);
  }

  @Test
  void windowBillsCompleteRunsExactly() {
    run(SIMULATIONS / 3, window::complete);
  }

  @Test
  void windowBillsIncompleteRunsWithinBounds() {
    run(SIMULATIONS / 3, window::incomplete);
  }
}
