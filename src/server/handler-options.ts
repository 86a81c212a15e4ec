import type { Chain } from '../chain.ts';
import type { Clock } from '../clock.ts';
import type { Observer } from '../observer.ts';
import type { Persona } from '../persona/persona.ts';
import type { EventLog } from '../sse/event-log.ts';
import type { TrimStrategy } from '../trim/trim-options.ts';
import type { CorsOptions } from './cors.ts';
import type { Auth } from './key-ring.ts';
import type { Personas } from './persona-shelf.ts';
import type { RateLimit } from './rate-limiter.ts';
import type { BodyLimits } from './read-json.ts';
import type { RunLimits } from './run-slots.ts';

/** What a request wants its chain to be. All of it has been checked; what the request does not say is left out. */
export interface ChainSettings {
  /** The name that the chain is asked for by. */
  readonly chain: string;
  readonly persona?: Persona;
  /** What stands for the persona's variables. */
  readonly variables?: Readonly<Record<string, string | number | boolean>>;
  readonly provider?: string;
  readonly model?: string;
  readonly budget?: {
    readonly targetTokens: number;
    readonly minTurns?: number;
    readonly strategy?: TrimStrategy;
  };
  readonly reflect?:
    | boolean
    | { readonly maxRounds?: number; readonly drafts?: number; readonly verify?: boolean };
}

/**
 * Makes the chain that a request asks for. What it can't honour it refuses with a KatamariError, code `invalid-input`.
 */
export type ChainFactory = (settings: ChainSettings) => Chain | Promise<Chain>;

/** A model that clients may name as `model`, with the `provider` beside it. */
export interface ServerModel {
  readonly provider: string;
  readonly model: string;
}

/** Where metrics are read from, and told: `prometheus()` has this shape, and a registry of `prom-client` the part that is not optional. */
export interface MetricsSource {
  readonly contentType: string;
  /** All metrics as a page. */
  metrics(): string | Promise<string>;
  /** Told of the streams of events to clients. */
  readonly stream?: {
    /** One was opened. */
    opened(): void;
    /** One was read to the end of its run. */
    closed(): void;
    /** One broke off, or its reader left. */
    broken(): void;
  };
  /** Told how long events were under way from their chain to a client's connection, in milliseconds. */
  observeEventDelay?(ms: number): void;
}

/** One request, for a log. No address, no key and no text of anybody's stands in it. */
export interface AccessRecord {
  readonly name: 'katamari.access';
  /** When it came, ISO 8601 in UTC. */
  readonly time: string;
  readonly req_id: string;
  readonly method: string;
  /** The operation's path, with its parameters by name; `null` where there is none. */
  readonly route: string | null;
  readonly status: number;
  /** Until the answer's headers were there, in milliseconds. */
  readonly latency_ms: number;
  /** Whose key it was, by its id; `null` where none was checked or none fitted. */
  readonly client: string | null;
}

/** What a server is made of. */
export interface HandlerOptions {
  /**
   * Who answers, by name: a chain as it is, or a function that makes one for the settings of a request. The first is asked where a request
   * names none.
   */
  readonly chains: Readonly<Record<string, Chain | ChainFactory>>;
  /** Who may ask. Liveness alone needs no key. */
  readonly auth: Auth;
  /** Personas by id. @defaultValue none */
  readonly personas?: Personas;
  /** Models that clients may choose, for `GET /v1/models`. @defaultValue chains only are listed */
  readonly models?: readonly ServerModel[] | (() => readonly ServerModel[] | Promise<readonly ServerModel[]>);
  /** Where the events of runs are kept, for clients that come back. @defaultValue the memory of this process, 64 MiB */
  readonly log?: EventLog;
  /** How long a run of events goes on after its client has gone, in milliseconds. @defaultValue 30000 */
  readonly graceMs?: number;
  /** Silence after which a stream sends a ping, in milliseconds. @defaultValue 15000 */
  readonly pingMs?: number;
  /** Watchers of all runs, for example `requestLog(pino())`. @defaultValue none */
  readonly observers?: readonly Observer[];
  /** What `GET /metrics` shows, for example `prometheus()`, which must be among the observers, too. @defaultValue none: 501 */
  readonly metrics?: MetricsSource;
  /** How many runs at once. */
  readonly runs?: RunLimits;
  /** How large and slow a body may be. */
  readonly body?: BodyLimits;
  /** How many requests a client may make, health and metrics not counted. @defaultValue as many as it likes */
  readonly rateLimit?: RateLimit;
  /** Which pages of other sites may call. @defaultValue none */
  readonly cors?: CorsOptions;
  /**
   * Names that the server may be called by, as they stand in a URL, ports left out. A server without keys on loopback should set them: a page
   * whose name was made to point to this machine is kept out by it. @defaultValue any
   */
  readonly hostnames?: readonly string[];
  /** Where the server is mounted, for example `/ai`. @defaultValue at the root */
  readonly basePath?: string;
  /** Told of every request once it is answered. Must not throw. @defaultValue nobody is told */
  readonly access?: (record: AccessRecord) => void;
  /** Told of errors that clients are told nothing of, with the request's id. Must not throw. @defaultValue nobody is told */
  readonly onError?: (error: unknown, req_id: string) => void;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}
