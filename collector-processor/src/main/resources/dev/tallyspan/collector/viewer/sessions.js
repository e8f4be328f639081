// Sessions, and the turns of one.
import {h, replace} from './dom.js';
import {get, onChange} from './api.js';
import {VirtualList} from './virtual.js';
import {flags, goTo} from './list.js';
import * as f from './format.js';

export function sessionsPage(url) {
  let sessions = [];
  let selected = 0;
  const query = url.searchParams.get('q') ?? '';
  const list = new VirtualList({height: 58, row, label: 'Sessions', classes: 'sessions'});
  const empty = h('div', {class: 'empty', hidden: true}, h('p', {}, 'No trace names a session. Set session.id or gen_ai.conversation.id on your spans.'));
  const element = h('section', {class: 'page list-page'},
    h('div', {class: 'toolbar'}, h('h1', {}, 'Sessions'), h('span', {class: 'sums'}, '')),
    h('div', {class: 'thead sessions-grid', 'aria-hidden': 'true'}, ['Last', 'Session and first question', 'User', 'Turns', 'Tokens', 'Cost'].map((name, i) => h('span', {class: i > 2 ? 'num' : ''}, name))),
    list.element, empty);

  function row(i) {
    const s = sessions[i];
    const cost = f.money(s.cost);
    return h('a', {class: `trace sessions-grid${i === selected ? ' selected' : ''}${s.errors ? ' failed' : ''}`, role: 'option', tabindex: '-1', href: `/sessions/${encodeURIComponent(s.session)}`},
      h('span', {class: 'when', title: f.fullTime(s.endMillis)}, h('b', {}, f.time(s.endMillis)), h('small', {}, f.day(s.endMillis))),
      h('span', {class: 'said'}, h('b', {class: 'line'}, s.session), h('span', {class: 'line muted', dir: 'auto'}, s.asked)),
      h('span', {class: 'who'}, h('span', {class: 'line'}, s.user || '–'), h('small', {class: 'line muted'}, s.models)),
      h('span', {class: 'num'}, h('b', {}, f.count(s.traces)), h('small', {class: 'muted'}, f.plural(s.calls, 'call'))),
      h('span', {class: 'num'}, h('b', {}, `${f.short(s.inputTokens)} → ${f.short(s.outputTokens)}`), s.cachedTokens ? h('small', {class: 'muted'}, `${f.percent(s.cachedTokens / s.inputTokens)} cached`) : null),
      h('span', {class: 'num'}, h('b', {class: cost ? 'money' : 'muted', title: f.exact(s.cost)}, cost || (s.unpriced ? 'no price' : '–')), h('small', {class: 'flags'}, flags(s))));
  }

  async function load() {
    sessions = (await get('sessions', {q: query})).sessions;
    element.querySelector('.sums').textContent = f.plural(sessions.length, 'session');
    empty.hidden = sessions.length > 0;
    list.element.hidden = sessions.length === 0;
    list.setLength(sessions.length);
    list.refresh();
  }

  function move(by) {
    selected = Math.max(0, Math.min(sessions.length - 1, selected + by));
    list.refresh();
    list.reveal(selected);
  }

  const stop = onChange(() => { if (!document.hidden) load().catch(() => {}); });
  return {
    element, title: 'Sessions', load,
    close() { stop(); list.close(); },
    key(event) {
      switch (event.key) {
        case 'j': case 'ArrowDown': move(1); return true;
        case 'k': case 'ArrowUp': move(-1); return true;
        case 'Enter': if (sessions[selected]) goTo(`/sessions/${encodeURIComponent(sessions[selected].session)}`); return true;
        default: return false;
      }
    },
  };
}

export function sessionPage(session) {
  const q = `session:"${session.replaceAll('"', '')}"`;
  const element = h('section', {class: 'page reading'});
  async function load() {
    const found = await get('traces', {q, limit: 500});
    const turns = found.traces.reverse();
    const sum = found.sum;
    replace(element,
      h('div', {class: 'headline'}, h('h1', {}, session), h('div', {class: 'actions'}, h('a', {class: 'button', href: `/?q=${encodeURIComponent(q)}`}, 'As a list'))),
      h('dl', {class: 'facts'},
        h('div', {}, h('dt', {}, 'Cost'), h('dd', {class: 'money', title: f.exact(sum.cost)}, f.money(sum.cost) || '–')),
        h('div', {}, h('dt', {}, 'Turns'), h('dd', {}, f.count(found.matched))),
        h('div', {}, h('dt', {}, 'Model calls'), h('dd', {}, f.count(sum.calls))),
        h('div', {}, h('dt', {}, 'Tokens'), h('dd', {}, `${f.count(sum.inputTokens)} in → ${f.count(sum.outputTokens)} out`)),
        h('div', {}, h('dt', {class: 'offscreen'}, 'Flags'), h('dd', {class: 'flags'}, flags(sum)))),
      turns.length === 0 ? h('p', {class: 'empty'}, 'No trace of this session is in the viewer any more.') : null,
      turns.map(trace => h('article', {class: 'turn'},
        h('a', {class: 'turn-head', href: `/traces/${encodeURIComponent(trace.traceId)}`},
          h('b', {}, f.time(trace.startMillis)), h('span', {class: 'muted'}, [f.day(trace.startMillis), trace.user, trace.models.join(', '), f.duration(trace.durationNanos)].filter(Boolean).join(' · ')),
          h('span', {class: 'grow'}), flags(trace), h('span', {class: 'money'}, f.money(trace.cost))),
        trace.asked ? h('div', {class: 'message user'}, h('div', {class: 'text', dir: 'auto'}, trace.asked)) : null,
        trace.answered ? h('div', {class: 'message assistant'}, h('div', {class: 'text', dir: 'auto'}, trace.answered)) : null,
        !trace.asked && !trace.answered ? h('p', {class: 'muted'}, trace.name) : null)));
  }
  const stop = onChange(() => { if (!document.hidden) load().catch(() => {}); });
  return {element, title: session, load, close: stop, key: event => event.key === 'Escape' ? (goTo('/sessions'), true) : false};
}
