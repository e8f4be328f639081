package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeView;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import org.jspecify.annotations.Nullable;

/** Finds the prices for the tenant of a span or log record. Thread-safe. */
interface Tenants {

  /** List prices for all items. */
  Tenants NONE = (attributes, resource, list) -> list;

  /**
   * Returns the prices for the tenant of an item; {@code list} if the item has no tenant, or the
   * tenant has no contract.
   */
  PriceCatalog prices(AttributeView attributes, AttributeView resource, PriceCatalog list);

  /**
   * Reads the tenant from an attribute.
   *
   * @param attribute of the item or, if absent, of its resource
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
      return value != null
              && (value.getType() == ValueType.STRING || value.getType() == ValueType.LONG)
          ? String.valueOf(value.getValue())
          : null;
    }
  }
}
