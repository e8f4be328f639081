package dev.tallyspan.collector.exporter;

import static dev.tallyspan.collector.exporter.SpanRequests.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.exporter.Destination.Answer;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.UnitSet;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A patient exporter before real servers that fail in the ways that backends do. In every case,
 * each span is accepted or reported as refused, and each request is settled once.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DestinationTest {
  private static final int REQUESTS = 20;
  private static final int SPANS = 10;

  private final List<AutoCloseable> servers = new ArrayList<>();
  private final List<CountingAck> acks = new ArrayList<>();
  private OtlpExporter exporter;

  @AfterEach
  void close() throws Exception {
    if (exporter != null) {
      exporter.close(Duration.ZERO);
    }
    for (AutoCloseable server : servers) {
      server.close();
    }
  }

  private Destination start(Protocol protocol, Function<List<String>, Answer> rule)
      throws Exception {
    Destination destination = new Destination(protocol, rule);
    servers.add(destination);
    return destination;
  }

  /** Returns a port that stays, while the servers behind it come and go. */
  private FaultyWire wire(int target) throws Exception {
    FaultyWire wire = new FaultyWire(target);
    servers.add(wire);
    return wire;
  }

  private void export(Protocol protocol, int port) {
    export(protocol, port, Duration.ofSeconds(10));
  }

  private void export(Protocol protocol, int port, Duration timeout) {
    exporter =
        OtlpExporter.builder("otlp/test", protocol)
            .endpoint("http://localhost:" + port)
            .compression(Compression.NONE)
            .timeout(timeout)
            .patient(true)
            .retry(
                new RetrySettings(
                    true, Duration.ofMillis(1), 1.5, 0.5, Duration.ofMillis(50), Duration.ZERO))
            .build();
  }

  private void sendAll() {
    for (int i = 0; i < REQUESTS; i++) {
      send(names(i * SPANS, SPANS), 0);
    }
  }

  private void send(List<String> names, int size) {
    CountingAck ack = new CountingAck();
    acks.add(ack);
    Slices request = SpanRequests.request(names, size);
    exporter.send(new OtlpRequest(Signal.TRACES, request, names.size(), ack));
  }

  private void awaitAll() {
    await().until(() -> acks.stream().noneMatch(ack -> ack.outcomes.isEmpty()));
  }

  private void assertAllAccepted(Destination destination) {
    awaitAll();
    assertThat(acks).allSatisfy(ack -> assertThat(ack.outcomes).containsOnly(Outcome.ACCEPTED));
    assertThat(new HashSet<>(destination.accepted))
        .isEqualTo(new HashSet<>(names(0, REQUESTS * SPANS)));
    settledOnce();
  }

  private void assertAllAcceptedOnce(Destination destination) {
    assertAllAccepted(destination);
    assertThat(destination.accepted).hasSize(REQUESTS * SPANS);
  }

  private void settledOnce() {
    exporter.close(Duration.ofSeconds(5));
    assertThat(acks).allSatisfy(ack -> assertThat(ack.outcomes).hasSize(1));
  }

  /** A rule that answers the first requests in one way, and accepts the others. */
  private static Function<List<String>, Answer> first(int requests, Answer answer) {
    AtomicInteger count = new AtomicInteger();
    return names -> count.incrementAndGet() <= requests ? answer : Answer.ACCEPT;
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void backendThatIsNotThereYet(Protocol protocol) throws Exception {
    FaultyWire wire = wire(0);
    export(protocol, wire.port());
    sendAll();
    await().until(() -> exporter.queue.failing());
    Destination late = start(protocol, names -> Answer.ACCEPT);
    wire.redirect(late.port());

    assertAllAcceptedOnce(late);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void backendThatRestarts(Protocol protocol) throws Exception {
    AtomicInteger seen = new AtomicInteger();
    Destination before =
        start(protocol, names -> seen.incrementAndGet() <= 5 ? Answer.ACCEPT : Answer.NONE);
    FaultyWire wire = wire(before.port());
    export(protocol, wire.port());
    sendAll();
    await().until(() -> seen.get() > 5);
    wire.redirect(0);
    await().until(() -> exporter.queue.failing());
    Destination after = start(protocol, names -> Answer.ACCEPT);
    wire.redirect(after.port());

    awaitAll();
    List<String> accepted = new ArrayList<>(before.accepted);
    accepted.addAll(after.accepted);
    assertThat(new HashSet<>(accepted)).isEqualTo(new HashSet<>(names(0, REQUESTS * SPANS)));
    settledOnce();
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"DOWN", "UNAUTHENTICATED"})
  void backendThatRefusesForAWhile(Answer answer) throws Exception {
    for (Protocol protocol : Protocol.values()) {
      acks.clear();
      Destination destination = start(protocol, first(15, answer));
      export(protocol, destination.port());
      sendAll();

      assertAllAcceptedOnce(destination);
    }
  }

  static Stream<Arguments> delays() {
    return Stream.of(Protocol.values())
        .flatMap(
            protocol ->
                Stream.of(Answer.DOWN_WITH_DELAY, Answer.THROTTLE)
                    .map(answer -> Arguments.of(protocol, answer)));
  }

  @ParameterizedTest
  @MethodSource("delays")
  void backendThatAsksForAPause(Protocol protocol, Answer answer) throws Exception {
    long start = System.nanoTime();
    Destination destination = start(protocol, first(1, answer));
    export(protocol, destination.port());
    sendAll();

    assertAllAcceptedOnce(destination);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void backendThatIsSlow(Protocol protocol) throws Exception {
    Destination destination =
        start(
            protocol,
            names -> {
              // The server's thread is busy, as if it wrote to a slow disk.
              long end = System.nanoTime() + Duration.ofMillis(20).toNanos();
              while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
              }
              return Answer.ACCEPT;
            });
    export(protocol, destination.port());
    sendAll();

    assertAllAcceptedOnce(destination);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void backendThatAcceptsConnectionsAndNeverAnswers(Protocol protocol) throws Exception {
    Destination destination = start(protocol, first(12, Answer.NONE));
    export(protocol, destination.port(), Duration.ofMillis(300));
    sendAll();

    // Perhaps twice: on a busy machine, what is accepted may be answered too late as well.
    assertAllAccepted(destination);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void connectionsThatAreReset(Protocol protocol) throws Exception {
    Destination destination = start(protocol, names -> Answer.ACCEPT);
    FaultyWire wire = wire(destination.port());
    wire.resetNewConnections(true);
    export(protocol, wire.port());
    sendAll();
    await().until(() -> wire.connections.get() >= 3);
    wire.resetNewConnections(false);

    assertAllAcceptedOnce(destination);
  }

  static Stream<Arguments> rudeServers() {
    return Stream.of(true, false)
        .flatMap(
            goAway ->
                Stream.of(
                        RudeHttp2Server.NO_ERROR,
                        RudeHttp2Server.INTERNAL_ERROR,
                        RudeHttp2Server.ENHANCE_YOUR_CALM)
                    .map(error -> Arguments.of(goAway, error)));
  }

  @ParameterizedTest(name = "goAway={0} error={1}")
  @MethodSource("rudeServers")
  void serverThatEndsStreamsWithoutAnAnswer(boolean goAway, int error) throws Exception {
    RudeHttp2Server rude = new RudeHttp2Server(goAway, error);
    servers.add(rude);
    FaultyWire wire = wire(rude.port());
    export(Protocol.GRPC, wire.port());
    sendAll();
    await().until(() -> rude.requests.get() >= 12);
    Destination polite = start(Protocol.GRPC, names -> Answer.ACCEPT);
    wire.redirect(polite.port());

    assertAllAcceptedOnce(polite);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void partialSuccessIsReportedAndNotRetried(Protocol protocol) throws Exception {
    Destination destination =
        start(protocol, names -> names.contains("15") ? Answer.ALL_BUT_ONE : Answer.ACCEPT);
    export(protocol, destination.port());
    sendAll();
    awaitAll();

    assertThat(acks.get(1).outcomes)
        .containsExactly(
            new Outcome.Partial(1, "exporter otlp/test: the backend rejected 1 of 10 items"));
    acks.remove(1);
    assertThat(acks).allSatisfy(ack -> assertThat(ack.outcomes).containsOnly(Outcome.ACCEPTED));
    assertThat(destination.accepted).hasSize(REQUESTS * SPANS);
    settledOnce();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void oneBadSpanAmong512(Protocol protocol) throws Exception {
    Destination destination =
        start(protocol, names -> names.contains("77") ? Answer.INVALID : Answer.ACCEPT);
    export(protocol, destination.port());
    send(names(0, 512), 0);
    send(names(512, 512), 0);
    awaitAll();

    assertThat(acks.get(0).outcomes)
        .containsExactly(
            new Outcome.Partial(
                1, UnitSet.of(77), "exporter otlp/test: the backend rejected 1 of 512 items"));
    assertThat(acks.get(1).outcomes).containsExactly(Outcome.ACCEPTED);
    List<String> good = new ArrayList<>(names(0, 1024));
    good.remove("77");
    assertThat(destination.accepted).containsExactlyInAnyOrderElementsOf(good);
    settledOnce();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void backendThatRefusesEverythingAsInvalid(Protocol protocol) throws Exception {
    Destination destination = start(protocol, names -> Answer.INVALID);
    export(protocol, destination.port());
    send(names(0, 512), 0);
    awaitAll();

    assertThat(((Outcome.Refused) acks.get(0).outcomes.element()).code())
        .isEqualTo(StatusCode.INVALID_ARGUMENT);
    assertThat(destination.requests).hasSize(21);
    settledOnce();
  }

  @Test
  void quotaThatIsExhaustedIsARefusalOfEverything() throws Exception {
    Destination destination = start(Protocol.GRPC, names -> Answer.EXHAUSTED);
    export(Protocol.GRPC, destination.port());
    send(names(0, 512), 0);
    awaitAll();

    assertThat(((Outcome.Refused) acks.get(0).outcomes.element()).code())
        .isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
    assertThat(destination.requests).hasSize(21);
    settledOnce();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void requestsThatAreTooLargeForTheBackend(Protocol protocol) throws Exception {
    int size = 200_000;
    Destination destination =
        start(
            protocol,
            // Twenty spans are 4 MB.
            names -> names.size() > 20 ? Answer.TOO_LARGE : Answer.ACCEPT);
    export(protocol, destination.port());
    for (int i = 0; i < 4; i++) {
      send(names(i * 50, 50), size);
    }

    assertAllAcceptedOnce(destination);
    // Ten requests may be in flight before the first is refused; then all are split.
    assertThat(destination.requests.stream().filter(names -> names.size() > 20).count())
        .isLessThan(12);
  }
}
