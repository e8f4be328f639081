package dev.tallyspan.collector.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What listens on one address. */
public interface Listener {

  /** The port that is listened on. */
  int port();

  /** Listens no more. */
  void close();

  /** Starts listeners. */
  interface Binder<T extends Listener> {
    T bind(InetSocketAddress address) throws IOException;
  }

  /** How often a free port of one address may turn out to be taken on another. */
  int ATTEMPTS = 20;

  /**
   * Listens on all addresses, with the same port on each, also if it is any free one.
   *
   * @throws CannotListenException if one of them is taken or not this machine's; nothing listens
   *     then
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
