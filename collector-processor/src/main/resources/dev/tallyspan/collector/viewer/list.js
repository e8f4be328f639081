// All traces, the latest first.
import {h, replace, toast} from './dom.js';
import {get, onChange, Failure} from './api.js';
import {VirtualList} from './virtual.js';
import * as f from './format.js';

const PAGE = 200;
let compared = null;

export function goTo(path) {
  dispatchEvent(new CustomEvent('go', {detail: path}));
}

export function listPage(url) {
  let query = url.searchParams.get('q') ?? '';
  let pages = new Map();
  let data = {matched: 0, traces: []};
  let selected = 0;
  let asking = null;
  let typed = 0;

  const input = h('input', {
    type: 'search', class: 'filter', value: query, spellcheck: 'false', autocomplete: 'off',
    placeholder: 'Filter: text, model:gpt-4o, cost>0.01, error, user:x, duration>2s, since:1h', 'aria-label': 'Filter',
  });
  const wrong = h('p', {class: 'wrong', role: 'alert', hidden: true});
  const sums = h('div', {class: 'sums'});
  const list = new VirtualList({height: 66, row: i => row(i), label: 'Traces', classes: 'traces'});
  const head = h('div', {class: 'thead traces-grid', 'aria-hidden': 'true'},
    ['Started', 'Question and answer', 'Model, user, session', 'Duration', 'Tokens', 'Cost'].map((name, i) =>
      h('span', {class: i > 2 ? 'num' : ''}, name)));
  const empty = h('div', {class: 'empty', hidden: true});
  const element = h('section', {class: 'page list-page'}, h('h1', {class: 'offscreen'}, 'Traces'),
    h('div', {class: 'toolbar'}, h('div', {class: 'filterbox'}, input, h('kbd', {}, '/')), sums),
    wrong, head, list.element, empty);

  input.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(() => filter(input.value), 180);
  });
  input.addEventListener('keydown', event => {
    if (event.key === 'Enter') {
      clearTimeout(typed);
      filter(input.value);
      input.blur();
      list.element.focus();
    }
  });
  list.element.addEventListener('scroll', () => needed(), {passive: true});

  function filter(text) {
    query = text.trim();
    history.replaceState(null, '', query ? `/?q=${encodeURIComponent(query)}` : '/');
    selected = 0;
    list.element.scrollTop = 0;
    return load();
  }

  async function load() {
    asking?.abort();
    asking = new AbortController();
    const {first} = list.range();
    const at = Math.floor(Math.max(0, first) / PAGE);
    try {
      const answer = await get('traces', {q: query, offset: at * PAGE, limit: PAGE}, asking.signal);
      wrong.hidden = true;
      pages = new Map([[at, answer.traces]]);
      data = answer;
      list.setLength(answer.matched);
      list.refresh();
      summary();
      needed();
    } catch (e) {
      if (e.name === 'AbortError') return;
      if (!(e instanceof Failure) || e.status !== 400) throw e;
      wrong.textContent = e.message;
      wrong.hidden = false;
    }
  }

  async function needed() {
    const {first, last} = list.range();
    for (let at = Math.floor(first / PAGE); at <= Math.floor(Math.max(0, last - 1) / PAGE); at++) {
      if (!pages.has(at) && at * PAGE < data.matched) {
        pages.set(at, []);
        const loaded = pages;
        const answer = await get('traces', {q: query, offset: at * PAGE, limit: PAGE});
        if (loaded !== pages) return;
        pages.set(at, answer.traces);
        list.refresh();
      }
    }
  }

  function summary() {
    const sum = data.sum;
    replace(sums,
      h('span', {}, h('b', {}, f.plural(data.matched, 'trace'))),
      sum.cost.length ? h('span', {title: f.exact(sum.cost)}, h('b', {class: 'money'}, f.money(sum.cost))) : null,
      h('span', {}, f.plural(sum.calls, 'model call')),
      h('span', {}, `${f.short(sum.inputTokens)} in, ${f.short(sum.outputTokens)} out`),
      sum.inputTokens > 0 && sum.cachedTokens > 0
        ? h('span', {}, `${f.percent(sum.cachedTokens / sum.inputTokens)} cached`) : null,
      sum.errors ? h('span', {class: 'bad'}, f.plural(sum.errors, 'error')) : null);
    empty.hidden = data.matched > 0;
    list.element.hidden = head.hidden = data.matched === 0;
    if (data.matched === 0) {
      replace(empty, data.stored.traces > 0
        ? [h('p', {}, 'No trace matches this filter.'), h('p', {}, h('button', {onclick: () => { input.value = ''; filter(''); }}, 'Show all'))]
        : [h('h2', {}, 'Waiting for the first trace'),
          h('p', {}, 'Send OTLP to this server, and traces appear here as they arrive.'),
          h('pre', {}, 'OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318')]);
    }
  }

  function at(i) {
    return pages.get(Math.floor(i / PAGE))?.[i % PAGE];
  }

  function row(i) {
    const trace = at(i);
    if (!trace) return h('div', {class: 'trace loading', role: 'option'});
    const cost = f.money(trace.cost);
    return h('a', {
      class: `trace traces-grid${i === selected ? ' selected' : ''}${trace.errors ? ' failed' : ''}${compared === trace.traceId ? ' marked' : ''}`,
      href: `/traces/${encodeURIComponent(trace.traceId)}`, role: 'option', tabindex: '-1',
      'aria-selected': String(i === selected), 'data-id': trace.traceId,
    },
      h('span', {class: 'when', title: f.fullTime(trace.startMillis)},
        h('b', {}, f.time(trace.startMillis)), h('small', {}, f.day(trace.startMillis))),
      h('span', {class: 'said'},
        h('b', {class: 'line', dir: 'auto'}, trace.asked || trace.name || '(no name)'),
        h('span', {class: 'line muted', dir: 'auto'}, trace.answered || (trace.asked ? '' : trace.services.join(', ')))),
      h('span', {class: 'who'},
        h('span', {class: 'line'}, trace.models.length
          ? [trace.models[0], trace.models.length > 1 ? h('em', {title: trace.models.join(', ')}, ` +${trace.models.length - 1}`) : null] : '–'),
        h('small', {class: 'line muted'}, [trace.user, trace.session].filter(Boolean).join(' · '))),
      h('span', {class: 'num'},
        h('b', {}, f.duration(trace.durationNanos) || '–'),
        h('small', {class: 'muted'}, trace.firstTokenNanos > 0 ? `first token ${f.duration(trace.firstTokenNanos)}` : f.plural(trace.spans, 'span'))),
      h('span', {class: 'num'},
        trace.calls ? h('b', {title: `${f.count(trace.inputTokens)} in, ${f.count(trace.outputTokens)} out`},
          `${f.short(trace.inputTokens)} → ${f.short(trace.outputTokens)}`) : '–',
        trace.cachedTokens ? h('small', {class: 'muted'}, `${f.percent(trace.cachedTokens / trace.inputTokens)} cached`) : null),
      h('span', {class: 'num'},
        h('b', {class: cost ? 'money' : 'muted', title: f.exact(trace.cost)}, cost || (trace.unpriced ? 'no price' : '–')),
        h('small', {class: 'flags'}, flags(trace))));
  }

  function move(by) {
    selected = Math.max(0, Math.min(data.matched - 1, selected + by));
    list.refresh();
    list.reveal(selected);
  }

  const stop = onChange(() => {
    if (!document.hidden) load().catch(() => {});
  });

  return {
    element, title: 'Traces',
    load,
    close() { stop(); list.close(); asking?.abort(); },
    key(event) {
      const trace = at(selected);
      switch (event.key) {
        case '/': input.focus(); input.select(); return true;
        case 'j': case 'ArrowDown': move(1); return true;
        case 'k': case 'ArrowUp': move(-1); return true;
        case 'PageDown': move(10); return true;
        case 'PageUp': move(-10); return true;
        case 'g': case 'Home': move(-Infinity); return true;
        case 'G': case 'End': move(data.matched); return true;
        case 'Enter': case 'o': if (trace) goTo(`/traces/${encodeURIComponent(trace.traceId)}`); return true;
        case 'x': if (trace) mark(trace.traceId); list.refresh(); return true;
        case 'Escape':
          if (!query) return false;
          input.value = '';
          filter('');
          return true;
        default: return false;
      }
    },
  };
}

