package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.exporter.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;

/** Finds out whether a backend can be reached, before anything is sent to it. */
final class BackendAddress {

  /**
   * Tries to connect to a backend, to each of its addresses until one works.
   *
   * @param timeout the time limit for each address
   * @return why the backend cannot be reached; empty if it can
   */
  static String fault(Endpoint backend, Duration timeout) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(backend.host());
    } catch (UnknownHostException e) {
      return "unknown host";
    }
    String fault = "";
    for (InetAddress address : addresses) {
      fault = fault(new InetSocketAddress(address, backend.port()), timeout);
      if (fault.isEmpty()) {
        return "";
      }
    }
    return fault;
  }

  private static String fault(InetSocketAddress address, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(address, Math.toIntExact(timeout.toMillis()));
      return "";
    } catch (SocketTimeoutException e) {
      return "no answer within " + timeout.toMillis() + " ms";
    } catch (IOException e) {
      // The messages of the operating system, such as "Connection refused".
      return String.valueOf(e.getMessage());
    }
  }

  private BackendAddress() {}
}
