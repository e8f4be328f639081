// Asks the server for data, and listens for changes.

export class Failure extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function fetched(path, signal) {
  let response;
  try {
    response = await fetch(path, {signal, headers: {accept: 'application/json'}});
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Failure(0, 'The server does not answer. Is it still running?');
  }
  if (response.ok) return response;
  const text = await response.text();
  let message = text.trim();
  try {
    message = JSON.parse(text).error ?? message;
  } catch {
    // Plain text.
  }
  throw new Failure(response.status, message);
}

export async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams(parameters).toString();
  const response = await fetched(`/api/${path}${query ? '?' + query : ''}`, signal);
  return response.json();
}

/** Has the browser save what is at a path; returns the name of the file. */
export async function download(path, parameters = {}) {
  const response = await fetched(`/api/${path}?${new URLSearchParams(parameters)}`);
  const link = document.createElement('a');
  link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'file';
  link.href = URL.createObjectURL(await response.blob());
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return link.download;
}

export const id = encodeURIComponent;

const listeners = new Set();
const states = new Set();
let connected = false;

/** Calls the listener with the ids of traces that changed; returns how to stop. */
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function onConnection(listener) {
  states.add(listener);
  listener(connected);
}

export function connect() {
  const source = new EventSource('/api/events');
  const state = now => {
    connected = now;
    states.forEach(each => each(now));
  };
  source.onopen = () => {
    state(true);
    // What changed while there was no connection.
    listeners.forEach(each => each(null));
  };
  source.onerror = () => state(false);
  source.addEventListener('traces', event => {
    const ids = JSON.parse(event.data);
    listeners.forEach(each => each(ids));
  });
}
