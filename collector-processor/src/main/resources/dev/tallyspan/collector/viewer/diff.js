// What differs between two texts, by lines and within changed lines by words; and between two lists.
import {h} from './dom.js';
import * as f from './format.js';

/** The table of the longest common subsequence takes two bytes for each cell. */
const MAX_CELLS = 4_000_000;

/** Beyond this, the rest of a text is not compared. */
const MAX_TEXT = 200_000;

/** Equal lines around a change that stay visible. */
const AROUND = 2;

/**
 * Returns which items of two lists are the same, as runs in order: {same, a, b} where same runs have
 * equal items on both sides, and the others what only one of the sides has. What is too large for an
 * exact answer counts as changed.
 */
export function runs(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  const found = [];
  if (start) found.push({same: true, a: a.slice(0, start), b: b.slice(0, start)});
  found.push(...middle(left, right));
  if (end) found.push({same: true, a: a.slice(a.length - end), b: b.slice(b.length - end)});
  return found;
}

function middle(a, b) {
  if (a.length === 0 && b.length === 0) return [];
  if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_CELLS || Math.min(a.length, b.length) > 0xffff) {
    return [{same: false, a, b}];
  }
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const found = [];
  const add = (same, x, y) => {
    let last = found.at(-1);
    if (last?.same !== same) found.push(last = {same, a: [], b: []});
    if (x !== null) last.a.push(x);
    if (y !== null) last.b.push(y);
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) add(true, a[i++], b[j++]);
    else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) add(false, a[i++], null);
    else add(false, null, b[j++]);
  }
  return found;
}

/** Words, blanks and other characters. */
function words(text) {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** Two texts side by side; where they differ, their words are marked. */
export function sideBySide(a, b) {
  const cut = Math.max(a.length, b.length) > MAX_TEXT;
  const rows = [];
  const all = runs(a.slice(0, MAX_TEXT).split('\n'), b.slice(0, MAX_TEXT).split('\n'));
  all.forEach((run, n) => {
    if (!run.same) rows.push(changed(run.a.join('\n'), run.b.join('\n'), run.a.length > 0, run.b.length > 0));
    else rows.push(...unchanged(run.a, n === 0, n === all.length - 1));
  });
  return h('div', {class: 'diff', tabindex: '0', role: 'group', 'aria-label': 'Differences'},
    row(h('span', {}, 'A'), h('span', {}, 'B'), 'diff-head'), rows,
    cut ? h('p', {class: 'muted'}, `Only the first ${f.count(MAX_TEXT)} characters are compared.`) : null);
}

function row(left, right, classes = '') {
  return h('div', {class: `diff-row ${classes}`}, left, right);
}

function cell(content, classes = '') {
  return h('div', {class: `text ${classes}`, dir: 'auto'}, content);
}

function changed(a, b, hasA, hasB) {
  const left = [];
  const right = [];
  if (hasA && hasB) {
    for (const run of runs(words(a), words(b))) {
      if (run.same) {
        left.push(run.a.join(''));
        right.push(run.b.join(''));
      } else {
        if (run.a.length) left.push(h('del', {}, run.a.join('')));
        if (run.b.length) right.push(h('ins', {}, run.b.join('')));
      }
    }
  } else {
    left.push(hasA ? h('del', {}, a) : null);
    right.push(hasB ? h('ins', {}, b) : null);
  }
  return row(cell(left, hasA ? 'gone' : 'absent'), cell(right, hasB ? 'new' : 'absent'), 'changed');
}

/** Of a long run, the lines next to a change; the others on demand. */
function unchanged(lines, first, last) {
  const before = first ? 0 : AROUND;
  const after = last ? 0 : AROUND;
  const part = (from, to) => row(cell(lines.slice(from, to).join('\n')), cell(lines.slice(from, to).join('\n')));
  const hidden = lines.length - before - after;
  if (hidden < 4) return [part(0, lines.length)];
  const more = h('button', {class: 'link equal', onclick: () => more.replaceWith(part(before, lines.length - after))},
    `${f.plural(hidden, 'equal line')}`);
  return [before ? part(0, before) : null, more, after ? part(lines.length - after, lines.length) : null];
}
