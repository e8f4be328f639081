import dev.tallyspan.anthropic.TallyspanAnthropic;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import io.opentelemetry.api.GlobalOpenTelemetry;

/** The same, with the bridge. */
final class AnthropicBridge {

  private AnthropicBridge() {}

  public static void main(String[] args) {
    GenAi genAi = GenAi.builder(GlobalOpenTelemetry.get()).content(ContentCapture.ALL).build();
    Anthropic.run(TallyspanAnthropic.wrap(genAi, Anthropic.client(args[0])));
    System.exit(0);
  }
}
