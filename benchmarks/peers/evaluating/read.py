"""Reads a file of a dataset as a tool's own package does, and says what came of it; without network.

    read.py FORMAT FILE
"""

import json
import sys
from pathlib import Path

HOSTILE = "{{ env.HOME }} {% set x = 1 %}"


def rows(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def inspect(file):
    from inspect_ai.dataset import json_dataset

    samples = list(json_dataset(str(file)))
    ids = [sample.id for sample in samples]
    assert ids == [row["id"] for row in rows(file)], ids
    assert all(sample.target == "" for sample in samples)
    assert not any(sample.files or sample.setup or sample.sandbox for sample in samples)
    texts = [message.text for sample in samples for message in sample.input]
    assert sum(HOSTILE in text for text in texts) == 1
    called = [call.function for sample in samples for message in sample.input for call in getattr(message, "tool_calls", None) or []]
    assert called == ["book"], called
    return f"{len(samples)} samples of json_dataset"


def langsmith(file):
    from langsmith.schemas import ExampleCreate

    examples = [ExampleCreate(**row) for row in rows(file)]
    assert all(example.id and example.inputs["messages"] and example.reference_outputs is None for example in examples)
    assert {example.split for example in examples} == {"regression"}
    return f"{len(examples)} valid as ExampleCreate"


def langfuse(file):
    from langfuse.api import CreateDatasetItemRequest

    known = set(CreateDatasetItemRequest.model_json_schema(by_alias=True)["properties"])
    names = {field.alias or name for name, field in CreateDatasetItemRequest.model_fields.items()} | known
    items = []
    for row in rows(file):
        camel = {snake(name) for name in names} | names
        assert set(row) <= camel | {"datasetName", "expectedOutput", "sourceTraceId", "sourceObservationId"}, set(row) - camel
        items.append(CreateDatasetItemRequest(**{snake(name): value for name, value in row.items()}))
    assert all(item.expected_output is None and len(item.id) <= 255 and item.source_trace_id for item in items)
    return f"{len(items)} valid as CreateDatasetItemRequest"


def braintrust(file):
    from braintrust.framework import EvalCase
    from braintrust.logger import _validate_and_sanitize_metadata

    cases = [EvalCase.from_dict_deep(row) for row in rows(file)]
    for case in cases:
        _validate_and_sanitize_metadata(case.metadata)
        assert case.input["messages"] and case.expected is None and len(set(case.tags)) == len(case.tags)
    return f"{len(cases)} valid as EvalCase"


def snake(name):
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


if __name__ == "__main__":
    print(globals()[sys.argv[1]](Path(sys.argv[2])))
