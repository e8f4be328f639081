import dev.tallyspan.collector.demo.SampleAgent;
import java.net.URI;
import java.time.Instant;

/** Sends the traces of {@code tallyspan demo} to a server; run with tallyspan.jar in the class path. */
public final class SendSample {

  public static void main(String[] args) throws Exception {
    System.out.println(SampleAgent.send(URI.create(args[0]), Instant.now()));
  }

  private SendSample() {}
}
