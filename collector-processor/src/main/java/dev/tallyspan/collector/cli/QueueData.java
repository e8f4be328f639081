package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.queue.QueueContents;
import dev.tallyspan.collector.queue.log.CursorFile;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.LogSnapshot;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.server.Storage;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The data directory that a command about the queue works on.
 *
 * @param config null if no file is named
 */
record QueueData(@Nullable CollectorConfig config, Path directory, MasterKeys keys) {

  /** Opens the queue for reading, with the positions of its outputs. */
  QueueContents contents() throws IOException {
    Path queue = Storage.queue(directory);
    return new QueueContents(open(queue), CursorFile.in(queue).load());
  }

  LogSnapshot queue() {
    return open(Storage.queue(directory));
  }

  LogSnapshot deadLetters() {
    return open(Storage.dead(directory));
  }

  private LogSnapshot open(Path log) {
    try {
      return DurableLog.openReadOnly(log, keys);
    } catch (IOException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }
}
