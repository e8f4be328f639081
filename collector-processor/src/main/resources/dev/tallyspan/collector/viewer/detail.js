// The details of one span, in tabs.
import {h, replace, copy} from './dom.js';
import {get, id} from './api.js';
import {chat, json, longText, text} from './chat.js';
import {scoreText} from './list.js';
import * as f from './format.js';

const TABS = ['Chat', 'Tools', 'Retrieval', 'Cost', 'Attributes', 'Raw'];

export class SpanDetail {
  constructor(traceId, tab, remember, follow, makeCase) {
    this.traceId = traceId;
    this.tab = TABS.includes(tab) ? tab : '';
    this.remember = remember;
    this.follow = follow;
    this.makeCase = makeCase;
    this.tabs = h('div', {class: 'tabs', role: 'tablist', 'aria-label': 'Details'});
    this.body = h('div', {class: 'detail-body', role: 'tabpanel', tabindex: '0'});
    this.title = h('div', {class: 'detail-title'});
    this.element = h('aside', {class: 'pane detail', 'aria-label': 'Span', tabindex: '-1'}, this.title, this.tabs, this.body);
    this.lists = [];
  }

  async show(span) {
    this.asking?.abort();
    this.asking = new AbortController();
    this.span = span;
    try {
      this.data = await get(`traces/${id(this.traceId)}/spans/${id(span.key)}`, {}, this.asking.signal);
    } catch (e) {
      if (e.name !== 'AbortError') replace(this.body, h('p', {class: 'empty'}, e.message));
      return;
    }
    this.draw();
  }

  /** Shows a newer state of the same span, unless it is the same. */
  async refresh(span) {
    const before = JSON.stringify(this.data);
    this.data = await get(`traces/${id(this.traceId)}/spans/${id(span.key)}`).catch(() => this.data);
    if (this.span?.key !== span.key || JSON.stringify(this.data) !== before) {
      this.span = span;
      this.draw();
    }
  }

  available() {
    const llm = this.data.llm;
    return {
      Chat: Boolean(llm && (llm.input || llm.output || llm.system)),
      Tools: Boolean(llm && (llm.toolDefinitions || llm.arguments !== undefined || llm.result !== undefined || llm.tool)),
      Retrieval: Boolean(llm && (llm.query || llm.documents)),
      Cost: Boolean(llm),
      Attributes: true,
      Raw: true,
    };
  }

  draw() {
    const available = this.available();
    const shown = available[this.tab] ? this.tab : TABS.find(each => available[each]);
    replace(this.title,
      h('h2', {title: this.data.name}, this.data.name || '(no name)'),
      h('p', {class: 'muted'}, [this.data.llm?.operation, this.data.llm?.provider, this.data.service, this.data.kind].filter(Boolean).join(' · ')),
      this.data.llm?.input ? h('button', {onclick: () => this.makeCase(this.data.key), title: 'Save this span as a case for evaluations (R)'}, 'Make regression case') : null,
      this.data.failed ? h('div', {class: 'failure'}, h('b', {}, this.data.errorType || 'error'), ' ', text(this.data.statusMessage)) : null,
      this.data.evaluations?.length ? h('div', {class: 'evaluations'}, this.data.evaluations.map(evaluation)) : null);
    replace(this.tabs, TABS.map((name, i) => h('button', {
      role: 'tab', 'aria-selected': String(name === shown), disabled: !available[name], tabindex: name === shown ? '0' : '-1',
      title: `${name} (${i + 1})`, onclick: () => this.choose(name),
    }, name)));
    this.clear();
    this.body.scrollTop = 0;
    replace(this.body, this[shown.toLowerCase()]());
  }

  choose(name) {
    this.tab = name;
    this.remember(name);
    this.draw();
  }

  key(event) {
    const name = TABS[Number(event.key) - 1];
    if (!name || !this.data || !this.available()[name]) return false;
    this.choose(name);
    return true;
  }

  keep(list) {
    this.lists.push(list);
    return list.element;
  }

  clear() {
    this.lists.forEach(list => list.close());
    this.lists = [];
  }

  close() {
    this.asking?.abort();
    this.clear();
  }

  chat() {
    return chat(this.data.llm, list => this.keep(list));
  }

