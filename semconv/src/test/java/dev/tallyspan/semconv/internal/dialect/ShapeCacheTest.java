package dev.tallyspan.semconv.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.TestSpan;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShapeCacheTest {

  /** Keys with the same hash. */
  private static final List<String> COLLIDING =
      IntStream.range(0, ShapeCache.PLACES + 1)
          .mapToObj(i -> Integer.toBinaryString(16 | i).replace("0", "Aa").replace("1", "BB"))
          .toList();

  private final ShapeCache cache = new ShapeCache();

  @Test
  void spansWithTheSameScopeAndKeysHaveOneShape() {
    SpanShape shape = kept("scope", "a", "b");
    assertThat(shape("scope", "a", "b")).isSameAs(shape);
  }

  @Test
  void theOrderOfKeysTheScopeAndEventsMakeAnotherShape() {
    SpanShape shape = kept("scope", "a", "b");
    assertThat(shape("scope", "b", "a")).isNotSameAs(shape);
    assertThat(shape("scope", "a")).isNotSameAs(shape);
    assertThat(shape("other", "a", "b")).isNotSameAs(shape);
    assertThat(cache.shape("scope", /* hasEvents= */ true, keys("a", "b"))).isNotSameAs(shape);
  }

  @Test
  void keysWithTheSameHashMakeAnotherShape() {
    SpanShape shape = kept("scope", "own.Aa");
    assertThat(shape("scope", "own.BB")).isNotSameAs(shape);
    assertThat(shape("scope", "own.BB").index("own.Aa")).isNull();
  }

  @Test
  void aShapeInUseOutlivesOneThatWantsItsPlaceOnce() {
    List<SpanShape> shapes =
        COLLIDING.stream().limit(ShapeCache.PLACES).map(key -> kept("scope", key)).toList();
    for (int i = 0; i < ShapeCache.PLACES; i++) {
      assertThat(shape("scope", COLLIDING.get(i))).isSameAs(shapes.get(i));
    }
    kept("scope", COLLIDING.get(ShapeCache.PLACES));
    for (int i = 0; i < ShapeCache.PLACES; i++) {
      assertThat(shape("scope", COLLIDING.get(i))).isSameAs(shapes.get(i));
    }
  }

  @Test
  void aShapeThatIsNotInUseMakesRoom() {
    COLLIDING.stream().limit(ShapeCache.PLACES).forEach(key -> kept("scope", key));
    SpanShape other = kept("scope", COLLIDING.get(ShapeCache.PLACES));
    assertThat(shape("scope", COLLIDING.get(ShapeCache.PLACES))).isSameAs(other);
  }

  @Test
  void largeShapesAreNotKept() {
    String[] many = IntStream.range(0, 1000).mapToObj(i -> "key" + i).toArray(String[]::new);
    assertThat(kept("scope", many)).isNotSameAs(shape("scope", many));
    String longKey = "k".repeat(100_000);
    assertThat(kept("scope", longKey)).isNotSameAs(shape("scope", longKey));
  }

  @Test
  void prefixesAreFoundInAKeptShapeAsInANewOne() {
    SpanShape fresh = kept("scope", "llm.model", "gen_ai.system", "llm", "x");
    SpanShape known = shape("scope", "llm.model", "gen_ai.system", "llm", "x");
    for (String prefix : new String[] {"", "l", "llm", "llm.", "llm.model.", "gen_ai.", "y", "a"}) {
      boolean expected = "llm.model".startsWith(prefix) || "gen_ai.system".startsWith(prefix);
      assertThat(fresh.hasPrefix(prefix)).as(prefix).isEqualTo(expected);
      assertThat(known.hasPrefix(prefix)).as(prefix).isEqualTo(expected);
    }
  }

  private SpanShape kept(String scope, String... keys) {
    SpanShape shape = shape(scope, keys);
    cache.keep(shape);
    return shape;
  }

  private SpanShape shape(String scope, String... keys) {
    return cache.shape(scope, /* hasEvents= */ false, keys(keys));
  }

  private static AttributeView keys(String... keys) {
    TestSpan span = TestSpan.span("x");
    for (String key : keys) {
      span.with(key, 1);
    }
    return span.attributes();
  }
}
