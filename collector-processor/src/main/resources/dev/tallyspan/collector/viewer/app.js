// The frame around the pages: navigation, keys, theme.
import {h, replace} from './dom.js';
import {connect, get, onChange, onConnection, Failure} from './api.js';
import {listPage} from './list.js';
import {tracePage} from './trace.js';
import {sessionsPage, sessionPage} from './sessions.js';
import {chartsPage} from './charts.js';
import {problemsPage} from './problems.js';
import {comparePage} from './compare.js';

const NAVIGATION = [['/', 'Traces', 't'], ['/sessions', 'Sessions', 's'], ['/charts', 'Charts', 'c'], ['/problems', 'Problems', 'p']];

const page = document.getElementById('page');
let current = null;
export const about = {version: '', content: 'full', ledger: false, links: []};

function route(url) {
  const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
  switch (parts[0]) {
    case '': return listPage(url);
    case 'traces': return tracePage(parts[1], url, about);
    case 'sessions': return parts[1] ? sessionPage(parts[1]) : sessionsPage(url);
    case 'charts': return chartsPage(url, about);
    case 'problems': return problemsPage();
    case 'compare': return comparePage(url);
    default: return null;
  }
}

export function go(path, {replaced = false} = {}) {
  history[replaced ? 'replaceState' : 'pushState'](null, '', path);
  show();
}

async function show() {
  const url = new URL(location.href);
  current?.close?.();
  current = null;
  mark(url.pathname);
  const shown = route(url);
  current = shown;
  replace(page, shown?.element ?? h('p', {class: 'empty'}, 'There is no such page.'));
  document.title = shown?.title ? `${shown.title} · Tallyspan` : 'Tallyspan';
  page.scrollTop = 0;
  try {
    await shown?.load?.();
  } catch (e) {
    if (e.name !== 'AbortError' && current === shown) failed(e);
  }
}

function failed(e) {
  const missing = e instanceof Failure && e.status === 404;
  if (missing) {
    // A link may be faster than the trace.
    current = {close: onChange(ids => {
      if (ids === null || ids.some(id => location.pathname.includes(id))) show();
    })};
  }
  const text = missing
    ? 'This trace is not in the viewer: it has not arrived yet, or it has made room for newer ones.'
    : e.message;
  replace(page, h('div', {class: 'empty'}, h('p', {}, text), h('p', {}, h('a', {href: '/'}, 'All traces'))));
}

function mark(path) {
  for (const link of document.querySelectorAll('#bar nav a')) {
    const to = link.getAttribute('href');
    const on = to === '/' ? path === '/' || path.startsWith('/traces') || path === '/compare' : path.startsWith(to);
    if (on) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

// ---- theme ----

function theme(name) {
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}

function dark() {
  return document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
}

function toggleTheme() {
  const next = dark() ? 'light' : 'dark';
  theme(next);
  try {
    localStorage.setItem('theme', next);
  } catch {
    // Not kept.
  }
  window.dispatchEvent(new Event('themechange'));
}

try {
  theme(localStorage.getItem('theme'));
} catch {
  // As the system says.
}

// ---- help ----

const KEYS = [
  ['/', 'filter'],
  ['j  k', 'next, previous row'],
  ['Enter', 'open'],
  ['Esc', 'leave the field, go back'],
  ['h  l', 'close, open a branch'],
  ['1 … 6', 'tabs of a span'],
  ['e', 'next error'],
  ['n  N', 'next, previous model call, or match of the filter of a trace'],
  ['y', 'copy the branch as Markdown'],
  ['x', 'mark a trace to compare; the second one opens'],
  ['r  R', 'make a regression case of the trace, of the span'],
  ['t  s  c  p', 'traces, sessions, charts, problems'],
  ['d', 'light or dark'],
  ['?', 'this help'],
];

const QUERIES = [
  ['refund', 'in the question, the answer, a name, a user, a model'],
  ['model:gpt-4o user:maya session:x', 'also feature, service, provider, operation, tool, name, trace'],
  ['cost>0.01 duration>2s ttft<500ms', 'also tokens, in, out, cached, calls, spans, errors'],
  ['error unpriced partial duplicate', 'flags; "error" in quotation marks is a text'],
  ['since:1h until:2026-01-31', 'start of the trace'],
  ['-model:mini', 'not'],
  ['error or (cost > 0.1 and not user:maya)', 'a blank is "and"'],
];

const help = h('dialog', {class: 'help', 'aria-label': 'Help'},
  h('h2', {}, 'Keys'),
  h('dl', {}, KEYS.map(([key, what]) => [h('dt', {}, key.split('  ').map(each => h('kbd', {}, each))), h('dd', {}, what)])),
  h('h2', {}, 'Filter'),
  h('dl', {}, QUERIES.map(([query, what]) => [h('dt', {}, h('code', {}, query)), h('dd', {}, what)])),
  h('form', {method: 'dialog'}, h('button', {}, 'Close')));
document.body.append(help);

// ---- bar ----

const live = h('span', {class: 'live', role: 'status'});
const problems = h('span', {class: 'badge', hidden: true});
replace(document.getElementById('bar'),
  h('a', {href: '/', class: 'brand', 'aria-label': 'Tallyspan, all traces'},
    h('img', {src: '/assets/icon.svg', alt: '', width: '22', height: '22'}), 'Tallyspan'),
  h('nav', {'aria-label': 'Pages'}, NAVIGATION.map(([path, name]) =>
    h('a', {href: path}, name, path === '/problems' ? problems : null))),
  h('span', {class: 'grow'}),
  live,
  h('button', {class: 'quiet', onclick: toggleTheme, title: 'Light or dark (d)', 'aria-label': 'Light or dark'}, '◐'),
  h('button', {class: 'quiet', onclick: () => help.showModal(), title: 'Keys (?)', 'aria-label': 'Keys'}, '?'));

onConnection(on => {
  live.classList.toggle('on', on);
  live.textContent = on ? 'live' : 'not connected';
});

async function countProblems() {
  try {
    const found = await get('problems');
    const count = found.problems
      .filter(each => each.kind === 'unpriced' || each.kind === 'partial')
      .reduce((sum, each) => sum + each.count, 0);
    problems.hidden = count === 0;
    problems.textContent = count > 999 ? '999+' : String(count);
  } catch {
    problems.hidden = true;
  }
}

// ---- keys and links ----

addEventListener('keydown', event => {
  if (event.metaKey || event.ctrlKey || event.altKey || help.open) return;
  const field = event.target.closest?.('input, textarea, select');
  if (field) {
    if (event.key === 'Escape') {
      field.blur();
      event.preventDefault();
    }
    return;
  }
  if (current?.key?.(event)) {
    event.preventDefault();
    return;
  }
  const to = NAVIGATION.find(([, , key]) => key === event.key);
  if (to) go(to[0]);
  else if (event.key === 'd') toggleTheme();
  else if (event.key === '?') help.showModal();
  else if (event.key === 'Escape') history.length > 1 ? history.back() : go('/');
  else return;
  event.preventDefault();
});

addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || link.target) return;
  event.preventDefault();
  go(url.pathname + url.search);
});

addEventListener('popstate', show);
addEventListener('go', event => go(event.detail));

// ---- start ----

try {
  Object.assign(about, await get('about'));
} catch {
  // The page says what is wrong.
}
connect();
let counting = 0;
onChange(() => {
  clearTimeout(counting);
  counting = setTimeout(countProblems, 1000);
});
countProblems();
show();
