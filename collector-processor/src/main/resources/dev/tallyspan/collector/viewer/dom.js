// Builds elements. What senders wrote becomes text nodes and nothing else: no function here takes markup.

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Makes characters visible that have no glyph, or that change the order of what follows them. */
export function visible(text) {
  return String(text)
    .replace(CONTROL, c => String.fromCharCode(c === '\u007f' ? 0x2421 : 0x2400 + c.charCodeAt(0)))
    .replace(DIRECTION, c => `⟨U+${c.charCodeAt(0).toString(16).toUpperCase()}⟩`);
}

/** A URL that a link may have: of this server, or of http and https. */
function safe(url) {
  return /^\/(?!\/)|^#|^https?:\/\//i.test(url) ? url : '#';
}

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  set(element, properties);
  append(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag, properties = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  for (const child of children) element.append(child);
  return element;
}

function set(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') Object.assign(element.style, value);
    else if (name === 'href') element.setAttribute('href', safe(value));
    else if (name === 'value') element.value = value;
    else if (name === 'title') element.title = visible(value);
    else element.setAttribute(name, value === true ? '' : value);
  }
}

function append(element, children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.append(child);
    else element.append(document.createTextNode(visible(child)));
  }
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

const ICONS = {
  model: 'M8 1.8l1.7 4.5 4.5 1.7-4.5 1.7L8 14.2 6.3 9.7 1.8 8l4.5-1.7z',
  tool: 'M10.5 2a3.5 3.5 0 0 0-3.3 4.6L2 11.8 4.2 14l5.2-5.2A3.5 3.5 0 0 0 13.8 4.600L11.700 6.700 9.300 4.300 11.400 2.200A3.500 3.500 0 0 0 10.500 2z',
  agent: 'M5 3h6a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM6 6.500v2M10 6.500v2M8 1v2M6 14h4',
  retrieval: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.500 10.500L14 14',
  embeddings: 'M3 4h.01M8 4h.01M13 4h.01M3 8h.01M8 8h.01M13 8h.01M3 12h.01M8 12h.01M13 12h.01',
  other: 'M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
};

export function icon(kind) {
  return svg('svg', {viewBox: '0 0 16 16', class: `icon ${kind}`, 'aria-hidden': 'true'},
    svg('path', {d: ICONS[kind] ?? ICONS.other}));
}

let toastTimer;
/** Shows a text for a moment; an empty one ends it. */
export function toast(text) {
  const box = document.getElementById('toast');
  box.textContent = text;
  box.classList.toggle('shown', text !== '');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove('shown'), 2200);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h('textarea', {class: 'offscreen', 'aria-hidden': 'true'});
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  toast(`${what} copied`);
}
