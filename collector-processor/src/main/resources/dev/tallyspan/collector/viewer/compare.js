// Two traces side by side: sums, what was asked and answered, and step by step.
import {h, icon, replace} from './dom.js';
import {get, id} from './api.js';
import {flatten, kind} from './trace.js';
import {runs, sideBySide} from './diff.js';
import * as f from './format.js';

/** More steps are not compared: their alignment would take too long. */
const MAX_STEPS = 1_000;

export function comparePage(url) {
  const ids = [url.searchParams.get('a') ?? '', url.searchParams.get('b') ?? ''];
  const element = h('section', {class: 'page reading wide'});

  async function load() {
    const traces = await Promise.all(ids.map(each => get(`traces/${id(each)}`)));
    const [a, b] = traces.map(each => each.summary);
    const texts = h('div', {});
    replace(element,
      h('div', {class: 'headline'}, h('h1', {}, 'Comparison'),
        h('div', {class: 'actions'}, h('a', {class: 'button', href: `/compare?a=${id(ids[1])}&b=${id(ids[0])}`}, 'Swap'))),
      h('table', {class: 'lines compare'},
        h('thead', {}, h('tr', {}, h('td', {}), traces.map((each, i) => h('th', {}, h('a', {href: `/traces/${id(each.summary.traceId)}`}, `${'AB'[i]} · ${f.time(each.summary.startMillis)}`))), h('th', {class: 'num'}, 'B against A'))),
        h('tbody', {},
          line('Cost', f.money(a.cost) || '–', f.money(b.cost) || '–', costs(a.cost, b.cost)),
          line('Duration', f.duration(a.durationNanos), f.duration(b.durationNanos), change(a.durationNanos, b.durationNanos)),
          line('First token', f.duration(a.firstTokenNanos ?? 0) || '–', f.duration(b.firstTokenNanos ?? 0) || '–', change(a.firstTokenNanos, b.firstTokenNanos)),
          line('Input tokens', f.count(a.inputTokens), f.count(b.inputTokens), change(a.inputTokens, b.inputTokens)),
          line('of which cached', f.count(a.cachedTokens), f.count(b.cachedTokens), change(a.cachedTokens, b.cachedTokens)),
          line('Output tokens', f.count(a.outputTokens), f.count(b.outputTokens), change(a.outputTokens, b.outputTokens)),
          line('Model calls', f.count(a.calls), f.count(b.calls), change(a.calls, b.calls)),
          line('Errors', f.count(a.errors), f.count(b.errors), change(a.errors, b.errors)),
          line('Models', a.models.join(', '), b.models.join(', '), ''))),
      texts, steps(traces));
    await wholes(traces, texts);
  }

  /** What was asked in the first model call, and answered in the last one. */
  async function wholes(traces, into) {
    const ends = await Promise.all(traces.map(async trace => {
      const calls = flatten(trace.spans).map(({i}) => trace.spans[i]).filter(span => span.call);
      return calls.length === 0 ? {} : {first: await detail(trace, calls[0]), last: await detail(trace, calls.at(-1))};
    }));
    const [a, b] = ends.map(({first, last}) => ({
      System: texts(first).System, Question: texts(first).Question, Answer: texts(last).Answer,
    }));
    replace(into, differences(a, b, 'h2'));
  }

  return {element, title: 'Comparison', load};
}

async function detail(trace, span) {
  return span && get(`traces/${id(trace.summary.traceId)}/spans/${id(span.key)}`);
}

// ---- texts ----

