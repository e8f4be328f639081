package dev.tallyspan.collector.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Listens on one address. */
public interface Listener {

  /** The port that this listens on. */
  int port();

  /** Stops listening. May block until the address is free. */
  void close();

  /** Starts to listen on one address. May block. */
  interface Binder<T extends Listener> {
    T bind(InetSocketAddress address) throws IOException;
  }

  /** The number of attempts to find a port that is free on all addresses. */
  int ATTEMPTS = 20;

  /**
   * Listens on all addresses, with the same port on each, even if the port is 0. May block.
   *
   * @throws CannotListenException if one of the addresses is in use or does not belong to this
   *     machine; then none is listened on
   */
  static <T extends Listener> List<T> listen(List<InetSocketAddress> addresses, Binder<T> binder)
      throws CannotListenException {
    for (int attempt = 1; ; attempt++) {
      try {
        return listenOnce(addresses, binder);
      } catch (CannotListenException e) {
        boolean again = addresses.size() > 1 && addresses.get(0).getPort() == 0;
        if (!again || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static <T extends Listener> List<T> listenOnce(
      List<InetSocketAddress> addresses, Binder<T> binder) throws CannotListenException {
    List<T> listeners = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      int port = listeners.isEmpty() ? address.getPort() : listeners.get(0).port();
      InetSocketAddress at =
          port == address.getPort() ? address : new InetSocketAddress(address.getAddress(), port);
      try {
        listeners.add(binder.bind(at));
      } catch (IOException e) {
        listeners.forEach(Listener::close);
        throw new CannotListenException(at, e);
      }
    }
    return List.copyOf(listeners);
  }
}
