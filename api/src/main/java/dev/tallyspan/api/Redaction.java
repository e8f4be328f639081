package dev.tallyspan.api;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Blob;
import dev.tallyspan.semconv.MessagePart.Compaction;
import dev.tallyspan.semconv.MessagePart.Generic;
import dev.tallyspan.semconv.MessagePart.Reasoning;
import dev.tallyspan.semconv.MessagePart.ServerToolCall;
import dev.tallyspan.semconv.MessagePart.ServerToolCallResponse;
import dev.tallyspan.semconv.MessagePart.StoredFile;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.MessagePart.ToolCallResponse;
import dev.tallyspan.semconv.MessagePart.Uri;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Content with every text passed through a function. */
final class Redaction implements ContentCapture {

  private final UnaryOperator<String> redaction;

  Redaction(UnaryOperator<String> redaction) {
    this.redaction = Objects.requireNonNull(redaction, "redaction");
  }

  @Override
  public boolean captures(Kind kind) {
    return true;
  }

  @Override
  public List<Message> messages(Kind kind, List<Message> messages) {
    return messages.stream().map(this::message).toList();
  }

  @Override
  public List<MessagePart> parts(Kind kind, List<MessagePart> parts) {
    return parts.stream().map(this::part).toList();
  }

  @Override
  public Value<?> value(Kind kind, Value<?> value) {
    return value(value);
  }

  @Override
  public String text(Kind kind, String text) {
    return text(text);
  }

  private Message message(Message message) {
    return new Message(
        message.role(),
        message.parts().stream().map(this::part).toList(),
        message.name(),
        message.finishReason(),
        members(message.extra()));
  }

  private MessagePart part(MessagePart part) {
    Map<String, Value<?>> extra = members(part.extra());
    if (part instanceof Text it) {
      return new Text(text(it.content()), extra);
    }
    if (part instanceof Reasoning it) {
      return new Reasoning(text(it.content()), extra);
    }
    if (part instanceof ToolCall it) {
      Value<?> arguments = it.arguments();
      return new ToolCall(it.id(), it.name(), arguments == null ? null : value(arguments), extra);
    }
    if (part instanceof ToolCallResponse it) {
      return new ToolCallResponse(it.id(), value(it.response()), extra);
    }
    if (part instanceof ServerToolCall it) {
      return new ServerToolCall(it.id(), it.name(), value(it.call()), extra);
    }
    if (part instanceof ServerToolCallResponse it) {
      return new ServerToolCallResponse(it.id(), value(it.response()), extra);
    }
    if (part instanceof Blob it) {
      return new Blob(it.mimeType(), it.modality(), "", extra);
    }
    if (part instanceof StoredFile it) {
      return new StoredFile(it.mimeType(), it.modality(), it.fileId(), extra);
    }
    if (part instanceof Uri it) {
      return new Uri(it.mimeType(), it.modality(), text(it.uri()), extra);
    }
    if (part instanceof Compaction it) {
      String content = it.content();
      return new Compaction(it.id(), content == null ? null : text(content), extra);
    }
    return new Generic(part.type(), extra);
  }

  private Map<String, Value<?>> members(Map<String, Value<?>> members) {
    if (members.isEmpty()) {
      return members;
    }
    Map<String, Value<?>> redacted = new LinkedHashMap<>();
    members.forEach((name, value) -> redacted.put(name, value(value)));
    return redacted;
  }

  private Value<?> value(Value<?> value) {
    Object content = value.getValue();
    if (value.getType() == ValueType.STRING) {
      return Value.of(text((String) content));
    }
    if (value.getType() == ValueType.BYTES) {
      return Value.of("");
    }
    if (content instanceof List<?> list) {
      List<Value<?>> elements = new ArrayList<>(list.size());
      List<KeyValue> members = new ArrayList<>();
      for (Object each : list) {
        if (each instanceof KeyValue member) {
          members.add(KeyValue.of(member.getKey(), value(member.getValue())));
        } else if (each instanceof Value<?> element) {
          elements.add(value(element));
        }
      }
      return value.getType() == ValueType.KEY_VALUE_LIST
          ? Value.of(members.toArray(new KeyValue[0]))
          : Value.of(elements);
    }
    return value;
  }

  private String text(String text) {
    @Nullable String redacted = redaction.apply(text);
    return redacted == null ? "" : redacted;
  }
}
