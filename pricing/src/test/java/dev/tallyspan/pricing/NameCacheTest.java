package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameCacheTest {
  @Test
  void nameInUseSurvivesAFloodOfOthers() {
    NameCache<Resolution> cache = new NameCache<>();
    cache.put("used", Resolution.NONE);

    for (int i = 0; i < 10 * NameCache.GENERATION; i++) {
      cache.put("flood" + i, Resolution.NONE);
      if (i % 1000 == 0) {
        cache.get("used");
      }
    }

    assertThat(cache.get("used")).isSameAs(Resolution.NONE);
    assertThat(cache.get("flood0")).isNull();
  }

  @Test
  void unusedNameIsForgotten() {
    NameCache<Resolution> cache = new NameCache<>();
    cache.put("unused", Resolution.NONE);

    for (int i = 0; i < 3 * NameCache.GENERATION; i++) {
      cache.put("flood" + i, Resolution.NONE);
    }

    assertThat(cache.get("unused")).isNull();
  }
}
