package dev.tallyspan.collector.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A broker of Kafka, which is also the controller, in a JVM of its own on the loopback. */
final class KafkaBroker implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(120);

  private final String address;
  private final JavaProcess process;
  private final Admin admin;

  private KafkaBroker(String address, JavaProcess process) {
    this.address = address;
    this.process = process;
    // Answers of a broker that starts take long on a busy machine.
    admin = Admin.create(Map.of("bootstrap.servers", address, "default.api.timeout.ms", 60_000));
  }

  /**
   * Starts a broker and waits until it answers.
   *
   * @param ports two that are free
   */
  static KafkaBroker start(Path directory, int[] ports) throws Exception {
    Files.createDirectories(directory);
    Path properties = directory.resolve("server.properties");
    String address = "127.0.0.1:" + ports[0];
    Files.writeString(
        properties,
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=%3$s
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        """
            .formatted(ports[0], ports[1], directory.resolve("data")));
    try (JavaProcess format =
        java(
            directory.resolve("format"),
            "kafka.tools.StorageTool",
            "format",
            "-t",
            Uuid.randomUuid().toString(),
            "-c",
            properties.toString())) {
      format.finish();
    }
    JavaProcess process = java(directory.resolve("broker"), "kafka.Kafka", properties.toString());
    KafkaBroker broker = new KafkaBroker(address, process);
    try {
      await("the broker")
          .atMost(START)
          .until(
              () -> {
                if (!process.isAlive()) {
                  throw new AssertionError(process.output());
                }
                return broker.answers();
              });
      return broker;
    } catch (Throwable e) {
      broker.close();
      throw e;
    }
  }

  private static JavaProcess java(Path directory, String... arguments) throws IOException {
    String[] all = new String[arguments.length + 3];
    all[0] = "-Xmx256m";
    all[1] = "-cp";
    all[2] = System.getProperty("java.class.path");
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return JavaProcess.start(directory, Map.of(), all);
  }

  private boolean answers() {
    try {
      return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
    } catch (Exception e) {
      return false;
    }
  }

  String address() {
    return address;
  }

  void createTopic(String name, int partitions) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
        .all()
        .get(60, TimeUnit.SECONDS);
  }

  /** Returns the offsets that a group has committed, by partition. */
  Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get(60, TimeUnit.SECONDS);
  }

  /** Lets nothing wait for the broker's own shutdown, which waits for others. */
  @Override
  public void close() {
    admin.close(Duration.ZERO);
    process.kill();
  }
}
