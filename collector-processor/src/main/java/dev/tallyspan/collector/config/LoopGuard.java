package dev.tallyspan.collector.config;

import dev.tallyspan.collector.exporter.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds exporters that send to this collector's own receivers, which would be an endless loop. */
final class LoopGuard {
  private static final Set<String> ANY = Set.of("", "0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private LoopGuard() {}

  /** Returns the faults of an exporter's endpoint, worded to follow the exporter's id. */
  static List<String> check(Endpoint target, List<ReceiverConfig> receivers) {
    List<String> found = new ArrayList<>();
    for (ReceiverConfig receiver : receivers) {
      if (receiver.grpc() != null && meets(target, receiver.grpc().endpoint())) {
        found.add(message(receiver, "gRPC", receiver.grpc().endpoint()));
      }
      if (receiver.http() != null && meets(target, receiver.http().endpoint())) {
        found.add(message(receiver, "HTTP", receiver.http().endpoint()));
      }
    }
    return found;
  }

  private static String message(ReceiverConfig receiver, String protocol, ListenEndpoint listen) {
    return "sends to this collector's own receiver "
        + receiver.id()
        + " ("
        + protocol
        + " on "
        + listen
        + "): set the backend's address, or another port for the receiver";
  }

  private static boolean meets(Endpoint target, ListenEndpoint listen) {
    if (target.port() != listen.port()) {
      return false;
    }
    boolean here = loopback(target.host()) || ANY.contains(target.host());
    boolean listensHere = loopback(listen.host()) || ANY.contains(listen.host());
    return (here && listensHere) || target.host().equalsIgnoreCase(listen.host());
  }

  private static boolean loopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1")
        || host.matches("127(\\.[0-9]{1,3}){1,3}");
  }
}
