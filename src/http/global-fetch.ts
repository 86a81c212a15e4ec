import type { FetchFunction } from './post-stream.ts';

/** The runtime's own `fetch`, looked up when it is called, so that one that is put in its place later is used. */
export const globalFetch: FetchFunction = (url, init) => globalThis.fetch(url, init);