function array(value) {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

function value(of) {
  return typeof of === 'string' ? of : JSON.stringify(of, null, 2) ?? '';
}

function readable(part) {
  if (typeof part !== 'object' || part === null) return String(part);
  switch (part.type) {
    case 'text': case 'reasoning': return value(part.content);
    case 'tool_call': return `${part.name ?? 'tool'} ${value(part.arguments)}`;
    case 'tool_call_response': return value(part.response);
    case 'blob': return `(${part.modality ?? 'data'} ${part.mime_type ?? ''})`;
    default: return value(part);
  }
}

/** The texts of a span that can be compared, by their names; undefined where it has none. */
function texts(span) {
  const llm = span?.llm ?? {};
  const of = parts => parts.length ? parts.map(readable).join('\n\n') : undefined;
  const parts = messages => messages.flatMap(message => array(message?.parts));
  const asked = array(llm.input).filter(message => message?.role === 'user').at(-1);
  return {
    System: of(array(llm.system)),
    Question: of(parts(array(asked))),
    Answer: of(parts(array(llm.output))),
    Arguments: llm.arguments === undefined ? undefined : value(llm.arguments),
    Result: llm.result === undefined ? undefined : value(llm.result),
    Query: llm.query || undefined,
    Error: span?.failed ? `${span.errorType || 'error'} ${span.statusMessage ?? ''}`.trim() : undefined,
  };
}

function differences(a, b, heading = 'h3') {
  const names = Object.keys(a).filter(name => a[name] !== undefined || b[name] !== undefined);
  return names.map(name => h('section', {class: 'card difference'},
    h(heading, {}, name, a[name] === b[name] ? h('span', {class: 'flag'}, 'same') : null),
    a[name] === undefined || b[name] === undefined
      ? h('p', {class: 'muted'}, `Only in ${a[name] === undefined ? 'B' : 'A'}.`) : null,
    sideBySide(a[name] ?? '', b[name] ?? '')));
}

// ---- steps ----

/** Pairs of steps: by name and order, and between those by what kind of step they are. */
function align(a, b) {
  const pairs = [];
  const by = (left, right, key, otherwise) => {
    const keyed = runs(left.map(key), right.map(key));
    let i = 0;
    let j = 0;
    for (const run of keyed) {
      const x = left.slice(i, i += run.a.length);
      const y = right.slice(j, j += run.b.length);
      if (run.same) x.forEach((step, n) => pairs.push([step, y[n]]));
      else otherwise(x, y);
    }
  };
  by(a, b, step => `${step.span.operation ?? ''} ${step.span.name}`, (x, y) =>
    by(x, y, step => `${kind(step.span)} ${step.span.operation ?? step.span.name}`, (left, right) => {
      left.forEach(step => pairs.push([step, null]));
      right.forEach(step => pairs.push([null, step]));
    }));
  return pairs;
}

function steps(traces) {
  const [a, b] = traces.map(trace => flatten(trace.spans).slice(0, MAX_STEPS).map(({i, depth}) => ({span: trace.spans[i], depth})));
  const left = Math.max(...traces.map(trace => trace.spans.length)) - MAX_STEPS;
  return h('section', {class: 'steps'}, h('h2', {}, 'Steps'),
    h('p', {class: 'muted'}, 'Aligned by name and order. Open a step to compare what it was asked and answered.'),
    h('div', {class: 'mini'},
      h('div', {class: 'step-row step-head', 'aria-hidden': 'true'}, h('span', {}, 'Step'), ['Duration', 'Tokens', 'Cost'].map(name => h('span', {class: 'num'}, name))),
      align(a, b).map(pair => step(traces, pair)),
      left > 0 ? h('p', {class: 'muted'}, `Steps after the first ${f.count(MAX_STEPS)} are left out.`) : null));
}

function step(traces, [a, b]) {
  const shown = (a ?? b).span;
  const classes = `step${a ? b ? '' : ' only-a' : ' only-b'}${a?.span.failed || b?.span.failed ? ' failed' : ''}`;
  const tokens = each => each && each.span.call ? each.span.inputTokens + each.span.outputTokens : undefined;
  const took = each => each?.span.durationNanos || undefined;
  const row = [
    h('span', {class: 'name', style: {paddingLeft: `${Math.min((a ?? b).depth, 16) * 12}px`}}, icon(kind(shown)),
      h('span', {class: 'line'}, a && b && a.span.name !== b.span.name ? `${a.span.name} → ${b.span.name}` : shown.name || '(no name)'),
      a && b ? null : h('span', {class: 'flag'}, a ? 'only in A' : 'only in B')),
    both(took(a), took(b), f.duration),
    both(tokens(a), tokens(b), f.short),
    both(a?.span.amount, b?.span.amount, (amount, of) => f.tight(amount, of.span.currency), a, b),
  ];
  const texted = [a, b].some(each => each?.span.operation !== undefined || each?.span.failed);
  if (!texted) return h('div', {class: `${classes} step-row`}, row);
  const body = h('div', {class: 'step-body'});
  const element = h('details', {class: classes}, h('summary', {class: 'step-row'}, row), body);
  element.addEventListener('toggle', async () => {
    if (!element.open || body.childElementCount) return;
    const links = h('p', {class: 'examples'}, [a, b].map((each, i) => each
      ? h('a', {href: `/traces/${id(traces[i].summary.traceId)}?span=${id(each.span.key)}`}, `Open in ${'AB'[i]}`) : null));
    replace(body, links);
    try {
      const spans = await Promise.all([a, b].map((each, i) => each && detail(traces[i], each.span)));
      const found = differences(texts(spans[0]), texts(spans[1]));
      replace(body, links, found.length ? found : h('p', {class: 'muted'}, 'No content was recorded.'));
    } catch (e) {
      replace(body, links, h('p', {class: 'wrong'}, e.message));
    }
  });
  return element;
}

/** What both sides have, and how much more or less B has. */
function both(a, b, format, ofA, ofB) {
  if (a === undefined && b === undefined) return h('span', {class: 'num muted'}, '');
  const same = a !== undefined && b !== undefined && (ofA === undefined || ofA.span.currency === ofB.span.currency);
  const texts = [a === undefined ? '–' : format(a, ofA), b === undefined ? '–' : format(b, ofB)];
  return h('span', {class: 'num'}, texts[0] === texts[1] ? texts[0] : `${texts[0]} → ${texts[1]}`,
    same && Number(a) > 0 && texts[0] !== texts[1] ? h('small', {}, ` ${signed(Number(a), Number(b))}`) : null);
}

// ---- sums ----

function line(name, a, b, delta) {
  return h('tr', {}, h('th', {scope: 'row'}, name), h('td', {}, a), h('td', {}, b), h('td', {class: `num${delta === 'same' ? ' muted' : ''}`}, delta));
}

function signed(a, b) {
  const share = (b - a) / a;
  return `${share >= 0 ? '+' : '−'}${f.percent(Math.abs(share))}`;
}

/** More is marked, not judged: more cached tokens are good, and more errors are not. */
function change(a, b) {
  if (a === b) return 'same';
  return !a || b === undefined ? '' : signed(a, b);
}

/** Nothing, if the currencies differ: they cannot be compared. */
function costs(a, b) {
  if (a.length !== 1 || b.length !== 1 || a[0].currency !== b[0].currency) return '';
  const difference = Number(b[0].amount) - Number(a[0].amount);
  if (difference === 0) return 'same';
  const amount = `${difference > 0 ? '+' : '−'}${f.amount(Math.abs(difference), a[0].currency)}`;
  return Number(a[0].amount) > 0 ? `${amount} (${signed(Number(a[0].amount), Number(b[0].amount))})` : amount;
}