  tools() {
    const llm = this.data.llm;
    const sections = [];
    if (llm.arguments !== undefined || llm.result !== undefined || llm.tool) {
      sections.push(h('section', {class: 'card'},
        h('h3', {}, llm.tool || 'Tool', llm.toolCallId ? h('code', {class: 'muted'}, llm.toolCallId) : null),
        llm.toolDescription ? h('p', {class: 'muted'}, llm.toolDescription) : null,
        h('h4', {}, 'Arguments'), llm.arguments === undefined ? h('p', {class: 'muted'}, 'not recorded') : json(llm.arguments, list => this.keep(list)),
        h('h4', {}, 'Result'), llm.result === undefined ? h('p', {class: 'muted'}, 'not recorded') : json(llm.result, list => this.keep(list))));
    }
    const definitions = Array.isArray(llm.toolDefinitions) ? llm.toolDefinitions : llm.toolDefinitions ? [llm.toolDefinitions] : [];
    if (definitions.length) {
      sections.push(h('h3', {}, `Offered to the model: ${definitions.length}`));
      for (const tool of definitions) {
        sections.push(h('details', {class: 'card'},
          h('summary', {}, tool?.name ?? tool?.function?.name ?? 'tool', ' ', h('span', {class: 'muted line'}, tool?.description ?? tool?.function?.description ?? '')),
          json(tool, list => this.keep(list))));
      }
    }
    return sections;
  }

  retrieval() {
    const llm = this.data.llm;
    const documents = Array.isArray(llm.documents) ? llm.documents : llm.documents ? [llm.documents] : [];
    const best = Math.max(0, ...documents.map(each => Number(each?.score) || 0));
    return [
      h('section', {class: 'card'}, h('h4', {}, 'Query', llm.dataSource ? h('span', {class: 'muted'}, ` in ${llm.dataSource}`) : null),
        llm.query ? text(llm.query) : h('p', {class: 'muted'}, 'not recorded')),
      h('h3', {}, f.plural(documents.length, 'document')),
      documents.map((document, i) => h('section', {class: 'card document'},
        h('div', {class: 'rank'}, h('b', {}, `${i + 1}`),
          h('span', {class: 'line'}, document?.id ?? document?.document?.id ?? ''),
          document?.score === undefined ? null : h('span', {class: 'score'},
            h('span', {style: {width: `${best > 0 ? Math.max(2, Number(document.score) / best * 100) : 0}%`}}), h('em', {}, String(document.score)))),
        typeof document?.content === 'string' ? longText(document.content, list => this.keep(list))
          : document && typeof document === 'object' && Object.keys(document).some(key => key !== 'id' && key !== 'score') ? json(document, list => this.keep(list)) : null)),
    ];
  }

  cost() {
    const {cost, llm, late} = this.data;
    const known = {
      priced: 'Every unit has a price.',
      free: 'The price is known, and it is zero.',
      partial: 'Some units have no price. The total is a lower bound.',
      unpriced: 'No price is known. That is not zero.',
      provider_reported: 'The provider or a gateway reported this cost.',
      duplicate: 'Another span bills this call, so this one is not billed.',
      aggregate: 'This span sums its children, which are billed. It is not billed again.',
      not_billable: 'Not a call of a model: nothing to bill.',
    };
    const usage = llm.usage;
    return [
      h('section', {class: 'card bill'},
        h('div', {class: 'bill-total'},
          h('span', {class: `status ${cost.status}`}, cost.status.replaceAll('_', ' ')),
          h('b', {class: cost.total === undefined ? 'muted' : 'money'},
            cost.total === undefined ? 'no cost' : f.amount(cost.total, cost.currency)),
          cost.total === undefined ? null : h('code', {class: 'muted'}, `${cost.total} ${cost.currency}`)),
        h('p', {}, known[cost.status] ?? ''),
        cost.total !== undefined && !cost.lines?.length && cost.status !== 'provider_reported'
          ? h('p', {class: 'muted'}, 'It was priced before it arrived here, so its arithmetic is not known.') : null,
        cost.rule ? h('p', {}, `Decided by: ${cost.rule}. `) : null,
        late ? h('p', {class: 'warn'}, `Counted as ${late.status.replaceAll('_', ' ')}: ${late.rule}`, late.decidedBy ? [', ', this.link(late.decidedBy)] : null, '. That was not known when this cost was forwarded.') : null,
        cost.duplicateOf ? h('p', {}, 'Billed by ', this.link(cost.duplicateOf)) : null,
        cost.possibleDuplicateOf ? h('p', {class: 'warn'}, 'Perhaps the same call as ', this.link(cost.possibleDuplicateOf), '; both are billed, because nothing proves it.') : null,
        cost.missing.length ? h('p', {class: 'warn'}, `Missing: ${cost.missing.join(', ')}`) : null,
        cost.reason && cost.status !== 'priced' ? h('p', {class: 'warn'}, cost.reason) : null),
      cost.lines?.length ? h('table', {class: 'lines'},
        h('thead', {}, h('tr', {}, ['Unit', 'Quantity', '× Rate', '= Amount'].map((name, i) => h('th', {class: i ? 'num' : ''}, name)))),
        h('tbody', {}, cost.lines.map(line => h('tr', {},
          h('td', {}, line.unit.replaceAll('_', ' ')), h('td', {class: 'num'}, f.count(Number(line.quantity))),
          h('td', {class: 'num', title: `${line.rate} ${line.currency}`}, rate(line)), h('td', {class: 'num', title: `${line.amount} ${line.currency}`}, f.amount(line.amount, line.currency))))),
        cost.total === undefined ? null : h('tfoot', {}, h('tr', {}, h('th', {colspan: '3'}, 'Total'), h('td', {class: 'num money'}, f.amount(cost.total, cost.currency))))) : null,
      h('dl', {class: 'pairs'},
        pair('Price card', cost.price), pair('Catalog', cost.catalog),
        cost.originalTotal ? pair('Before conversion', `${cost.originalTotal} ${cost.originalCurrency} at ${cost.exchangeRate}`) : null,
        cost.clientTotal ? pair('Computed by the client', `${cost.clientTotal} ${cost.clientCurrency}`) : null,
        pair('Requested model', llm.requestModel), pair('Model that answered', llm.responseModel),
        pair('Response id', llm.responseId), pair('Recognised as', llm.dialects?.join(', '))),
      usage ? [h('h3', {}, 'Tokens'), h('dl', {class: 'pairs'},
        pair('Input', counted(usage.input)), pair('of which cache reads', counted(usage.cacheRead)), pair('of which cache writes', counted(usage.cacheWrite)),
        pair('Output', counted(usage.output)), pair('of which reasoning', counted(usage.reasoning)),
        pair('Source', usage.source), pair('Cache tokens', usage.semantics.replaceAll('_', ' ')))] : null,
      llm.readings?.length ? [h('h3', {}, 'Where the counts are from'), h('table', {class: 'lines'},
        h('thead', {}, h('tr', {}, ['Count', 'Value', 'From'].map((name, i) => h('th', {class: i === 1 ? 'num' : ''}, name)))),
        h('tbody', {}, llm.readings.map(reading => h('tr', {},
          h('td', {}, reading.slot.replaceAll('_', ' ')), h('td', {class: 'num'}, reading.value),
          h('td', {}, h('code', {}, reading.source || reading.rule), ' ', h('span', {class: 'muted'}, reading.source ? reading.dialect : ''))))))] : null,
    ];
  }

