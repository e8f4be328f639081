// Conversations, values and long texts.
import {h, copy} from './dom.js';
import {VirtualList} from './virtual.js';
import * as f from './format.js';

/** Beyond this, a text gets a scroller of its own with only its visible lines. */
const LONG = 20_000;
const FOLDED = 1_600;
const COLUMNS = 104;
const LINE = 19;
const IMAGES = /^image\/(png|jpeg|gif|webp)$/i;

export function text(value) {
  return h('div', {class: 'text', dir: 'auto'}, value ?? '');
}

/** Positions of lines, broken after a number of columns. */
function lines(value) {
  const starts = [];
  let at = 0;
  while (at < value.length) {
    let end = value.indexOf('\n', at);
    if (end < 0) end = value.length;
    if (end === at) starts.push(at, at);
    while (at < end) {
      let cut = Math.min(end, at + COLUMNS);
      const unit = value.charCodeAt(cut - 1);
      if (cut < end && unit >= 0xd800 && unit < 0xdc00) cut--;
      starts.push(at, cut);
      at = cut;
    }
    at = end + 1;
  }
  return starts;
}

/**
 * @param keep gets each list that must be closed
 * @param shown the number of lines that are visible at least
 */
export function longText(value, keep, shown = 24) {
  if (value.length <= LONG) {
    const box = h('div', {class: 'text mono', dir: 'auto'}, value);
    return value.length > FOLDED && shown < 40 ? folded(box, value) : box;
  }
  const starts = lines(value);
  const list = new VirtualList({
    height: LINE, label: 'Text', classes: 'mono longtext', role: 'group',
    row: i => h('div', {class: 'textline'}, value.slice(starts[2 * i], starts[2 * i + 1])),
  });
  list.setLength(starts.length / 2);
  list.element.style.height = `${Math.min(Math.max(shown, 24), starts.length / 2) * LINE + 12}px`;
  return h('div', {class: 'longbox'},
    h('div', {class: 'raw-head'}, h('span', {class: 'muted'}, `${f.count(value.length)} characters`),
      h('button', {onclick: () => copy(value, 'Text')}, 'Copy')),
    keep(list));
}

function folded(box, value) {
  box.classList.add('folded');
  const more = h('button', {class: 'link', onclick: () => {
    box.classList.toggle('folded');
    more.textContent = box.classList.contains('folded') ? `Show all ${f.count(value.length)} characters` : 'Show less';
  }}, `Show all ${f.count(value.length)} characters`);
  return h('div', {}, box, more);
}

