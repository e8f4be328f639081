// A list that has elements only for the rows that are visible, so that its length does not matter.
import {h} from './dom.js';

// Browsers limit the height of an element; beyond this the scroll bar is scaled.
const MAX_HEIGHT = 8_000_000;

export class VirtualList {
  /**
   * @param height of a row in pixels
   * @param row returns the element of row i
   */
  constructor({height, row, label, classes = '', role = 'listbox'}) {
    this.height = height;
    this.row = row;
    this.length = 0;
    this.total = 0;
    this.spacer = h('div', {class: 'vspace'});
    this.rows = h('div', {class: 'vrows', role: 'presentation'});
    this.element = h('div', {class: `vlist ${classes}`, role, 'aria-label': label, tabindex: '0'},
      this.spacer, this.rows);
    this.element.addEventListener('scroll', () => this.render(), {passive: true});
    this.shown = new Map();
    this.observer = new ResizeObserver(() => this.render());
    this.observer.observe(this.element);
  }

  setLength(length) {
    this.length = length;
    this.total = length * this.height;
    this.spacer.style.height = `${Math.min(this.total, MAX_HEIGHT)}px`;
  }

  /** Draws all rows anew. */
  refresh() {
    this.shown.clear();
    this.rows.replaceChildren();
    this.render();
  }

  get scale() {
    const room = this.element.clientHeight;
    return this.total <= MAX_HEIGHT ? 1 : (this.total - room) / (MAX_HEIGHT - room);
  }

  range() {
    const top = this.element.scrollTop * this.scale;
    const first = Math.max(0, Math.floor(top / this.height) - 6);
    const last = Math.min(this.length, Math.ceil((top + this.element.clientHeight) / this.height) + 6);
    return {top, first, last};
  }

  render() {
    const {top, first, last} = this.range();
    for (const [i, element] of this.shown) {
      if (i < first || i >= last) {
        element.remove();
        this.shown.delete(i);
      }
    }
    const shift = this.element.scrollTop - top;
    for (let i = first; i < last; i++) {
      let element = this.shown.get(i);
      if (!element) {
        element = this.row(i);
        element.classList.add('vrow');
        element.style.height = `${this.height}px`;
        this.shown.set(i, element);
        this.rows.append(element);
      }
      element.style.transform = `translateY(${i * this.height + shift}px)`;
    }
  }

  reveal(i) {
    const top = i * this.height;
    const room = this.element.clientHeight;
    const at = this.element.scrollTop * this.scale;
    if (top < at) this.element.scrollTop = top / this.scale;
    else if (top + this.height > at + room) this.element.scrollTop = (top + this.height - room) / this.scale;
    this.render();
  }

  close() {
    this.observer.disconnect();
  }
}
