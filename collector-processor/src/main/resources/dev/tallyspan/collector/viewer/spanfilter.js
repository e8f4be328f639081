// Which spans of a trace a filter selects.

/** Conditions are separated by blanks, and quotation marks hold a text together. */
function conditions(query) {
  return [...query.matchAll(/(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)]
    .map(([whole, field, quoted, plain]) => ({field: field?.toLowerCase() ?? '', text: (quoted ?? plain ?? '').toLowerCase(), whole}))
    .filter(each => each.text || each.field);
}

const has = (span, text) => [span.name, span.service, span.subject, span.provider, span.errorType, span.key]
  .some(each => each !== undefined && each.toLowerCase().includes(text));

function test({field, text, whole}) {
  if (field === 'tool') return span => span.operation === 'execute_tool' && (`${span.subject ?? ''} ${span.name}`).toLowerCase().includes(text);
  if (field) return span => has(span, whole.replaceAll('"', '').toLowerCase());
  if (whole === 'error') return span => span.failed;
  if (whole === 'llm') return span => span.call === true;
  return span => has(span, text);
}

/**
 * Returns what a filter selects; null if it is empty.
 *
 * matched has the indexes of the spans that fulfil all conditions, kept also those of their
 * ancestors; texts are what to mark in names.
 */
export function filterSpans(spans, query) {
  const all = conditions(query);
  if (all.length === 0) return null;
  const tests = all.map(test);
  const matched = new Set();
  const kept = new Set();
  spans.forEach((span, i) => {
    if (!tests.every(each => each(span))) return;
    matched.add(i);
    for (let at = i; at >= 0 && !kept.has(at); at = spans[at].parent) kept.add(at);
  });
  return {matched, kept, texts: all.filter(each => each.text && !['error', 'llm'].includes(each.whole)).map(each => each.text)};
}

/** The pieces of a text, those that one of the texts is in at the odd places. */
export function pieces(value, texts) {
  const lower = value.toLowerCase();
  // A text whose lower case has another length has no places to mark.
  if (lower.length !== value.length) return [value];
  const found = [];
  let from = 0;
  while (from < value.length) {
    let at = -1;
    let length = 0;
    for (const text of texts) {
      const next = lower.indexOf(text, from);
      if (next >= 0 && (at < 0 || next < at)) {
        at = next;
        length = text.length;
      }
    }
    if (at < 0) break;
    found.push(value.slice(from, at), value.slice(at, at + length));
    from = at + length;
  }
  found.push(value.slice(from));
  return found;
}
