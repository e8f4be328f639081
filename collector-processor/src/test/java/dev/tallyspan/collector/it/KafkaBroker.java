package dev.tallyspan.collector.it;

import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.exporter.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A broker of Kafka, which is also the controller, in a JVM of its own on the loopback. It can be
 * reached without protection, with SASL over TLS, and with certificates on both sides.
 */
final class KafkaBroker implements AutoCloseable {

  static final String USER = "tallyspan";

  /** With what the grammar of JAAS has a meaning for. */
  static final String PASSWORD = "secret\\with \"quotes\"; and more";

  private static final Duration START = Duration.ofSeconds(300);

  private final Path directory;
  private final Path properties;
  private final String address;
  private final String saslAddress;
  private final String tlsAddress;
  private final Certificate server;
  private final Certificate client;
  private final Admin admin;
  private JavaProcess process;
  private int starts;

  private KafkaBroker(Path directory, Random random) throws Exception {
    this.directory = Files.createDirectories(directory);
    properties = directory.resolve("server.properties");
    int port = Ports.free(random);
    int controller = Ports.free(random);
    int sasl = Ports.free(random);
    int tls = Ports.free(random);
    address = "127.0.0.1:" + port;
    saslAddress = "localhost:" + sasl;
    tlsAddress = "localhost:" + tls;
    server = Certificate.of("localhost", directory);
    client = Certificate.of("client", directory);
    Path identity = directory.resolve("identity.pem");
    Files.writeString(identity, Files.readString(server.key()) + Files.readString(server.cert()));
    Files.writeString(
        properties,
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        inter.broker.listener.name=PLAINTEXT
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d,SASL://127.0.0.1:%3$d,TLS://127.0.0.1:%4$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,SASL://localhost:%3$d,TLS://localhost:%4$d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_SSL,TLS:SSL
        ssl.keystore.type=PEM
        ssl.keystore.location=%5$s
        ssl.truststore.type=PEM
        ssl.truststore.location=%6$s
        listener.name.tls.ssl.client.auth=required
        sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
        listener.name.sasl.plain.sasl.jaas.config=%7$s required user_%8$s=%9$s;
        listener.name.sasl.scram-sha-256.sasl.jaas.config=%10$s required;
        listener.name.sasl.scram-sha-512.sasl.jaas.config=%10$s required;
        log.dirs=%11$s
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        """
            .formatted(
                port,
                controller,
                sasl,
                tls,
                identity,
                client.cert(),
                "org.apache.kafka.common.security.plain.PlainLoginModule",
                USER,
                inProperties(quoted(PASSWORD)),
                "org.apache.kafka.common.security.scram.ScramLoginModule",
                directory.resolve("data")));
    // Answers of a broker that starts take long on a busy machine.
    admin = Admin.create(Map.of("bootstrap.servers", address, "default.api.timeout.ms", 60_000));
  }

  /** A string of the JAAS grammar. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String inProperties(String value) {
    return value.replace("\\", "\\\\");
  }

  /** Starts a broker and waits until it answers. */
  static KafkaBroker start(Path directory, Random random) throws Exception {
    KafkaBroker broker = new KafkaBroker(directory, random);
    try {
      broker.format();
      broker.restart();
      broker.addUser();
      return broker;
    } catch (Throwable e) {
      broker.close();
      throw e;
    }
  }

  private void format() throws Exception {
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
  }

  private void addUser() throws Exception {
    for (ScramMechanism each :
        List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      USER, new ScramCredentialInfo(each, /* iterations= */ 4096), PASSWORD)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  /** Ends the broker as a crash does. */
  void kill() {
    process.kill();
  }

  /** Starts the broker with what it had, and waits until it answers. */
  void restart() throws IOException {
    JavaProcess started =
        java(directory.resolve("broker-" + starts++), "kafka.Kafka", properties.toString());
    process = started;
    await("the broker")
        .atMost(START)
        .until(
            () -> {
              if (!started.isAlive()) {
                throw new AssertionError(started.output());
              }
              return answers();
            });
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

  /** What clients must know: addresses, and files of certificates. */
  Map<String, String> environment() {
    return Map.of(
        "BROKER", address,
        "BROKER_SASL", saslAddress,
        "BROKER_TLS", tlsAddress,
        "BROKER_USER", USER,
        "BROKER_PASSWORD", PASSWORD,
        "CA", server.cert().toString(),
        "CLIENT_CERT", client.cert().toString(),
        "CLIENT_KEY", client.key().toString());
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

  /**
   * Returns the partitions of each member of a group; empty while it rebalances or is not known.
   */
  Map<String, Set<TopicPartition>> assignment(String group) throws Exception {
    Map<String, Set<TopicPartition>> assignment = new TreeMap<>();
    ConsumerGroupDescription described;
    try {
      described =
          admin
              .describeConsumerGroups(List.of(group))
              .describedGroups()
              .get(group)
              .get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return assignment;
      }
      throw e;
    }
    if (described.groupState() == GroupState.STABLE) {
      described
          .members()
          .forEach(each -> assignment.put(each.consumerId(), each.assignment().topicPartitions()));
    }
    return assignment;
  }

  /** Returns everything that is in a topic. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", address),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  /** Lets nothing wait for the broker's own shutdown, which waits for others. */
  @Override
  public void close() {
    admin.close(Duration.ZERO);
    if (process != null) {
      process.kill();
    }
  }
}
