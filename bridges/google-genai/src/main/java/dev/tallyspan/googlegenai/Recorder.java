package dev.tallyspan.googlegenai;

import dev.tallyspan.api.Operation;
import io.opentelemetry.context.Context;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Records the requests of one method. What it throws is ignored.
 *
 * @param <O> the type of the operation
 */
interface Recorder<O extends Operation<O>> {

  /**
   * Starts the operation, without making it current.
   *
   * @return null if the body is not of a request that is traced
   */
  @Nullable O start(Endpoint endpoint, HttpUrl url, byte[] body, Context parent);

  /** Records a response that is complete. */
  void response(O operation, byte[] body);
}
