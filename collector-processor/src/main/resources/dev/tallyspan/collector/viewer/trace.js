// One trace: its tree with costs, its waterfall, and the details of a span.
import {h, icon, replace, copy, toast} from './dom.js';
import {download, get, id, onChange} from './api.js';
import {VirtualList} from './virtual.js';
import {SpanDetail} from './detail.js';
import {mark, flags, goTo, scoreFlags} from './list.js';
import {markdown} from './chat.js';
import {filterSpans, pieces} from './spanfilter.js';
import * as f from './format.js';

export function kind(span) {
  const operation = span.operation ?? '';
  if (operation === 'execute_tool') return 'tool';
  if (operation === 'retrieval' || operation.includes('memory')) return 'retrieval';
  if (operation === 'embeddings') return 'embeddings';
  if (operation.startsWith('invoke_') || operation.includes('agent') || operation.includes('workflow')) return 'agent';
  return span.status && (span.call || span.status !== 'not_billable') ? 'model' : 'other';
}

/** Spans in the order of the tree, with depth; those below a closed one, or not kept, are left out. */
export function flatten(spans, closed = new Set(), kept = null) {
  const children = spans.map(() => []);
  const roots = [];
  spans.forEach((span, i) => {
    if (!kept || kept.has(i)) (span.parent >= 0 ? children[span.parent] : roots).push(i);
  });
  const order = [];
  const stack = roots.reverse().map(i => [i, 0]);
  while (stack.length) {
    const [i, depth] = stack.pop();
    order.push({i, depth, children: children[i].length});
    if (closed.has(spans[i].key)) continue;
    for (let c = children[i].length - 1; c >= 0; c--) stack.push([children[i][c], depth + 1]);
  }
  return order;
}