  link(other) {
    const [trace, span] = other.includes('/') ? other.split('/') : [this.traceId, other];
    return trace === this.traceId
      ? h('button', {class: 'link', onclick: () => this.follow(span)}, span)
      : h('a', {href: `/traces/${encodeURIComponent(trace)}?span=${encodeURIComponent(span)}`}, `${trace}/${span}`);
  }

  attributes() {
    const table = (title, values) => Object.keys(values).length === 0 ? null : [
      h('h3', {}, title),
      h('dl', {class: 'pairs attributes'}, Object.entries(values).sort(([a], [b]) => a < b ? -1 : 1).map(([key, value]) => [
        h('dt', {}, key),
        h('dd', {}, typeof value === 'string' ? longText(value, list => this.keep(list), 4) : typeof value === 'object' ? json(value, list => this.keep(list)) : String(value))])),
    ];
    return [
      table('Span', this.data.attributes),
      this.data.events.map(event => table(`Event ${event.name}`, event.attributes) ?? h('h3', {}, `Event ${event.name}`)),
      table('Resource', this.data.resource),
      table('Scope and ids', {'scope.name': this.data.scope, 'scope.version': this.data.scopeVersion, 'trace.id': this.data.traceId, 'span.id': this.data.spanId, 'parent.id': this.data.parentSpanId}),
    ];
  }

  raw() {
    const all = JSON.stringify(this.data, null, 2);
    return [h('div', {class: 'raw-head'}, h('span', {class: 'muted'}, f.bytes(all.length)),
      h('button', {onclick: () => copy(all, 'JSON')}, 'Copy')), longText(all, list => this.keep(list), 40)];
  }
}

function evaluation(score) {
  return h('details', {class: 'evaluation'},
    h('summary', {}, scoreText(score), score.errorType ? h('span', {class: 'flag bad'}, score.errorType) : null),
    score.explanation ? h('div', {class: 'explanation'}, text(score.explanation)) : h('p', {class: 'muted'}, 'no explanation'));
}

function counted(value) {
  return value === undefined ? undefined : f.count(value);
}

function pair(name, value) {
  return value === undefined || value === null || value === '' ? null : [h('dt', {}, name), h('dd', {}, value)];
}

/** Small rates per million, as price lists write them. */
function rate(line) {
  const value = Number(line.rate);
  return value < 0.0005 ? `${f.amount(value * 1e6, line.currency)}/M` : f.amount(value, line.currency);
}
