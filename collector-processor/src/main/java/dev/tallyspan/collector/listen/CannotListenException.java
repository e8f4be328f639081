package dev.tallyspan.collector.listen;

import java.io.IOException;
import java.net.InetSocketAddress;

/** An address that cannot be listened on; the message says which, and why. */
public final class CannotListenException extends IOException {

  private static final long serialVersionUID = 1;

  CannotListenException(InetSocketAddress address, IOException cause) {
    super(
        address
            + ": cannot listen: "
            + root(cause).getMessage()
            + "; stop what uses the port or name another",
        cause);
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
