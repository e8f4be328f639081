package dev.tallyspan.collector.kafka;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import dev.tallyspan.collector.json.ProtoToJson;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How a request is written as the value of a record. */
public enum KafkaEncoding {
  /** The request's protobuf, as it is. */
  OTLP_PROTO("otlp_proto"),
  /** The JSON of OTLP. */
  OTLP_JSON("otlp_json");

  private final String word;

  KafkaEncoding(String word) {
    this.word = word;
  }

  /** The name in configurations. */
  public String word() {
    return word;
  }

  /**
   * Returns the value of a record.
   *
   * @throws MalformedRequestException if the request is not what the signal's requests are;
   *     protobuf is not looked into
   */
  public byte[] encode(Signal signal, Slices request) throws MalformedRequestException {
    if (this == OTLP_PROTO) {
      return request.contiguous();
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      ProtoToJson.write(signal, request, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return json.toByteArray();
  }

  /**
   * Returns the protobuf of a request.
   *
   * @throws InvalidJsonException if the value is not OTLP in JSON; protobuf is not looked into
   */
  public byte[] decode(Signal signal, byte[] value, int maxBytes) throws InvalidJsonException {
    return this == OTLP_PROTO ? value : JsonToProto.convert(signal, value, maxBytes);
  }
}
