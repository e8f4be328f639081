package dev.tallyspan.collector.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects faults, so that one read reports all of them. */
final class ConfigFaults {

  /** A fault and the node of the file that has it. */
  record Located(Node node, Fault fault) {}

  private final boolean leavesOut;
  private final List<Located> errors = new ArrayList<>();
  private final List<Located> warnings = new ArrayList<>();

  ConfigFaults() {
    this(false);
  }

  /**
   * @param leavesOut whether what only adds something may be left out
   */
  ConfigFaults(boolean leavesOut) {
    this.leavesOut = leavesOut;
  }

  /** Reports something that only adds: as a warning if it may be left out. */
  void addition(Node where, String message) {
    if (leavesOut) {
      warning(where, message + "; it is left out");
    } else {
      error(where, message);
    }
  }

  void error(Node where, String message) {
    errors.add(new Located(where, fault(where, message)));
  }

  void warning(Node where, String message) {
    warnings.add(new Located(where, fault(where, message)));
  }

  private static Fault fault(Node where, String message) {
    Mark mark = where.getStartMark().orElseThrow();
    return new Fault(mark.getLine() + 1, mark.getColumn() + 1, message);
  }

  boolean any() {
    return !errors.isEmpty();
  }

  /** Returns the errors in the order in which they were found. */
  List<Located> found() {
    return errors;
  }

  List<Fault> errors() {
    return sorted(errors);
  }

  List<Fault> warnings() {
    return sorted(warnings);
  }

  private static List<Fault> sorted(List<Located> faults) {
    return faults.stream()
        .map(Located::fault)
        .distinct()
        .sorted(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column))
        .toList();
  }
}
