package dev.tallyspan.semconv.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Uri;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffloadTest {

  @TempDir Path directory;

  private static final byte[] IMAGE = image();

  private static byte[] image() {
    byte[] image = new byte[5000];
    new Random(1).nextBytes(image);
    return image;
  }

  private static String base64() {
    return Base64.getEncoder().encodeToString(IMAGE);
  }

  private ContentPolicy policy(boolean redact) {
    return ContentPolicy.builder()
        .mode(ContentMode.OFFLOAD)
        .store(new FileOffloadStore(directory))
        .offloadTextsOver(1000)
        .redact(redact)
        .build();
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void anImageUrlBecomesTheUrlOfTheStore() throws Exception {
    String json =
        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
            + "\"data:image/png;base64,"
            + base64()
            + "\"}}]}]";

    Edited<String> edited = policy(false).text("input.value", json);

    Path file = files().get(0);
    assertThat(edited.value()).contains("\"url\":\"" + file.toUri() + "\"");
    assertThat(Files.readAllBytes(file)).isEqualTo(IMAGE);
    assertThat(file.toString()).endsWith(".png");
    assertThat(edited.report().offloaded()).isEqualTo(1);
  }

  @Test
  void aBlobBecomesAUri() {
    Message message =
        new Message("user", List.of(new Blob("image/png", "image", base64(), Map.of())));

    Message edited =
        policy(false).messages("gen_ai.input.messages", List.of(message)).value().get(0);

    MessagePart part = edited.parts().get(0);
    assertThat(part).isInstanceOf(Uri.class);
    assertThat(((Uri) part).mimeType()).isEqualTo("image/png");
    assertThat(Path.of(URI.create(((Uri) part).uri()))).hasBinaryContent(IMAGE);
  }

  @Test
  void aLongTextIsRedactedBeforeItIsStored() throws Exception {
    String text = "word ".repeat(300) + "a@b.org";

    Edited<String> edited = policy(true).text("input.value", text);

    assertThat(edited.value()).startsWith("[OFFLOADED text/plain, 1507 bytes, file:");
    assertThat(Files.readString(files().get(0))).endsWith("[EMAIL]");
    assertThat(policy(true).text("input.value", edited.value()).value()).isSameAs(edited.value());
  }

  @Test
  void theSameContentIsStoredOnce() throws Exception {
    String text = "word ".repeat(300);
    policy(false).text("input.value", text);
    policy(false).text("output.value", "[\"" + text + "\"]");

    assertThat(files()).hasSize(1);
  }

  @Test
  void whatCannotBeStoredIsRemovedAndCounted() throws Exception {
    Path file = Files.writeString(directory.resolve("occupied"), "x");
    for (OffloadStore store :
        List.<OffloadStore>of(
            new FileOffloadStore(file),
            (hash, bytes, type) -> {
              throw new IllegalStateException("down");
            })) {
      ContentPolicy policy =
          ContentPolicy.builder()
              .mode(ContentMode.OFFLOAD)
              .store(store)
              .offloadTextsOver(1000)
              .build();

      Edited<String> edited = policy.text("input.value", "word ".repeat(300));

      assertThat(edited.value()).isEqualTo("[NOT STORED text/plain, 1500 bytes]");
      assertThat(edited.report().notStored()).isEqualTo(1);
    }
  }

  @Test
  void shortContentStaysWhereItIs() throws Exception {
    String text =
        "[{\"role\": \"user\", \"content\": \"data:image/gif;base64,R0lGOD\", \"n\": 1.0}]";

    assertThat(policy(false).text("input.value", text).value()).isSameAs(text);
    assertThat(files()).isEmpty();
  }

  @Test
  void filesCanBeReadThroughAnotherAddress() {
    FileOffloadStore store = new FileOffloadStore(directory, URI.create("https://files.test/llm"));

    URI uri = store.put("ab" + "0".repeat(62), "x".getBytes(StandardCharsets.UTF_8), "text/plain");

    assertThat(uri).hasToString("https://files.test/llm/ab/ab" + "0".repeat(62) + ".txt");
    assertThatThrownBy(() -> new FileOffloadStore(directory, URI.create("files")))
        .hasMessageContaining("base=files");
  }
}
