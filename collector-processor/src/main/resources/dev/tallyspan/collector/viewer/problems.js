// What is unpriced, partial or counted twice, and what to do about it.
import {h, replace} from './dom.js';
import {get, onChange} from './api.js';
import {flags} from './list.js';
import * as f from './format.js';

const KINDS = {
  unpriced: ['No price', 'These calls cost something, and no catalog has the price. They are missing in every sum; they are not counted as zero.'],
  partial: ['Partly priced', 'Some units of these calls have no price. Their cost is a lower bound.'],
  possible_duplicate: ['Perhaps billed twice', 'Two spans may describe the same call. Nothing proves it, so both are billed.'],
  billed_twice: ['Billed twice elsewhere', 'Two spans of one call arrived in different requests, and there is no window that compares them. The sums of the viewer count the call once; backends and the ledger have both costs.'],
  duplicate: ['Recorded twice, billed once', 'Two instrumentations recorded these calls. One span of each pair is billed; nothing needs to be done.'],
};

/** What to do, by the reason that the price engine states. */
function advice(problem) {
  const reason = problem.reason;
  if (problem.kind === 'duplicate') return ['Nothing. To record less, switch off one of the two instrumentations.'];
  if (problem.kind === 'billed_twice') return ['Set queue: durable or memory on the pipeline: then the spans of a trace wait for each other, and the call is billed once everywhere.', 'Or record the call with one instrumentation.'];
  if (problem.kind === 'possible_duplicate') return ['Look at both spans. If they are one call, record it with one instrumentation, or set gen_ai.response.id on both: equal ids are proof.'];
  if (/usage|tokens/.test(reason)) {
    return ['The span has no token counts. For streams of OpenAI, set stream_options: {include_usage: true}.', 'If the provider reports none, let Tallyspan estimate them (estimate_usage in the processor).'];
  }
  if (/model|provider/.test(reason)) {
    return [
      'If the model is new, load newer prices: ./tallyspan catalog update',
      'If it is your own or you have a contract, add its price with a catalog of your own (catalog in the processor).',
      'If the name is an alias of a deployment, map it to the model (deployments in the processor).'];
  }
  return ['Open an example: the tab Cost says which unit or condition has no price.', 'Load newer prices: ./tallyspan catalog update; or add the price in a catalog of your own.'];
}

export function problemsPage() {
  const element = h('section', {class: 'page reading'});
  async function load() {
    const {problems, stored} = await get('problems');
    const groups = Object.keys(KINDS).map(kind => [kind, problems.filter(each => each.kind === kind)]).filter(([, found]) => found.length);
    replace(element,
      h('div', {class: 'headline'}, h('h1', {}, 'Problems')),
      groups.length === 0 ? h('div', {class: 'empty'}, h('h2', {}, 'Every call has its price'), h('p', {}, 'Calls without a price, with a part of it, or recorded twice would be listed here.')) : null,
      groups.map(([kind, found]) => h('section', {class: 'problems'},
        h('h2', {}, KINDS[kind][0], h('span', {class: 'muted'}, ` ${f.count(found.reduce((sum, each) => sum + each.count, 0))}`)),
        h('p', {class: 'muted'}, KINDS[kind][1]),
        found.map(problem => h('article', {class: `card problem ${kind}`},
          h('div', {class: 'problem-head'},
            h('b', {}, [problem.provider, problem.model].filter(Boolean).join('/') || '(no model)'),
            h('span', {class: 'flag'}, f.plural(problem.count, 'span')),
            problem.spend.calls ? h('span', {class: 'muted'}, `${f.short(problem.spend.inputTokens)} in, ${f.short(problem.spend.outputTokens)} out`) : null,
            problem.spend.cost.length ? h('span', {class: 'money'}, f.money(problem.spend.cost)) : null),
          problem.reason ? h('p', {}, h('code', {}, problem.reason)) : null,
          h('ul', {}, advice(problem).map(each => h('li', {}, each))),
          h('p', {class: 'examples'}, problem.examples.map((example, i) =>
            h('a', {href: `/traces/${encodeURIComponent(example.traceId)}?${new URLSearchParams({span: example.key, tab: 'Cost'})}`}, `Example ${i + 1}`)),
          kind === 'unpriced' || kind === 'partial' ? h('a', {href: `/?q=${encodeURIComponent(`${kind} ${problem.model ? f.term('name', problem.model) : ''}`.trim())}`}, 'All traces') : null))))),
      h('section', {class: 'problems'}, h('h2', {}, 'What the viewer holds'),
        h('p', {}, `${f.plural(stored.traces, 'trace')}, ${f.plural(stored.spans, 'span')}, ${f.bytes(stored.bytes)} of ${f.bytes(stored.maxBytes)}.`),
        stored.evictedTraces ? h('p', {class: 'muted'}, `${f.plural(stored.evictedTraces, 'older trace')} made room for newer ones.`) : null,
        stored.refusedSpans ? h('p', {class: 'warn'}, `${f.plural(stored.refusedSpans, 'span')} of traces that are too large for the viewer were not kept. Raise max_size.`) : null,
        stored.skippedSpans ? h('p', {class: 'warn'}, `${f.plural(stored.skippedSpans, 'span')} arrived faster than the viewer could read them and are not shown here. They were forwarded and counted.`) : null));
  }
  const stop = onChange(() => { if (!document.hidden) load().catch(() => {}); });
  return {element, title: 'Problems', load, close: stop};
}
