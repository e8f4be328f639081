package dev.tallyspan.spring;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** If a property names prices. */
final class CatalogConfigured extends AnyNestedCondition {

  CatalogConfigured() {
    super(ConfigurationPhase.REGISTER_BEAN);
  }

  @ConditionalOnProperty("tallyspan.catalog.file")
  static final class AsFile {}

  @ConditionalOnProperty("tallyspan.catalog.url")
  static final class AsUrl {}
}
