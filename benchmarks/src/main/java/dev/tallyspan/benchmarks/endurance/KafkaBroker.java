package dev.tallyspan.benchmarks.endurance;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A broker of Kafka on the loopback, which is also the controller, in a JVM of its own from the
 * class path of this one. Its topics have one replica.
 */
final class KafkaBroker implements Closeable {

  private static final int NODE = 1;
  private static final long SECONDS = 60;

  private final String address;
  private final Admin admin;
  private final MeasuredProcess process;

  /**
   * Starts a broker, and waits until it answers.
   *
   * @param directory for its data and its log; exists
   */
  KafkaBroker(Path directory) throws IOException, InterruptedException {
    ServerProcess.Ports ports = ServerProcess.Ports.free();
    address = "127.0.0.1:" + ports.grpc();
    Path properties =
        Files.writeString(
            directory.resolve("server.properties"),
            """
            process.roles=broker,controller
            node.id=%1$d
            controller.quorum.voters=%1$d@127.0.0.1:%3$d
            controller.listener.names=CONTROLLER
            listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%3$d
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            log.dirs=%4$s
            auto.create.topics.enable=false
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            group.initial.rebalance.delay.ms=0
            """
                .formatted(NODE, ports.grpc(), ports.http(), directory.resolve("data")));
    format(directory.resolve("format.log"), properties);
    admin = Admin.create(Map.of("bootstrap.servers", address));
    try {
      process =
          MeasuredProcess.start(
              java("kafka.Kafka", properties.toString()),
              Map.of(),
              directory.resolve("broker.log"),
              this::answers);
    } catch (IOException | InterruptedException e) {
      admin.close();
      throw e;
    }
  }

  private static void format(Path log, Path properties) throws IOException, InterruptedException {
    Process format =
        new ProcessBuilder(
                java(
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    Uuid.randomUuid().toString(),
                    "-c",
                    properties.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!format.waitFor(SECONDS, TimeUnit.SECONDS) || format.exitValue() != 0) {
      format.destroyForcibly();
      throw new IOException("the broker's storage was not formatted:\n" + Files.readString(log));
    }
  }

  private static List<String> java(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(arguments));
    return command;
  }

  private boolean answers() {
    try {
      return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
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
        .get(SECONDS, TimeUnit.SECONDS);
  }

  /** The size of a topic on disk, in bytes: what was written, as it was compressed. */
  long bytes(String topic) throws Exception {
    long bytes = 0;
    for (var directory :
        admin
            .describeLogDirs(List.of(NODE))
            .allDescriptions()
            .get(SECONDS, TimeUnit.SECONDS)
            .get(NODE)
            .values()) {
      for (Map.Entry<TopicPartition, ReplicaInfo> each : directory.replicaInfos().entrySet()) {
        bytes += each.getKey().topic().equals(topic) ? each.getValue().size() : 0;
      }
    }
    return bytes;
  }

  double cpuSeconds() throws IOException {
    return process.cpuSeconds();
  }

  @Override
  public void close() {
    admin.close();
    process.close();
  }
}
