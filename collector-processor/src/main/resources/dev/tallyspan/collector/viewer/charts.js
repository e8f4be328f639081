// Spend, cache, latency over time; who spends most.
import uPlot from './uPlot.esm.js';
import {h, replace} from './dom.js';
import {get, onChange, Failure} from './api.js';
import * as f from './format.js';

const KEYS = ['model', 'user', 'session', 'feature', 'service', 'tenant'];
const RANGES = ['1h', '24h', '7d', '30d', '90d'];

/** A ledger may be large, and a long time changes little with each trace. */
const LEDGER_REFRESH = 15_000;

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const series = i => color(`--series-${i % 8}`);

export function chartsPage(url, about) {
  const asked = name => url.searchParams.get(name) ?? '';
  // Only a ledger has tenants.
  const available = KEYS.filter(key => key !== 'tenant' || about.ledger);
  let by = available.includes(asked('by')) ? asked('by') : 'model';
  let query = asked('q');
  let since = asked('since');
  let until = asked('until');
  let currency = asked('currency');
  let data = null;
  let loaded = 0;
  let plots = [];
  const input = h('input', {type: 'search', class: 'filter', value: query, spellcheck: 'false', placeholder: 'Filter, as in the list of traces', 'aria-label': 'Filter'});
  const wrong = h('p', {class: 'wrong', role: 'alert', hidden: true});
  const keys = segments('Group by', available.map(key => [key, key]), () => by, key => {
    by = key;
    if (key === 'tenant' && !since) since = '24h';
  });
  const ranges = segments('Time', [['', 'Recent'], ...RANGES.map(each => [each, each])], () => until ? null : since, range => {
    since = range;
    until = '';
    if (by === 'tenant' && !since) by = 'model';
  });
  const days = ['From', 'To'].map(name => h('input', {type: 'date', class: 'day', 'aria-label': `${name} this day`, onchange: dayChosen}));
  const currencies = h('div', {class: 'segments', role: 'group', 'aria-label': 'Currency', hidden: true});
  const source = h('p', {class: 'source muted', role: 'status', hidden: true});
  const grid = h('div', {class: 'charts'});
  const element = h('section', {class: 'page reading wide'}, h('h1', {class: 'offscreen'}, 'Charts'),
    h('div', {class: 'toolbar'}, h('div', {class: 'filterbox'}, input, h('kbd', {}, '/')), keys),
    about.ledger || since
      ? h('div', {class: 'toolbar'}, ranges, h('span', {class: 'days'}, days[0], '–', days[1]), currencies)
      : h('div', {class: 'toolbar'}, currencies),
    source, wrong, grid);
  pressed();

  function segments(label, choices, chosen, choose) {
    return h('div', {class: 'segments', role: 'group', 'aria-label': label}, choices.map(([value, name]) =>
      h('button', {'data-value': value, onclick: () => {
        choose(value);
        changed();
      }}, name)));
  }

  function pressed() {
    const mark = (group, value) => {
      for (const each of group.children) each.setAttribute('aria-pressed', String(each.dataset.value === value));
    };
    mark(keys, by);
    mark(ranges, until || isDay(since) ? null : since);
    mark(currencies, data?.currency);
    days[0].value = isDay(since) ? since : '';
    days[1].value = isDay(until) ? dayAfter(until, -1) : '';
  }

  /** Both days are included; the server takes the end as excluded. */
  function dayChosen() {
    since = days[0].value || (days[1].value ? dayAfter(days[1].value, -29) : '');
    until = days[1].value ? dayAfter(days[1].value, 1) : '';
    if (by === 'tenant' && !since) by = 'model';
    changed();
  }

  let typed = 0;
  input.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(() => { query = input.value.trim(); changed(); }, 250);
  });

  function changed() {
    pressed();
    history.replaceState(null, '', `/charts?${new URLSearchParams(parameters())}`);
    load();
  }

  function parameters() {
    const all = {by, q: query, since, until, currency};
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
  }

  let asking = null;
  async function load() {
    asking?.abort();
    const mine = asking = new AbortController();
    loaded = Date.now();
    try {
      const inUtc = day => isDay(day) ? `${day}T00:00:00Z` : day;
      const {since: from, until: to, ...others} = parameters();
      data = await get('charts', {...others, ...(from ? {since: inUtc(from)} : {}), ...(to ? {until: inUtc(to)} : {})}, mine.signal);
      wrong.hidden = true;
      if (currency && data.currencies.length && !data.currencies.includes(currency)) {
        // Chosen for another time.
        currency = '';
        await load();
        return;
      }
      told();
      draw();
    } catch (e) {
      if (e.name === 'AbortError') return;
      if (!(e instanceof Failure) || ![400, 503].includes(e.status)) throw e;
      wrong.textContent = e.message;
      wrong.hidden = false;
      // What was drawn is of another time.
      data = null;
      source.hidden = true;
      clear();
      replace(grid);
    }
  }

  /** Where the numbers are from, and the choice of a currency. */
  function told() {
    source.hidden = !since;
    source.textContent = data.source === 'ledger' ? 'From the ledger: every billed call of this time. Days are days in UTC.'
      : !about.ledger ? 'From recent traces: no ledger runs beside this viewer.'
      : query ? 'From recent traces: the ledger has no content to filter by.'
      : by === 'feature' ? 'From recent traces: the ledger does not record features.'
      : 'From recent traces.';
    currencies.hidden = data.currencies.length < 2;
    replace(currencies, data.currencies.map(code => h('button', {'data-value': code, onclick: () => {
      currency = code;
      changed();
    }}, code)));
    pressed();
  }

  function clear() {
    plots.forEach(plot => plot.destroy());
    plots = [];
  }

  function draw() {
    clear();
    if (data.times.length === 0) {
      replace(grid, h('div', {class: 'empty'}, h('p', {}, since ? 'No model call in this time.' : 'No model call matches.')));
      return;
    }
    const share = data.inputTokens.map((tokens, i) => tokens > 0 ? data.cachedTokens[i] / tokens * 100 : null);
    const cards = [
      card(`Spend by ${by}${data.currencies.length > 1 ? ` in ${data.currency}` : ''}`, 'wide', data.series.map((each, i) => [each.name, series(i)]), box => stacked(box)),
      card('Latency', '', [['p50', series(0)], ['p95', series(1)]], box => curves(box, [data.durationP50, data.durationP95], seconds)),
      card('First token', '', [['p50', series(0)], ['p95', series(1)]], box => curves(box, [data.firstTokenP50, data.firstTokenP95], seconds)),
      card('Read from caches', '', [['share of input tokens', series(2)]], box => curves(box, [share], value => `${Math.round(value)} %`, 2, [0, 100])),
      card('Tokens', '', [['input', series(0)], ['output', series(3)]], box => curves(box, [data.inputTokens, data.outputTokens], f.short)),
      data.source === 'ledger' ? null : card('Tokens per step', '', [['input', series(0)], ['of which cached', series(2)], ['output', series(3)]], box => steps(box)),
      spenders(),
    ].filter(Boolean);
    replace(grid, cards.map(each => each.element));
    cards.forEach(each => each.draw?.());
  }

  function card(title, classes, legend, render) {
    const box = h('div', {class: 'plot', role: 'img', 'aria-label': `${title} over time`});
    return {
      element: h('section', {class: `card chart ${classes}`},
        h('h2', {}, title),
        h('ul', {class: 'legend'}, legend.map(([name, tone]) => h('li', {}, h('i', {style: {background: tone}}), h('span', {class: 'line'}, name)))),
        box),
      draw: () => render(box),
    };
  }

  /** Half a bucket on both sides, so that the first and the last bar are whole. */
  function span(_, first, last) {
    const half = data.widthMillis / 2000;
    return [first - half, last + half];
  }

  function plot(box, options, values) {
    const at = new uPlot({
      width: box.clientWidth, height: 200, legend: {show: false},
      cursor: {points: {size: 6}, drag: {x: false, y: false}}, ...options,
      scales: {x: {range: span}, ...options.scales},
    }, values, box);
    tip(box, at, options.tip);
    plots.push(at);
  }

  function axes(format) {
    const grid = {stroke: color('--line'), width: 1};
    const common = {stroke: color('--muted'), font: '11px system-ui', ticks: {show: false}};
    return [{...common, grid: {show: false}, size: 34, values: (_, all, axis, space, step) => all.map(value => clock(value, step))}, {...common, grid, size: 64, values: (_, all) => all.map(format)}];
  }

  function curves(box, values, format, first = 0, range = undefined) {
    const tones = values.length > 1 && format === f.short ? [0, 3] : values.map((_, i) => first + i);
    plot(box, {
      tip: i => values.map((each, n) => each[i] === null ? null : [n, format(each[i])]).filter(Boolean).map(([n, label]) => [series(tones[n]), label]),
      scales: {y: {range: range ?? ((_, low, high) => [0, high > 0 ? high * 1.1 : 1])}},
      axes: axes(format),
      series: [{}, ...values.map((_, i) => ({stroke: series(tones[i]), width: 2, spanGaps: true, points: {show: data.times.length < 30, size: 5}}))],
    }, [data.times, ...values]);
  }

  function stacked(box) {
    const sums = [];
    data.series.forEach((each, n) => sums.push(each.cost.map((value, i) => value + (n ? sums[n - 1][i] : 0))));
    const bars = uPlot.paths.bars({size: [0.8, 48], radius: 0});
    plot(box, {
      tip: i => data.series.map((each, n) => each.cost[i] > 0 ? [series(n), `${each.name} ${f.amount(each.cost[i], data.currency)}`] : null).filter(Boolean),
      scales: {y: {range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1]}},
      axes: axes(value => f.amount(value, data.currency)),
      // The tallest first, so that the lower ones are drawn over it.
      series: [{}, ...sums.map((_, n) => n).reverse().map(n => ({stroke: series(n), fill: series(n), width: 0, paths: bars, points: {show: false}}))],
    }, [data.times, ...sums.slice().reverse()]);
  }

  function steps(box) {
    const x = data.steps.map((_, i) => i + 1);
    const bars = uPlot.paths.bars({size: [0.6, 36]});
    const of = key => data.steps.map(step => step[key]);
    const input = of('inputTokens');
    const whole = input.map((value, i) => value + data.steps[i].outputTokens);
    plot(box, {
      tip: i => [[series(0), `step ${i + 1}: ${f.count(input[i])} in`], [series(2), `${f.count(data.steps[i].cachedTokens)} cached`], [series(3), `${f.count(data.steps[i].outputTokens)} out`]],
      scales: {x: {time: false, range: [0.4, Math.max(4, x.length) + 0.6]}, y: {range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1]}},
      axes: [{...axes(f.short)[0], values: (_, all) => all.map(value => Number.isInteger(value) ? value : '')}, axes(f.short)[1]],
      series: [{}, ...[[whole, 3], [input, 0], [of('cachedTokens'), 2]].map(([, n]) => ({stroke: series(n), fill: series(n), width: 0, paths: bars, points: {show: false}}))],
    }, [x, whole, input, of('cachedTokens')]);
  }

  /** What is under the pointer. */
  function tip(box, at, content) {
    const label = h('div', {class: 'tip', hidden: true});
    box.append(label);
    at.over.addEventListener('pointerleave', () => { label.hidden = true; });
    at.over.addEventListener('pointermove', () => {
      const i = at.cursor.idx;
      const rows = i === null || i === undefined ? [] : content(i);
      label.hidden = rows.length === 0;
      if (!rows.length) return;
      const when = at.scales.x.time ? f.fullTime(at.data[0][i] * 1000) : null;
      replace(label, when ? h('b', {}, when) : null, rows.map(([tone, name]) => h('span', {}, h('i', {style: {background: tone}}), name)));
      label.style.left = `${Math.min(at.cursor.left + 76, box.clientWidth - label.offsetWidth - 8)}px`;
    });
  }

  function spenders() {
    const spent = each => Number(each.cost.find(cost => cost.currency === data.currency)?.amount ?? 0);
    const most = Math.max(0, ...data.spenders.map(spent));
    return {element: h('section', {class: 'card chart'}, h('h2', {}, `Top ${by}s`),
      h('table', {class: 'lines spenders'},
        h('thead', {}, h('tr', {}, [by, 'Calls', 'Tokens', 'Cost'].map((name, i) => h('th', {class: i ? 'num' : ''}, name)))),
        h('tbody', {}, data.spenders.map(each => h('tr', {},
          h('td', {}, h('span', {class: 'share', style: {width: `${most > 0 ? spent(each) / most * 100 : 0}%`}}),
            each.name.startsWith('(no ') || by === 'tenant' ? h('span', {class: 'over line'}, each.name) : h('a', {class: 'over line', href: `/?q=${encodeURIComponent(f.term(by, each.name))}`}, each.name)),
          h('td', {class: 'num'}, f.count(each.calls)),
          h('td', {class: 'num', title: `${f.count(each.inputTokens)} in, ${f.count(each.outputTokens)} out`}, f.short(each.inputTokens + each.outputTokens)),
          h('td', {class: 'num money', title: f.exact(each.cost)}, f.money(each.cost) || (each.unpriced ? 'no price' : '–')))))))};
  }

  /** A time on an axis, as exact as the steps between times. */
  function clock(value, step) {
    const at = new Date(value * 1000);
    const two = number => String(number).padStart(2, '0');
    if (step >= 86400 || at.getHours() + at.getMinutes() + at.getSeconds() === 0) return f.date(value * 1000);
    return `${two(at.getHours())}:${two(at.getMinutes())}${step < 60 ? `:${two(at.getSeconds())}` : ''}`;
  }

  function seconds(value) {
    return value === null ? '' : f.duration(value * 1e9) || '0';
  }

  let resized = 0;
  const redraw = () => {
    clearTimeout(resized);
    resized = setTimeout(() => { if (data) draw(); }, 120);
  };
  addEventListener('resize', redraw);
  addEventListener('themechange', redraw);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', redraw);
  const stop = onChange(() => {
    const soon = data?.source === 'ledger' && Date.now() - loaded < LEDGER_REFRESH;
    if (!document.hidden && !soon) load().catch(() => {});
  });

  return {
    element, title: 'Charts', load,
    close() {
      stop();
      asking?.abort();
      clearTimeout(typed);
      removeEventListener('resize', redraw);
      removeEventListener('themechange', redraw);
      scheme.removeEventListener('change', redraw);
      clear();
    },
    key: event => event.key === '/' ? (input.focus(), true) : false,
  };
}

function isDay(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

function dayAfter(day, days) {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
