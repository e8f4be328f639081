package dev.tallyspan.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The requests that wait for a response, by their id. Thread-safe. */
final class OpenRequests {

  /**
   * Of one client. Requests that time out are not known to have ended; beyond this number, the
   * oldest of them is given up.
   */
  private static final int MAX_OPEN = 4096;

  private final Map<Object, SentMessage> requests = new LinkedHashMap<>();

  void add(Object id, SentMessage request) {
    SentMessage eldest = null;
    synchronized (this) {
      requests.put(id, request);
      if (requests.size() > MAX_OPEN) {
        eldest = requests.remove(requests.keySet().iterator().next());
      }
    }
    if (eldest != null) {
      eldest.fail("timeout");
    }
  }

  /** Null if there is none. */
  synchronized @Nullable SentMessage remove(Object id) {
    return requests.remove(id);
  }

  /** Whether this request was open. */
  synchronized boolean remove(Object id, SentMessage request) {
    return requests.remove(id, request);
  }

  /** Ends all that are open: nothing arrives any more. */
  void close() {
    List<SentMessage> left;
    synchronized (this) {
      left = new ArrayList<>(requests.values());
      requests.clear();
    }
    left.forEach(request -> request.fail("closed"));
  }
}
