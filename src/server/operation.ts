import type { z } from 'zod';

import type { Clock } from '../clock.ts';
import type { Observer } from '../observer.ts';
import type { RequestIds } from '../sse/request-ids.ts';
import type { ChainBook } from './chain-book.ts';
import type { HandlerOptions } from './handler-options.ts';
import type { HealthWatch } from './health-watch.ts';
import type { PersonaShelf } from './persona-shelf.ts';
import type { RunDesk } from './run-desk.ts';
import type { StreamMeter } from './stream-meter.ts';
import type { TokenCounters } from './token-counters.ts';

/** What operations work with. */
export interface ServerParts {
  readonly options: HandlerOptions;
  readonly chains: ChainBook;
  readonly personas: PersonaShelf;
  readonly desk: RunDesk;
  readonly health: HealthWatch;
  readonly counters: TokenCounters;
  readonly meter: StreamMeter;
  readonly clock: Clock;
  /** To be told of every run. */
  readonly observers: readonly Observer[];
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number;
  /** The same moment on the clock. */
  readonly bootedAt: number;
}

/** A request that has been let in. */
export interface Call<Body = unknown> {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Checked; `undefined` for operations that take none. */
  readonly body: Body;
  /** Id of the key. */
  readonly client: string;
  readonly ids: RequestIds;
  readonly server: ServerParts;
}

/** What an answer looks like, for the OpenAPI document. */
export interface AnswerForm {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** @defaultValue `application/json` */
  readonly contentType?: string;
}

/** Where a value of the request stands that is not in the body, for the OpenAPI document. */
interface ParameterForm {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly description: string;
}

/** One thing that the server can be asked. */
export interface Operation<Body = unknown> {
  /** Its name in the OpenAPI document. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  /** Whether it needs no key, and is not counted by the rate limit. */
  readonly isOpen?: boolean;
  readonly body?: z.ZodType<Body>;
  readonly parameters?: readonly ParameterForm[];
  /** By status; a media type of its own for each. */
  readonly answers: Readonly<Record<number, readonly AnswerForm[]>>;
  /** What it throws becomes an error answer. */
  handle(call: Call<Body>): Response | Promise<Response>;
  /** How its errors are told. @defaultValue as the rest of the API does */
  readonly errorStyle?: 'openai';
}

/** An operation whose body type is its own affair. */
export function operation<Body>(form: Operation<Body>): Operation {
  return form;
}