/** A value of any shape; a text that is JSON is shown as what it says. */
export function json(value, keep) {
  if (typeof value === 'string') {
    const trimmed = value.trim();
    if (trimmed.length < LONG && /^[[{]/.test(trimmed)) {
      try {
        return json(JSON.parse(trimmed), keep);
      } catch {
        // Shown as it is.
      }
    }
    return longText(value, keep);
  }
  return longText(JSON.stringify(value, null, 2) ?? 'null', keep);
}

export function chat(llm, keep) {
  const results = new Map();
  for (const message of array(llm.input)) {
    for (const part of array(message?.parts)) {
      if (part?.type === 'tool_call_response' && part.id) results.set(part.id, part);
    }
  }
  const paired = new Set();
  const rows = [];
  if (llm.system) rows.push(bubble('system', null, parts(array(llm.system), keep, results, paired), true));
  const input = array(llm.input);
  // Results belong to the calls above them.
  for (const message of input) {
    const content = parts(array(message?.parts), keep, results, paired);
    if (content.length) rows.push(bubble(String(message?.role ?? ''), message?.name, content, message?.role === 'system'));
  }
  const output = array(llm.output);
  if (output.length) rows.push(h('div', {class: 'answer-line'}, output.length > 1 ? `${output.length} answers` : 'answer'));
  for (const message of output) {
    rows.push(bubble(String(message?.role ?? 'assistant'), message?.finish_reason, parts(array(message?.parts), keep, results, paired), false, true));
  }
  return h('div', {class: 'chat'}, rows);
}

function bubble(role, note, content, isFolded = false, answer = false) {
  const known = ['system', 'user', 'assistant', 'tool'].includes(role) ? role : 'other';
  const head = [h('span', {class: 'role'}, role || 'message'), note ? h('span', {class: 'muted'}, note) : null];
  const classes = `message ${known}${answer ? ' answer' : ''}`;
  return isFolded
    ? h('details', {class: classes, open: content.length > 0 && content.every(each => each.textContent.length < 400)}, h('summary', {}, head), content)
    : h('article', {class: classes}, h('div', {class: 'message-head'}, head), content);
}

/** The parts of a message; results that were shown with their calls are left out. */
export function parts(all, keep, results, paired) {
  const shown = [];
  for (const part of all) {
    if (typeof part !== 'object' || part === null) {
      shown.push(text(String(part)));
      continue;
    }
    switch (part.type) {
      case 'text':
        shown.push(longText(String(part.content ?? ''), keep));
        break;
      case 'reasoning':
        shown.push(h('details', {class: 'thinking'}, h('summary', {}, 'Thinking'),
          part.content ? longText(String(part.content), keep) : h('p', {class: 'muted'}, 'The provider withheld it.')));
        break;
      case 'tool_call': {
        const result = part.id ? results.get(part.id) : undefined;
        if (result) paired.add(result);
        shown.push(h('div', {class: 'toolcall'},
          h('div', {class: 'message-head'}, h('b', {}, String(part.name ?? 'tool')), part.id ? h('code', {class: 'muted'}, String(part.id)) : null),
          part.arguments === undefined ? null : json(part.arguments, keep),
          result ? [h('div', {class: 'arrow muted'}, 'result'), json(result.response, keep)] : null));
        break;
      }
      case 'tool_call_response':
        if (!paired.has(part)) {
          shown.push(h('div', {class: 'toolcall'},
            h('div', {class: 'message-head'}, h('b', {}, 'result'), part.id ? h('code', {class: 'muted'}, String(part.id)) : null),
            json(part.response, keep)));
        }
        break;
      case 'blob':
        shown.push(IMAGES.test(part.mime_type ?? '') && /^[A-Za-z0-9+/=\s]+$/.test(part.content ?? '')
          ? h('img', {class: 'thumb', alt: `image of ${f.bytes(part.content.length * 0.75)}`, src: `data:${part.mime_type};base64,${part.content}`})
          : h('p', {class: 'media'}, `${part.modality ?? 'data'} ${part.mime_type ?? ''}, ${f.bytes(String(part.content ?? '').length * 0.75)}`));
        break;
      case 'uri':
        // Not loaded and not a link that loads: nothing leaves this machine by looking.
        shown.push(h('p', {class: 'media'}, `${part.modality ?? 'resource'} `, h('code', {}, String(part.uri ?? ''))));
        break;
      case 'file':
        shown.push(h('p', {class: 'media'}, `${part.modality ?? 'file'} `, h('code', {}, String(part.file_id ?? ''))));
        break;
      default:
        shown.push(h('div', {class: 'toolcall'}, h('div', {class: 'message-head'}, h('b', {}, String(part.type ?? 'part').replaceAll('_', ' '))), json(part, keep)));
    }
  }
  return shown;
}

function array(value) {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

// ---- Markdown ----

function plain(part) {
  if (typeof part !== 'object' || part === null) return String(part);
  switch (part.type) {
    case 'text': return String(part.content ?? '');
    case 'reasoning': return `_thinking:_ ${part.content ?? ''}`;
    case 'tool_call': return `calls \`${part.name}\`\n\n${fence(part.arguments)}`;
    case 'tool_call_response': return `result\n\n${fence(part.response)}`;
    case 'blob': return `(${part.modality ?? 'data'} ${part.mime_type ?? ''})`;
    case 'uri': return String(part.uri ?? '');
    default: return fence(part);
  }
}

/** A block that its own content cannot close. */
function fence(value) {
  const content = typeof value === 'string' ? value : JSON.stringify(value, null, 2) ?? '';
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map(each => each.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}\n${content}\n${ticks}`;
}

/** Spans as a text to paste into an issue or a chat. */
export function markdown(spans) {
  const out = [];
  for (const span of spans) {
    const took = f.duration(Number(BigInt(span.endNanos) - BigInt(span.startNanos)));
    out.push(`## ${span.name.replace(/\s+/g, ' ')}`);
    const facts = [`trace ${span.traceId}`, `span ${span.spanId}`, took, span.service];
    if (span.llm) {
      const usage = span.llm.usage;
      facts.push(span.llm.provider, span.llm.responseModel || span.llm.requestModel);
      if (usage) facts.push(`${usage.input ?? '?'} in, ${usage.output ?? '?'} out`);
      facts.push(span.cost.total === undefined ? span.cost.status : `${span.cost.total} ${span.cost.currency}`);
    }
    if (span.failed) facts.push(`**${span.errorType || 'error'}** ${span.statusMessage}`);
    out.push(facts.filter(Boolean).join(' · '));
    const llm = span.llm ?? {};
    if (llm.system) out.push('**system**', array(llm.system).map(plain).join('\n\n'));
    for (const message of [...array(llm.input), ...array(llm.output)]) {
      out.push(`**${message?.role ?? 'message'}**`, array(message?.parts).map(plain).join('\n\n'));
    }
    if (llm.arguments !== undefined) out.push('**arguments**', fence(llm.arguments));
    if (llm.result !== undefined) out.push('**result**', fence(llm.result));
    if (llm.query) out.push('**query**', llm.query);
    if (llm.documents) out.push('**documents**', fence(llm.documents));
  }
  return out.join('\n\n') + '\n';
}
