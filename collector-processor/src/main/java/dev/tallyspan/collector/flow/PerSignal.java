package dev.tallyspan.collector.flow;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** One value for each signal, such as a counter. Immutable. */
public final class PerSignal<T> {

  private final List<T> values;

  private PerSignal(List<T> values) {
    this.values = values;
  }

  /** Creates the value of each signal, in the order of the signals. */
  public static <T> PerSignal<T> of(Function<? super Signal, ? extends T> value) {
    return new PerSignal<>(Arrays.stream(Signal.values()).<T>map(value).toList());
  }

  public T get(Signal signal) {
    return values.get(signal.ordinal());
  }
}
