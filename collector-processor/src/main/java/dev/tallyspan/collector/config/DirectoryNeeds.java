package dev.tallyspan.collector.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a configuration if there is no data directory. A command line can name one, so
 * this is not known when the configuration is read.
 *
 * @param source the name of the file
 * @param faults empty if the configuration does not need a directory
 */
record DirectoryNeeds(String source, List<Fault> faults) {

  static final DirectoryNeeds NONE = new DirectoryNeeds("", List.of());

  DirectoryNeeds {
    faults = List.copyOf(faults);
  }

  /**
   * @param directory null for none
   * @throws ConfigException if there is none, but one is needed
   */
  void check(@Nullable Path directory) throws ConfigException {
    if (directory == null && !faults.isEmpty()) {
      throw new ConfigException(source, faults);
    }
  }
}
