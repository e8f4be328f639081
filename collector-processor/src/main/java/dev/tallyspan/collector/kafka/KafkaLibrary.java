package dev.tallyspan.collector.kafka;

/** Whether Kafka's client is there. It is in a jar beside the main one. */
public final class KafkaLibrary {

  private static final String CLASS = "org.apache.kafka.clients.consumer.KafkaConsumer";

  private KafkaLibrary() {}

  /**
   * Checks that the jar with the client is beside the main one.
   *
   * @param component the one that needs it, as the configuration names it: {@code exporters.kafka}
   * @throws IllegalArgumentException if it is not
   */
  public static void require(String component) {
    try {
      Class.forName(CLASS, /* initialize= */ false, KafkaLibrary.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          component
              + ": needs kafka-clients.jar beside tallyspan.jar: unpack the whole archive, or remove "
              + component,
          e);
    }
  }
}