export function tracePage(traceId, url, about) {
  let trace = null;
  let order = [];
  let selected = 0;
  let maxOwn = new Map();
  let wanted = url.searchParams.get('span') ?? '';
  let filter = null;
  const closed = new Set();
  const caseFormats = h('select', {'aria-label': 'Format of cases', title: 'Format of cases'},
    (about.caseFormats ?? []).map(format => h('option', {value: format}, format)));
  const head = h('div', {class: 'trace-head'});
  const tree = new VirtualList({height: 30, row: i => row(i), label: 'Spans', classes: 'tree', role: 'tree'});
  const columns = h('div', {class: 'thead tree-grid', 'aria-hidden': 'true'});
  const input = h('input', {type: 'search', class: 'filter small', value: url.searchParams.get('q') ?? '', spellcheck: 'false', autocomplete: 'off',
    placeholder: 'Find spans: text, error, llm, tool:name', 'aria-label': 'Find spans'});
  const count = h('span', {class: 'muted', role: 'status'});
  const none = h('p', {class: 'empty', hidden: true}, 'No span matches.');
  const detail = new SpanDetail(traceId, url.searchParams.get('tab'), tab => remember(tab), key => selectKey(key), key => makeCase(key));
  const element = h('section', {class: 'page trace-page'}, head,
    h('div', {class: 'panes'}, h('div', {class: 'pane'},
      h('div', {class: 'findbox'}, h('div', {class: 'filterbox'}, input, h('kbd', {}, '/')), count), columns, tree.element, none), detail.element));
  const page = {element, title: 'Trace', load, close, key};

  let typed = 0;
  input.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(find, 80);
  });
  input.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return;
    clearTimeout(typed);
    find();
    if (filter) jump(event.shiftKey ? -1 : 1);
    input.blur();
    tree.element.focus();
  });

  /** Shows the spans that the filter selects, and goes to the first one if the selected one is hidden. */
  function find() {
    if (!trace) return;
    filtered();
    for (const i of filter?.kept ?? []) closed.delete(trace.spans[i].key);
    tree.element.scrollTop = 0;
    layout();
    const at = order.findIndex(({i}) => trace.spans[i].key === wanted);
    if (at >= 0 && (!filter || filter.matched.has(order[at].i))) select(at, {reveal: true});
    else if (order.length) select(Math.max(0, order.findIndex(({i}) => filter?.matched.has(i))), {reveal: true});
    else remember(detail.tab);
  }

  function filtered() {
    filter = filterSpans(trace.spans, input.value);
    count.textContent = filter ? `${f.count(filter.matched.size)} of ${f.count(trace.spans.length)}` : '';
  }

  async function load() {
    trace = await get(`traces/${id(traceId)}`);
    document.title = `${trace.summary.asked || trace.summary.name} · Tallyspan`;
    maxOwn = highest(trace.spans);
    header();
    filtered();
    layout();
    const at = order.findIndex(({i}) => trace.spans[i].key === wanted);
    const firstCall = order.findIndex(({i}) => trace.spans[i].call);
    const firstMatch = order.findIndex(({i}) => filter?.matched.has(i));
    await select(at >= 0 ? at : Math.max(0, firstMatch, filter ? 0 : firstCall), {reveal: true});
  }

  function header() {
    const s = trace.summary;
    const cost = f.money(s.cost);
    replace(head,
      h('div', {class: 'headline'},
        h('h1', {dir: 'auto', title: s.asked || s.name}, s.asked || s.name || '(no name)'),
        h('div', {class: 'actions'},
          about.links.map(link => h('a', {class: 'button', target: '_blank', rel: 'noopener noreferrer', href: link.url.replaceAll('{traceId}', id(traceId))}, `${link.name} ↗`)),
          h('button', {onclick: () => copyBranch('markdown'), title: 'Copy the selected branch as Markdown (y)'}, 'Copy Markdown'),
          h('button', {onclick: () => copyBranch('json'), title: 'Copy the selected branch as JSON'}, 'Copy JSON'),
          h('button', {onclick: () => makeCase(''), title: 'Save the trace as a case for evaluations (r)'}, 'Make regression case'),
          caseFormats,
          h('button', {onclick: () => mark(traceId), title: 'Mark to compare (x)'}, 'Compare'))),
      h('dl', {class: 'facts'},
        fact('Cost', cost || (s.unpriced ? 'no price' : '–'), {class: cost ? 'money' : '', title: f.exact(s.cost)}),
        fact('Duration', f.duration(s.durationNanos) || '–'),
        s.firstTokenNanos > 0 ? fact('First token', f.duration(s.firstTokenNanos)) : null,
        fact('Tokens', s.calls ? `${f.count(s.inputTokens)} in → ${f.count(s.outputTokens)} out` : '–'),
        s.cachedTokens ? fact('Cached', f.percent(s.cachedTokens / s.inputTokens)) : null,
        fact('Spans', `${f.count(s.spans)}, ${f.plural(s.calls, 'call')}`),
        s.user ? fact('User', h('a', {href: `/?q=${encodeURIComponent(f.term('user', s.user))}`}, s.user)) : null,
        s.session ? fact('Session', h('a', {href: `/sessions/${encodeURIComponent(s.session)}`}, s.session)) : null,
        s.feature ? fact('Feature', s.feature) : null,
        fact('Started', f.fullTime(s.startMillis)),
        h('div', {}, h('dt', {class: 'offscreen'}, 'Flags'), h('dd', {class: 'flags'}, flags(s)))));
    replace(columns,
      h('span', {}, 'Span'), h('span', {class: 'num'}, 'Own'), h('span', {class: 'num'}, 'Σ'),
      h('span', {class: 'scale'}, [0, 0.25, 0.5, 0.75].map(share =>
        h('i', {style: {left: `${share * 100}%`}}, share === 0 ? '0' : f.duration(s.durationNanos * share)))));
  }

  function layout() {
    order = flatten(trace.spans, closed, filter?.kept);
    tree.element.hidden = order.length === 0;
    none.hidden = order.length > 0;
    tree.setLength(order.length);
    tree.refresh();
  }

  function row(at) {
    const {i, depth, children} = order[at];
    const span = trace.spans[i];
    const what = kind(span);
    const whole = Math.max(1, trace.summary.durationNanos);
    const open = !closed.has(span.key);
    const own = span.amount === undefined ? '' : f.tight(span.amount, span.currency);
    const sum = span.sum.length && children ? span.sum.map(cost => f.tight(cost.amount, cost.currency)).join(' + ') : '';
    return h('div', {
      class: `span tree-grid ${what}${filter ? filter.matched.has(i) ? ' match' : ' context' : ''}${at === selected ? ' selected' : ''}${span.failed ? ' failed' : ''}`,
      role: 'treeitem', 'aria-level': String(depth + 1), 'aria-selected': String(at === selected),
      'aria-expanded': children ? String(open) : undefined, 'data-key': span.key,
      onclick: () => select(at), ondblclick: () => toggle(at),
    },
      h('span', {class: 'name', style: {paddingLeft: `${Math.min(depth, 24) * 14 + 4}px`}},
        h('button', {class: 'twist', tabindex: '-1', 'aria-label': open ? 'Close' : 'Open', style: {visibility: children ? 'visible' : 'hidden'},
          onclick: event => { event.stopPropagation(); toggle(at); }}, open ? '▾' : '▸'),
        icon(what),
        h('span', {class: 'line', title: `${span.name}${span.service ? `\n${span.service}` : ''}`},
          filter?.matched.has(i) ? pieces(span.name, filter.texts).map((piece, n) => n % 2 ? h('mark', {}, piece) : piece) : span.name || '(no name)'),
        span.failed ? h('span', {class: 'flag bad'}, span.errorType || 'error') : null,
        span.orphan ? h('span', {class: 'flag', title: 'Its parent is not in the viewer'}, 'no parent') : null,
        span.status === 'duplicate' ? h('span', {class: 'flag', title: 'Another span bills this call'}, 'billed elsewhere') : null,
        span.status === 'unpriced' ? h('span', {class: 'flag warn'}, 'no price') : null,
        span.status === 'partial' ? h('span', {class: 'flag warn'}, 'partial') : null,
        scoreFlags(span.scores)),
      h('span', {class: 'num own', title: span.amount === undefined ? '' : `${span.amount} ${span.currency}`},
        own ? h('span', {class: 'heat', style: {width: `${share(span)}%`}}) : null,
        h('span', {class: 'over'}, own)),
      h('span', {class: 'num sum', title: f.exact(span.sum)}, sum, span.sumUnpriced && sum ? '+' : ''),
      h('span', {class: 'bar'}, bar(span, whole)));
  }

  /** Of the highest amount in the same currency. */
  function share(span) {
    const most = maxOwn.get(span.currency) ?? 0;
    return most > 0 ? Math.max(4, Number(span.amount) / most * 100) : 0;
  }

  function bar(span, whole) {
    const left = Math.max(0, Math.min(100, span.offsetNanos / whole * 100));
    const width = Math.min(100 - left, Math.max(0.25, span.durationNanos / whole * 100));
    const wait = span.firstTokenNanos && span.durationNanos
      ? Math.min(100, span.firstTokenNanos / span.durationNanos * 100) : 0;
    // Right of the run; else left of it; else within.
    const place = left + width <= 84 ? {left: `${left + width}%`} : left >= 16 ? {right: `${100 - left}%`} : null;
    return [
      h('span', {class: 'run', style: {left: `${left}%`, width: `${width}%`},
        title: `${f.duration(span.durationNanos)} from ${f.duration(span.offsetNanos) || '0'}${wait ? `, first token after ${f.duration(span.firstTokenNanos)}` : ''}`},
        wait ? h('span', {class: 'wait', style: {width: `${wait}%`}}) : null),
      h('small', {class: place ? 'took' : 'took within', style: place ?? {right: `${100 - left - width}%`}}, f.duration(span.durationNanos)),
    ];
  }

  async function select(at, {reveal = false} = {}) {
    const before = selected;
    selected = Math.max(0, Math.min(order.length - 1, at));
    if (order.length === 0) return;
    for (const each of [before, selected]) {
      tree.shown.get(each)?.classList.toggle('selected', each === selected);
      tree.shown.get(each)?.setAttribute('aria-selected', String(each === selected));
    }
    if (reveal) tree.reveal(selected);
    const span = trace.spans[order[selected].i];
    wanted = span.key;
    remember(detail.tab);
    await detail.show(span);
  }

  function selectKey(key) {
    let at = order.findIndex(({i}) => trace.spans[i].key === key);
    if (at < 0) {
      closed.clear();
      input.value = '';
      filtered();
      layout();
      at = order.findIndex(({i}) => trace.spans[i].key === key);
    }
    if (at >= 0) select(at, {reveal: true});
    else toast('That span is not in this trace.');
  }

  function remember(tab) {
    const q = input.value.trim();
    const query = new URLSearchParams({span: wanted, ...(tab ? {tab} : {}), ...(q ? {q} : {})});
    history.replaceState(null, '', `/traces/${encodeURIComponent(traceId)}?${query}`);
  }

  function toggle(at, open = closed.has(trace.spans[order[at]?.i]?.key)) {
    const {i, children} = order[at] ?? {};
    if (!children) return;
    if (open) closed.delete(trace.spans[i].key);
    else closed.add(trace.spans[i].key);
    layout();
  }

  async function copyBranch(as) {
    if (!order.length) return;
    const spans = await get(`traces/${id(traceId)}/branch`, {span: trace.spans[order[selected].i].key});
    if (as === 'json') await copy(JSON.stringify(spans, null, 2), f.plural(spans.length, 'span') + ' as JSON');
    else await copy(markdown(spans), f.plural(spans.length, 'span') + ' as Markdown');
  }

  /** Of the span with the key; without one, of the trace. */
  async function makeCase(key) {
    try {
      toast(`${await download(`traces/${id(traceId)}/case`, {format: caseFormats.value || 'tallyspan', ...(key ? {span: key} : {})})} saved`);
    } catch (e) {
      toast(e.message);
    }
  }

  /** To the next match of the filter, or without one the next model call; backwards with -1. */
  function jump(direction) {
    return next(filter ? (span, i) => filter.matched.has(i) : span => span.call, direction);
  }

  function next(matches, direction = 1) {
    for (let step = 1; step <= order.length; step++) {
      const at = (selected + direction * step + order.length) % order.length;
      if (matches(trace.spans[order[at].i], order[at].i)) return select(at, {reveal: true});
    }
    return toast('There is none.');
  }

  function key(event) {
    if (!trace) return false;
    switch (event.key) {
      case 'j': case 'ArrowDown': select(selected + 1, {reveal: true}); return true;
      case 'k': case 'ArrowUp': select(selected - 1, {reveal: true}); return true;
      case 'h': case 'ArrowLeft': toggle(selected, false); return true;
      case 'l': case 'ArrowRight': toggle(selected, true); return true;
      case 'Home': case 'g': select(0, {reveal: true}); return true;
      case 'End': case 'G': select(order.length - 1, {reveal: true}); return true;
      case 'e': next(span => span.failed); return true;
      case 'n': jump(1); return true;
      case 'N': jump(-1); return true;
      case '/': input.focus(); input.select(); return true;
      case 'y': copyBranch('markdown'); return true;
      case 'x': mark(traceId); return true;
      case 'r': makeCase(''); return true;
      case 'R': makeCase(wanted); return true;
      case 'Enter': detail.element.focus(); return true;
      case 'Escape':
        if (!filter) goTo('/');
        input.value = '';
        find();
        return true;
      default: return detail.key(event);
    }
  }

  const stop = onChange(async ids => {
    if (trace && !document.hidden && (ids === null || ids.includes(traceId))) {
      const fresh = await get(`traces/${id(traceId)}`).catch(() => null);
      if (!fresh) return;
      trace = fresh;
      maxOwn = highest(trace.spans);
      header();
      filtered();
      layout();
      selected = Math.max(0, order.findIndex(({i}) => trace.spans[i].key === wanted));
      tree.refresh();
      if (order.length) detail.refresh(trace.spans[order[selected].i]);
    }
  });

  function close() {
    stop();
    clearTimeout(typed);
    tree.close();
    detail.close();
  }

  return page;
}

function fact(name, value, properties = {}) {
  return h('div', {}, h('dt', {}, name), h('dd', properties, value));
}

/** The highest amount of a span, by currency. */
function highest(spans) {
  const most = new Map();
  for (const span of spans) {
    if (span.amount !== undefined) most.set(span.currency, Math.max(most.get(span.currency) ?? 0, Number(span.amount)));
  }
  return most;
}