/** Marks a trace; the second one opens the comparison. */
export function mark(traceId) {
  if (compared === traceId) {
    compared = null;
  } else if (compared) {
    const first = compared;
    compared = null;
    toast('');
    goTo(`/compare?a=${encodeURIComponent(first)}&b=${encodeURIComponent(traceId)}`);
  } else {
    compared = traceId;
    toast('Marked. Mark another trace to compare the two.');
  }
}

export function flags(of) {
  return [
    of.errors ? h('span', {class: 'flag bad'}, of.errors === 1 ? 'error' : `${of.errors} errors`) : null,
    of.unpriced ? h('span', {class: 'flag warn', title: 'Calls without a known price: the cost does not contain them'}, `${of.unpriced} unpriced`) : null,
    of.partial ? h('span', {class: 'flag warn', title: 'Some units have no price: the cost is a lower bound'}, `${of.partial} partial`) : null,
    of.redacted ? h('span', {class: 'flag', title: 'The content policy removed or masked something'}, 'redacted') : null,
    scoreFlags(of.scores),
  ];
}

export function scoreText(score) {
  return [score.name || 'score', score.value, score.label].filter(part => part !== undefined && part !== '').join(' ');
}

/** The results of evaluations, some by name and the others by number. */
export function scoreFlags(scores = [], most = 2) {
  const flag = score => h('span', {class: `flag score-flag${score.label?.toLowerCase() === 'fail' ? ' bad' : ''}`, title: scoreText(score)}, scoreText(score));
  const others = scores.slice(most);
  return [scores.slice(0, most).map(flag),
    others.length ? h('span', {class: 'flag', title: others.map(scoreText).join('\n')}, `+${others.length}`) : null];
}
