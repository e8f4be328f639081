package dev.tallyspan.pricing;

import java.util.ArrayList;
import java.util.List;

/** The faults of one file, so that a reading finds all of them and not only the first. */
final class Faults {

  /** A part of a file that can be read whether its neighbours can or not. */
  interface Part {
    void read() throws CatalogException;
  }

  private final List<String> faults = new ArrayList<>();

  /** Reads a part and takes note of its fault, if it has one; whether it has none. */
  boolean read(Part part) {
    try {
      part.read();
      return true;
    } catch (CatalogException e) {
      faults.addAll(e.faults());
      return false;
    }
  }

  /** Ends the reading if there was any fault. */
  void end() throws CatalogException {
    if (!faults.isEmpty()) {
      throw new CatalogException(faults);
    }
  }
}
