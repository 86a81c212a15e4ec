import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { KatamariError } from '../errors.ts';
import { ownPath } from './own-path.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Nothing but its own host, nothing inline, and text becomes HTML through the sanitiser alone. */
const POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types dompurify',
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Finds a file of the playground by a URL's path. */
export type PlaygroundFiles = (path: string) => Promise<Response> | undefined;

/**
 * The files of the built playground. What is not in the folder now can't be asked for, whatever a path says.
 *
 * @param folder - where the build is; the package's own when left out
 * @throws KatamariError code `invalid-input` where there is none
 */
export async function playgroundFiles(folder: string = ownPath('dist/playground')): Promise<PlaygroundFiles> {
  const names = await namesIn(folder);
  const files = new Map(names.map((name) => [`/${name}`, join(folder, name)]));
  const index = files.get('/index.html');
  if (index === undefined) throw notBuilt(folder);
  files.set('/', index);
  return (path) => {
    const file = files.get(path);
    return file === undefined ? undefined : respond(file);
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
  } catch (cause) {
    throw notBuilt(folder, cause);
  }
}

async function respond(file: string): Promise<Response> {
  const type = TYPES[extname(file)];
  if (type === undefined) return new Response(null, { status: 404 });
  // Names of assets hold a hash of their content, the page's does not.
  const cache = extname(file) === '.html' ? 'no-cache' : 'public, max-age=31536000, immutable';
  return new Response(new Uint8Array(await readFile(file)), {
    headers: { ...HEADERS, 'content-type': type, 'cache-control': cache },
  });
}

function notBuilt(folder: string, cause?: unknown): KatamariError {
  const message = `There is no playground in ${folder}. In a clone of the repository, npm run build makes it.`;
  return new KatamariError('invalid-input', message, { cause });
}
