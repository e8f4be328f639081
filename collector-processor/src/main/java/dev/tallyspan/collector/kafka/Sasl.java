package dev.tallyspan.collector.kafka;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * {@code auth.sasl}: a user name and a password, with which a client authenticates itself.
 *
 * @param password not logged
 */
public record Sasl(Mechanism mechanism, String username, String password) {

  /** How the password is proved. */
  public enum Mechanism {
    PLAIN("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule"),
    SCRAM_SHA_256("SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule"),
    SCRAM_SHA_512("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

    private final String word;
    private final String module;

    Mechanism(String word, String module) {
      this.word = word;
      this.module = module;
    }

    /** The name in SASL and in configurations: {@code SCRAM-SHA-256}. */
    public String word() {
      return word;
    }
  }

  public Sasl {
    requireNonNull(mechanism, "mechanism");
    requireNonNull(username, "username");
    requireNonNull(password, "password");
  }

  void addTo(Map<String, Object> properties) {
    properties.put("sasl.mechanism", mechanism.word);
    properties.put(
        "sasl.jaas.config",
        mechanism.module
            + " required username="
            + quoted(username)
            + " password="
            + quoted(password)
            + ";");
  }

  /** A string of the JAAS grammar. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public String toString() {
    return "Sasl[" + mechanism.word + ", " + username + "]";
  }
}
