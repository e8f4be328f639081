package dev.tallyspan.collector.exporter;

import java.io.IOException;

/** Work with sockets on a daemon thread, which ends when the connection or the server does. */
@FunctionalInterface
interface Background {

  void run() throws IOException;

  static void start(Background work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The connection or the server has ended.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
