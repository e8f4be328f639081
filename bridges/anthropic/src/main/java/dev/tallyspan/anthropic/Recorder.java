package dev.tallyspan.anthropic;

import dev.tallyspan.api.Guard;
import dev.tallyspan.api.Operation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records the calls of one API. What it throws is ignored.
 *
 * @param <O> the type of the operation
 */
interface Recorder<O extends Operation<O>> {

  /** What the other methods are called in. */
  Guard guard();

  /**
   * Starts the operation, without making it current.
   *
   * @param parameters of the request
   * @return null if the parameters are of a type that is not known
   */
  @Nullable O start(@Nullable Object parameters, boolean stream);

  /** Records a response that is complete. */
  void response(O operation, Object response);

  /** Returns what records the chunks of one stream. */
  Consumer<Object> chunks(O operation);
}
