import { HttpFault } from './http-fault.ts';
import type { Operation } from './operation.ts';

/** Where a request goes. */
export interface Route {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the operation of a request by method and path. */
export class Router {
  /** Every operation with the segments of its path. */
  readonly #ways: readonly { readonly operation: Operation; readonly pattern: readonly string[] }[];

  constructor(operations: readonly Operation[], basePath: string) {
    this.#ways = operations.map((operation) => ({
      operation,
      pattern: `${basePath}${operation.path}`.split('/'),
    }));
  }

  /** Methods that a path has, and `OPTIONS`. Empty where there is no such path. */
  methodsOf(path: string): readonly string[] {
    const segments = path.split('/');
    const methods = this.#ways
      .filter(({ pattern }) => paramsOf(pattern, segments))
      .map(({ operation }) => operation.method);
    return methods.length === 0 ? [] : [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  }

  /** @throws HttpFault 404 for a path that nothing is at, 405 for a method it does not have, 400 for a path that can't be read */
  find(method: string, path: string): Route {
    const asked = method === 'HEAD' ? 'GET' : method;
    const segments = path.split('/');
    for (const { operation, pattern } of this.#ways) {
      const params = operation.method === asked ? paramsOf(pattern, segments) : undefined;
      if (params !== undefined) return { operation, params };
    }
    const methods = this.methodsOf(path);
    if (methods.length === 0)
      throw new HttpFault(
        404,
        'not-found',
        'There is nothing at this path. GET /openapi.json lists what there is.',
      );
    throw new HttpFault(405, 'bad-request', `The path takes ${methods.join(', ')}.`, {
      headers: { allow: methods.join(', ') },
    });
  }
}

/** What a path has in the places of its pattern's parameters; `undefined` where it is another path. */
function paramsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (segments.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decoded(segment);
    else if (part !== segment) return undefined;
  }
  return Object.values(params).includes('') ? undefined : params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpFault(400, 'invalid-input', 'The path holds a % that encodes nothing.');
  }
}
