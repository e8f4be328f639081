import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.openai.TallyspanOpenAi;
import io.opentelemetry.api.GlobalOpenTelemetry;

/** The same, with the bridge. */
final class OpenAiBridge {

  private OpenAiBridge() {}

  public static void main(String[] args) {
    GenAi genAi = GenAi.builder(GlobalOpenTelemetry.get()).content(ContentCapture.ALL).build();
    OpenAi.run(TallyspanOpenAi.wrap(genAi, OpenAi.client(args[0])));
    System.exit(0);
  }
}
