package dev.tallyspan.pricing;

import dev.tallyspan.pricing.Discounts.Discount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rate cards for the models of many providers, and the rules that select the card of a call.
 *
 * <p>Immutable and thread-safe. Names that were resolved are kept in a bounded cache.
 */
public final class PriceCatalog {
  private final Edition edition;
  private final String currency;
  private final ModelResolver resolver;
  private final Discounts discounts;

  /** The prices for calls of earlier times, or null. */
  private final @Nullable Earlier earlier;

  PriceCatalog(
      Edition edition,
      String currency,
      ModelResolver resolver,
      Discounts discounts,
      @Nullable Earlier earlier) {
    this.edition = edition;
    this.currency = currency;
    this.resolver = resolver;
    this.discounts = discounts;
    this.earlier = earlier;
  }

  /** {@return the catalog in the jar} It is read on the first call. */
  public static PriceCatalog shipped() {
    return Shipped.CATALOG;
  }

  /**
   * Reads a catalog file.
   *
   * @param file the path of the file
   * @return the catalog
   * @throws CatalogException if the file cannot be read or has a fault; the message is {@code
   *     file:line what; how to fix it}
   */
  public static PriceCatalog read(Path file) throws CatalogException {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new CatalogException(file + ": is not UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw new CatalogException(file + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /**
   * Parses a catalog.
   *
   * @param name of the text, as used in messages
   * @param text the text to read
   * @return the catalog
   * @throws CatalogException if the text has a fault; the message is {@code name:line what; how to
   *     fix it}
   */
  public static PriceCatalog parse(String name, String text) throws CatalogException {
    return new CatalogReader(name).read(text);
  }

  /** {@return the version given in the catalog; for layers, the versions joined by {@code +}} */
  public String version() {
    return edition.version();
  }

  /**
   * {@return the day whose prices the catalog holds; for layers, the later day} Null if unknown.
   */
  public @Nullable LocalDate asOf() {
    return edition.asOf();
  }

  /**
   * {@return the published table that the catalog was compiled from, such as {@code litellm}; null
   * if there is none}
   */
  public @Nullable String table() {
    return edition.table();
  }

  /**
   * {@return this catalog as a layer over another} If both have a model, the cards of this catalog
   * apply. The lower layer's rules for names, hosts and fallbacks stay in force. The prices of a
   * model are in the currency of its own layer.
   *
   * @param below the catalog that is asked for what this one does not have
   */
  public PriceCatalog over(PriceCatalog below) {
    return new PriceCatalog(
        edition.over(below.edition),
        below.currency,
        resolver.over(below.resolver),
        discounts.over(below.discounts, models()),
        below.earlier == null
            ? null
            : new Earlier(over(below.earlier.catalog()), below.earlier.until()));
  }

  /**
   * {@return this published table as a layer over a catalog} A table has prices, but fewer details
   * of a model than a catalog. So the layer below keeps the models whose prices the table only
   * repeats, and the prices from before its own day.
   *
   * @param at the time from which on prices are compared
   * @param below the catalog that is asked for what this one does not have
   */
  public PriceCatalog asTableOver(PriceCatalog below, Instant at) {
    return differingFrom(below, at).over(below).since(below.asOf(), below);
  }

  /**
   * {@return this catalog with the rules for names, hosts and fallbacks of another one, which
   * published tables do not have, and with none of its models}
   *
   * @param other the other one
   */
  public PriceCatalog withNamesOf(PriceCatalog other) {
    return over(other.without(other.models()));
  }

  /**
   * Returns a catalog with these prices for calls from a day on. Earlier calls use another catalog
   * if it has a price for them: current prices say nothing about past ones.
   */
  private PriceCatalog since(@Nullable LocalDate day, PriceCatalog before) {
    Earlier until =
        day == null ? null : new Earlier(before, day.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    return new PriceCatalog(edition, currency, resolver, discounts, until);
  }

  /**
   * Returns this catalog without the models whose prices are the same in another one, with all
   * rules for names. The layer below may have more details of such models: service tiers, places,
   * history.
   */
  PriceCatalog differingFrom(PriceCatalog below, Instant at) {
    Agreement agreement = new Agreement(this, below, at);
    Set<PricedModel> agreed = new HashSet<>();
    for (PricedModel model : models()) {
      if (agreement.on(model)) {
        agreed.add(model);
      }
    }
    return without(agreed);
  }

  private PriceCatalog without(Set<PricedModel> models) {
    return new PriceCatalog(edition, currency, resolver.without(models), discounts, earlier);
  }

  /** Returns this catalog with a contract's factors on its prices. */
  PriceCatalog discounted(String name, List<Discount> contract) {
    List<Discount> own = new ArrayList<>();
    for (Discount discount : contract) {
      Provider seller = resolver.provider(discount.provider());
      own.add(seller == null ? discount : discount.by(seller.id()));
    }
    Edition agreed = new Edition(name + "+" + edition.version(), edition.asOf(), edition.table());
    Earlier until =
        earlier == null
            ? null
            : new Earlier(earlier.catalog().discounted(name, contract), earlier.until());
    return new PriceCatalog(agreed, currency, resolver, discounts.and(own), until);
  }

  /**
   * Prices a call that is made now, without conditions such as a service tier.
   *
   * @param provider {@code gen_ai.provider.name} or another name of it; null if unknown
   * @param model as requested or as answered
   * @param usage of the call
   * @return the price; {@link PriceStatus#UNPRICED}, with a reason, if there is none
   */
  public Price price(@Nullable String provider, String model, Usage usage) {
    return price(
        PriceRequest.builder().provider(provider).responseModel(model).usage(usage).build());
  }

  /**
   * Prices a call. Never throws: a call that cannot be priced is {@link PriceStatus#UNPRICED}, with
   * a reason.
   *
   * @param request the call
   * @return the price
   */
  public Price price(PriceRequest request) {
    Usage usage = request.usage();
    int index = 0;
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      if (usage.at(index++) < 0) {
        Unit unit = Unit.at(Long.numberOfTrailingZeros(rest));
        return unpriced(Shortfall.NEGATIVE_QUANTITY, unit.wireName());
      }
    }
    if (earlier != null && request.second() < earlier.until()) {
      Price then = earlier.catalog().price(request);
      if (!then.isOfUnpricedModel()) {
        return then;
      }
    }
    HostRule host = resolver.host(request);
    Resolution found = resolver.resolve(request, host);
    PricedModel model = found.model();
    if (usage.isEmpty()) {
      Price price = model == null ? null : price(request, model, found, host);
      return price != null && price.lacksMeasure() ? price : unpriced(Shortfall.NO_USAGE, null);
    }
    if (found.free()) {
      return Price.free(currency, edition.version());
    }
    return model == null ? unknown(request, host) : price(request, model, found, host);
  }

  /**
   * {@return the number of models} Models that a lower layer adds to a provider of a higher layer
   * are not counted.
   */
  public int modelCount() {
    return models().size();
  }

  /** Returns the key of the model with a name at a time, {@code provider/model}, or null. */
  @Nullable String keyOf(@Nullable String provider, String model, Instant at) {
    if (earlier != null && at.getEpochSecond() < earlier.until()) {
      String then = earlier.catalog().keyOf(provider, model, at);
      if (then != null) {
        return then;
      }
    }
    Resolution found = resolve(provider, model);
    return found.model() == null ? null : found.model().name();
  }

  /** Resolves the name of a model, with or without a provider. */
  Resolution resolve(@Nullable String provider, @Nullable String model) {
    return resolver.resolve(provider, model, /* host= */ null);
  }

  String currency() {
    return currency;
  }

  private Price price(
      PriceRequest request, PricedModel model, Resolution found, @Nullable HostRule host) {
    String place = found.geo();
    String region = found.region();
    String geo = place;
    if (request.isConditional()) {
      String callersRegion = request.when(Dimension.CALLER_REGION);
      region = first(region, request.when(Dimension.REGION));
      place = first(place, request.when(Dimension.GEO));
      if (host != null) {
        region = first(region, host.region());
        place = first(place, host.geo());
      }
      // Without a geo, the region is the place: Bedrock prices both on one scale.
      place = first(place, region);
      geo = place == null && found.isServedInCallersRegion() ? callersRegion : place;
      region = first(region, callersRegion);
    } else if (place == null) {
      place = region;
      geo = region;
    }
    boolean speedPriced = discounts.priceSpeed(found, request, geo, region);
    RateCard plain = model.select(request, geo, region, speedPriced);
    if (plain == null) {
      return unpriced(model, request);
    }
    RateCard discounted = discounts.times(plain, found, request, geo, region);
    RateCard card = model.adjusted(discounted, request, geo, region);
    PricedBy by = card.isFree() ? null : found.pricedBy();
    return Price.bill(
        request.usage(),
        card,
        by == null ? null : by.unpriced(request, place, model, plain, region),
        model.currency(),
        edition.version());
  }

  private Price unpriced(PricedModel model, PriceRequest request) {
    Shortfall why = model.whyNone(request);
    Dimension about = why.dimension();
    return Price.unpriced(
        why,
        model.name(),
        about == null ? null : request.when(about),
        model.currency(),
        edition.version());
  }

  private Price unknown(PriceRequest request, @Nullable HostRule host) {
    Provider provider = host == null ? resolver.provider(request.provider()) : host.provider();
    if (provider == null) {
      boolean unknown = resolver.isUnknown(request.provider());
      return unpriced(unknown ? Shortfall.UNKNOWN_PROVIDER : Shortfall.NO_PROVIDER, null);
    }
    boolean named = request.responseModel() != null || request.requestModel() != null;
    return unpriced(named ? Shortfall.UNKNOWN_MODEL : Shortfall.NO_MODEL, provider.id());
  }

  private Price unpriced(Shortfall shortfall, @Nullable String subject) {
    return Price.unpriced(shortfall, subject, /* condition= */ null, currency, edition.version());
  }

  private static @Nullable String first(@Nullable String preferred, @Nullable String other) {
    return preferred != null ? preferred : other;
  }

  /**
   * {@return the id of the provider with a name or alias, or null}
   *
   * @param name the name of the source, for messages
   */
  public @Nullable String providerId(String name) {
    Provider provider = resolver.provider(name);
    return provider == null ? null : provider.id();
  }

  /**
   * {@return the id of the provider that owns the prefix of a model's name, or null}
   *
   * @param model the name of the model
   */
  public @Nullable String ownerOf(String model) {
    Provider owner = resolver.ownerOf(model);
    return owner == null ? null : owner.id();
  }

  /**
   * {@return the fees of a provider for models that state none of their own, in the notation of
   * catalogs: {@code 10/1000}, or {@code ?} if the fee is unknown} Empty if there are none.
   *
   * @param provider a name or alias
   */
  public Map<Unit, String> feesOf(String provider) {
    Map<Unit, String> fees = new EnumMap<>(Unit.class);
    Provider known = resolver.provider(provider);
    if (known != null) {
      known
          .fees()
          .forEach((unit, rate) -> fees.put(unit, rate == null ? "?" : rate.published(unit)));
    }
    return fees;
  }

  /** The models of this layer, and those of lower layers that it does not replace. */
  Set<PricedModel> models() {
    return resolver.models();
  }

  /**
   * @param until exclusive, in epoch seconds
   */
  record Earlier(PriceCatalog catalog, long until) {}

  private static final class Shipped {
    static final PriceCatalog CATALOG = load();

    private static PriceCatalog load() {
      try (InputStream in = PriceCatalog.class.getResourceAsStream("catalog.json")) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new CatalogReader("catalog.json", /* whole= */ false).read(text);
      } catch (IOException | CatalogException e) {
        throw new IllegalStateException("the catalog in this jar is damaged: " + e.getMessage(), e);
      }
    }
  }
}
