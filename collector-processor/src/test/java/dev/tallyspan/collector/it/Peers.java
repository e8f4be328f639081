package dev.tallyspan.collector.it;

import java.nio.file.Path;

/** Programs of others that {@code benchmarks/peers/build} has built, or not. */
final class Peers {

  private Peers() {}

  /** Returns where a program is if it was built. */
  static Path executable(String name) {
    String peers = System.getenv("TALLYSPAN_PEERS");
    if (peers != null && !peers.isEmpty()) {
      return Path.of(peers, name);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    return cache != null && !cache.isEmpty()
        ? Path.of(cache, "tallyspan-peers", name)
        : Path.of(System.getProperty("user.home"), ".cache", "tallyspan-peers", name);
  }
}
