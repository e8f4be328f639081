package dev.tallyspan.semconv.span;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What a price may depend on beside the units, under the names that price catalogs have for it. */
final class PriceConditions {

  private static final List<Map.Entry<String, Slot<?>>> CONDITIONS =
      List.of(
          Map.entry("service_tier", Slot.SERVICE_TIER),
          Map.entry("batch", Slot.BATCH),
          Map.entry("speed", Slot.SPEED),
          Map.entry("search_context_size", Slot.SEARCH_CONTEXT_SIZE),
          Map.entry("inference_geo", Slot.INFERENCE_GEO),
          Map.entry("location", Slot.LOCATION),
          Map.entry("cloud_region", Slot.CLOUD_REGION),
          Map.entry("server_address", Slot.SERVER_ADDRESS));

  private PriceConditions() {}

  /** Gives the name and value of each that the span states. */
  static void forEach(Readings readings, BiConsumer<String, String> conditions) {
    for (Map.Entry<String, Slot<?>> condition : CONDITIONS) {
      Object value = readings.value(condition.getValue());
      if (value != null) {
        conditions.accept(condition.getKey(), value.toString());
      }
    }
  }
}
