package dev.tallyspan.pricing;

import java.util.ArrayList;
import java.util.List;

/** Collects the faults of one file, so that all of them are reported and not only the first. */
final class CatalogFaults {

  /** A part of a file that can be read independently of the others. */
  interface Part {
    void read() throws CatalogException;
  }

  private final List<String> faults = new ArrayList<>();

  /** Reads a part and collects its faults. Returns whether it has none. */
  boolean read(Part part) {
    try {
      part.read();
      return true;
    } catch (CatalogException e) {
      faults.addAll(e.faults());
      return false;
    }
  }

  /** Throws if there were any faults. */
  void end() throws CatalogException {
    if (!faults.isEmpty()) {
      throw new CatalogException(faults);
    }
  }
}
