package dev.tallyspan.enrichment;

import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeView;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;

/**
 * What tenants have agreed, and how a span's tenant is told.
 *
 * @param attribute of the span, or else of its resource
 */
record Tenants(Contracts contracts, String attribute) {

  /** The prices of an item's tenant; the list's if it has none, or one without a contract. */
  PriceCatalog prices(AttributeView attributes, AttributeView resource, PriceCatalog list) {
    String tenant = text(attributes);
    return contracts.forTenant(tenant == null ? text(resource) : tenant, list);
  }

  private String text(AttributeView attributes) {
    Value<?> value = attributes.get(attribute);
    boolean named =
        value != null && (value.getType() == ValueType.STRING || value.getType() == ValueType.LONG);
    return named ? String.valueOf(value.getValue()) : null;
  }
}
