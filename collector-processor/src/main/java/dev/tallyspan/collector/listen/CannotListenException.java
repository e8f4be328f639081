package dev.tallyspan.collector.listen;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Thrown when a server cannot listen on an address. The message contains the address and the
 * reason.
 */
public final class CannotListenException extends IOException {

  private static final long serialVersionUID = 1;

  CannotListenException(InetSocketAddress address, IOException cause) {
    super(
        readable(address)
            + ": cannot listen: "
            + root(cause).getMessage()
            + "; stop the process that uses the port, or configure another port",
        cause);
  }

  /** Removes the slash that {@code toString} puts before an address without a host name. */
  private static String readable(InetSocketAddress address) {
    String text = address.toString();
    return text.startsWith("/") ? text.substring(1) : text;
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
