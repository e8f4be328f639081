// Two traces side by side.
import {h, replace} from './dom.js';
import {get, id} from './api.js';
import {flatten, kind} from './trace.js';
import {icon} from './dom.js';
import * as f from './format.js';

export function comparePage(url) {
  const ids = [url.searchParams.get('a') ?? '', url.searchParams.get('b') ?? ''];
  const element = h('section', {class: 'page reading wide'});

  async function load() {
    const traces = await Promise.all(ids.map(each => get(`traces/${id(each)}`)));
    const [a, b] = traces.map(each => each.summary);
    replace(element,
      h('div', {class: 'headline'}, h('h1', {}, 'Comparison'),
        h('div', {class: 'actions'}, h('a', {class: 'button', href: `/compare?a=${id(ids[1])}&b=${id(ids[0])}`}, 'Swap'))),
      h('table', {class: 'lines compare'},
        h('thead', {}, h('tr', {}, h('th', {}), traces.map((each, i) => h('th', {}, h('a', {href: `/traces/${id(each.summary.traceId)}`}, `${'AB'[i]} · ${f.time(each.summary.startMillis)}`))), h('th', {class: 'num'}, 'B against A'))),
        h('tbody', {},
          line('Cost', f.money(a.cost) || '–', f.money(b.cost) || '–', change(f.total(a.cost), f.total(b.cost))),
          line('Duration', f.duration(a.durationNanos), f.duration(b.durationNanos), change(a.durationNanos, b.durationNanos)),
          line('First token', f.duration(a.firstTokenNanos ?? 0) || '–', f.duration(b.firstTokenNanos ?? 0) || '–', change(a.firstTokenNanos, b.firstTokenNanos)),
          line('Input tokens', f.count(a.inputTokens), f.count(b.inputTokens), change(a.inputTokens, b.inputTokens)),
          line('of which cached', f.count(a.cachedTokens), f.count(b.cachedTokens), change(a.cachedTokens, b.cachedTokens)),
          line('Output tokens', f.count(a.outputTokens), f.count(b.outputTokens), change(a.outputTokens, b.outputTokens)),
          line('Model calls', f.count(a.calls), f.count(b.calls), change(a.calls, b.calls)),
          line('Errors', f.count(a.errors), f.count(b.errors), change(a.errors, b.errors)),
          line('Models', a.models.join(', '), b.models.join(', '), null))),
      h('div', {class: 'sides'}, traces.map(side)));
  }

  function side({summary, spans}) {
    const rows = flatten(spans).slice(0, 400);
    return h('div', {},
      h('div', {class: 'message user'}, h('div', {class: 'text', dir: 'auto'}, summary.asked || summary.name)),
      summary.answered ? h('div', {class: 'message assistant'}, h('div', {class: 'text', dir: 'auto'}, summary.answered)) : null,
      h('div', {class: 'mini'}, rows.map(({i, depth}) => {
        const span = spans[i];
        return h('a', {class: `mini-row ${kind(span)}${span.failed ? ' failed' : ''}`, href: `/traces/${id(summary.traceId)}?span=${id(span.key)}`},
          h('span', {class: 'name', style: {paddingLeft: `${Math.min(depth, 16) * 12}px`}}, icon(kind(span)), h('span', {class: 'line'}, span.name)),
          h('span', {class: 'num muted'}, f.duration(span.durationNanos)),
          h('span', {class: 'num money'}, span.amount === undefined ? '' : f.amount(span.amount, span.currency)));
      }), spans.length > rows.length ? h('p', {class: 'muted'}, `and ${f.plural(spans.length - rows.length, 'span')} more`) : null));
  }

  return {element, title: 'Comparison', load};
}

function line(name, a, b, delta) {
  return h('tr', {}, h('th', {scope: 'row'}, name), h('td', {}, a), h('td', {}, b), delta ?? h('td', {}));
}

/** More is marked, not judged: more cached tokens are good, and more errors are not. */
function change(a, b) {
  if (!a || b === undefined || a === b) return h('td', {class: 'num muted'}, a === b ? 'same' : '');
  const share = (b - a) / a;
  return h('td', {class: 'num'}, `${share > 0 ? '+' : '−'}${f.percent(Math.abs(share))}`);
}
