package dev.tallyspan.api;

import static dev.tallyspan.semconv.TallyspanAttributes.TALLYSPAN_DIALECT;
import static dev.tallyspan.semconv.TallyspanAttributes.TALLYSPAN_USAGE_SEMANTICS;
import static dev.tallyspan.semconv.TallyspanAttributes.TALLYSPAN_USAGE_SOURCE;

import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Prices operations by a catalog, and writes {@code tallyspan.cost.*} and, for costs in US dollars,
 * {@code gen_ai.usage.cost}. Needs {@code dev.tallyspan:tallyspan-enrichment} on the class path.
 *
 * <p>The SDK extension and the collector leave a span that has a cost as it is, so nothing is
 * priced twice.
 */
public final class CatalogCosts implements CallCosts {

  private static final String GEN_AI_USAGE_COST = "gen_ai.usage.cost";

  private final Enricher enricher;

  private CatalogCosts(Enricher enricher) {
    this.enricher = Objects.requireNonNull(enricher, "enricher");
  }

  /**
   * Prices by the catalog in the jar. It is read when the first operation is priced.
   *
   * @return costs in the currency of the catalog
   */
  public static CatalogCosts shipped() {
    return of(PriceCatalog::shipped);
  }

  /**
   * Prices by the catalog that the supplier returns for each operation, such as {@code
   * LiveCatalog::current}.
   *
   * @param catalog must be thread-safe and must not block
   * @return costs in the currency of the catalog
   */
  public static CatalogCosts of(Supplier<PriceCatalog> catalog) {
    return of(Enricher.builder().catalog(catalog).build());
  }

  /**
   * Prices with contracts, deployments, currencies and estimates of this enricher.
   *
   * @param enricher thread-safe, so that it may be shared
   * @return costs as the enricher determines them
   */
  public static CatalogCosts of(Enricher enricher) {
    return new CatalogCosts(enricher);
  }

  @Override
  public @Nullable Cost price(SpanView span, AttributeEdits edits) {
    Enriched enriched = enricher.request().enrich(span);
    if (enriched == null) {
      return null;
    }
    Cost cost = enriched.cost();
    if (enriched.llm().alreadyProcessed()) {
      return cost;
    }
    cost.render(edits, span.attributes().get(GEN_AI_USAGE_COST) == null);
    TokenUsage usage = enriched.llm().usage();
    if (usage != null) {
      edits.set(TALLYSPAN_USAGE_SEMANTICS.getKey(), usage.semantics().wireName());
      edits.set(TALLYSPAN_USAGE_SOURCE.getKey(), usage.source().wireName());
    }
    edits.set(TALLYSPAN_DIALECT.getKey(), enriched.llm().dialects());
    return cost;
  }
}
