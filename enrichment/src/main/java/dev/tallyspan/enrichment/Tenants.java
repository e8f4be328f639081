package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeView;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import org.jspecify.annotations.Nullable;

/** Which prices apply to the tenant of a span or log record. */
interface Tenants {

  /** List prices for all. */
  Tenants NONE = (attributes, resource, list) -> list;

  /** Returns the prices of an item's tenant; {@code list} if it has none, or no contract. */
  PriceCatalog prices(AttributeView attributes, AttributeView resource, PriceCatalog list);

  /**
   * Tenants that are named by an attribute.
   *
   * @param attribute of the span, or else of its resource
   */
  record ByAttribute(Contracts contracts, String attribute) implements Tenants {

    @Override
    public PriceCatalog prices(
        AttributeView attributes, AttributeView resource, PriceCatalog list) {
      String tenant = text(attributes);
      return contracts.forTenant(tenant == null ? text(resource) : tenant, list);
    }

    private @Nullable String text(AttributeView attributes) {
      Value<?> value = attributes.get(attribute);
      boolean named =
          value != null
              && (value.getType() == ValueType.STRING || value.getType() == ValueType.LONG);
      return named ? String.valueOf(value.getValue()) : null;
    }
  }
}
