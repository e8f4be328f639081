package dev.tallyspan.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What IDEs complete properties from. */
class PropertiesMetadataTest {

  @Test
  void eachPropertyHasADescriptionAndADefaultWhereThereIsOne() throws IOException {
    List<Map<?, ?>> properties = properties();

    assertThat(properties).hasSizeGreaterThan(30);
    assertThat(properties)
        .allSatisfy(
            property -> {
              assertThat((String) property.get("description"))
                  .as("%s", property.get("name"))
                  .isNotBlank();
              assertThat(property.get("defaultValue") != null || isUnset(property))
                  .as("%s", property.get("name"))
                  .isTrue();
            });
  }

  /** Those whose default is that there is no value, or depends on another property, and lists. */
  private static boolean isUnset(Map<?, ?> property) {
    String type = String.valueOf(property.get("type"));
    return String.valueOf(property.get("description")).contains("; by default, as ")
        || !type.equals("java.lang.Boolean")
            && !type.equals("java.lang.Integer")
            && !type.equals("java.lang.Long")
            && !type.equals("java.time.Duration");
  }

  @Test
  void documentationListsEachProperty() throws IOException {
    String page =
        Files.readString(Path.of("../docs/spring-boot.md"))
            + Files.readString(Path.of("../docs/content-policy.md"));

    assertThat(properties())
        .allSatisfy(property -> assertThat(page).contains("`" + property.get("name") + "`"));
  }

  private static List<Map<?, ?>> properties() throws IOException {
    try (InputStream metadata =
        TallyspanProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      String json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
      List<Map<?, ?>> properties = new ArrayList<>();
      for (Object property :
          (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties")) {
        properties.add((Map<?, ?>) property);
      }
      return properties;
    }
  }
}
