package dev.tallyspan.collector.pipeline;

import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;

/**
 * What tenants have agreed, and how a span's tenant is told.
 *
 * @param attribute of the span, or else of its resource
 */
record Tenants(Contracts contracts, String attribute) {

  /** The prices of an item's tenant; the list's if it has none, or one without a contract. */
  PriceCatalog prices(WireAttributes attributes, WireAttributes resource, PriceCatalog list) {
    String tenant = text(attributes);
    return contracts.forTenant(tenant == null ? text(resource) : tenant, list);
  }

  private String text(WireAttributes attributes) {
    int at = attributes.indexOf(attribute);
    if (at < 0) {
      return null;
    }
    return switch (attributes.type(at)) {
      case STRING -> attributes.stringValue(at);
      case INT -> Long.toString(attributes.longValue(at));
      default -> null;
    };
  }
}
