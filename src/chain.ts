import { checkRequest } from './check-request.ts';
import { systemClock, type Clock } from './clock.ts';
import { KatamariError } from './errors.ts';
import type { PersonaSwitchEvent } from './event.ts';
import type { Observer } from './observer.ts';
import type { Generate, PriceCall, Provider, RetryPolicy, RunLimits, Timeouts } from './provider.ts';
import type { ChatRequest } from './request.ts';
import { Run } from './run.ts';
import { callProvider } from './run/call-provider.ts';
import { limitsOf } from './run/run-budget.ts';
import { RunEngine } from './run/run-engine.ts';
import type { Stage, Step } from './step.ts';

/** What a chain is made of, besides its steps. */
export interface ChainOptions {
  /** Who answers. */
  readonly provider: Provider;
  /** The chain's name in events and logs. @defaultValue `'chain'` */
  readonly name?: string;
  /** Who watches the runs, for example `requestLog(pino())`. @defaultValue none */
  readonly observers?: readonly Observer[];
  /** How failed attempts are repeated. @defaultValue the provider's own policy, else three retries after 1, 2 and 4 s */
  readonly retry?: RetryPolicy;
  /** How long an attempt may take. @defaultValue the provider's own limits, else 120 s to the first token, 60 s of silence, 600 s in all */
  readonly timeouts?: Timeouts;
  /** What calls cost, for `cost_usd` in the metrics, for example `priceBy(models)` of `katamari/models`. @defaultValue nothing is priced */
  readonly price?: PriceCall;
  /** What each run may use at most; at a limit the answer is what there is of it. @defaultValue no limits */
  readonly limits?: RunLimits;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /** Numbers from 0 to 1, for the jitter of retries. @defaultValue `Math.random` */
  readonly random?: () => number;
}

/** What a run is given. */
export interface RunInput extends ChatRequest {
  /** Stops the run. */
  readonly signal?: AbortSignal;
  /** An id of the caller's own for the run. @defaultValue a random UUID */
  readonly req_id?: string;
  /** The caller's place in a distributed trace, as W3C Trace Context writes it. @defaultValue none */
  readonly traceparent?: string;
  /** What steps keep from run to run of one conversation. @defaultValue nothing is kept */
  readonly state?: Map<string, unknown>;
  /** What this run may use at most; of two limits, here and of the chain, the smaller one holds. @defaultValue those of the chain */
  readonly limits?: RunLimits;
  /** Told as the run's second event, by those who know what the run before was. @defaultValue nothing is told */
  readonly personaSwitch?: Pick<PersonaSwitchEvent, 'from' | 'to'>;
  /** Watchers of this run, besides the chain's. @defaultValue none */
  readonly observers?: readonly Observer[];
}

const STAGES: readonly Stage[] = ['prompt', 'plan', 'call'];

/**
 * Steps around a provider. Immutable: `use` gives a new chain. Steps run by stage (`prompt`, `plan`, `call`), and in the order of their
 * `use` inside one, the first one outermost.
 *
 * @example
 * const chain = new Chain({ provider }).use(persona(engineer)).use(trim({ targetTokens: 4096 })).use(reflect());
 * for await (const text of chain.stream({ messages }).tokens()) process.stdout.write(text);
 */
export class Chain {
  readonly #options: ChainOptions;
  readonly #steps: readonly Step[];
  #generate: Generate | undefined;

  /** @throws KatamariError code `invalid-input` without a provider */
  constructor(options: ChainOptions, steps: readonly Step[] = []) {
    if (typeof (options as Partial<ChainOptions> | undefined)?.provider?.generate !== 'function') {
      throw new KatamariError(
        'invalid-input',
        'A chain needs a provider: new Chain({ provider: openai({ model }) }).',
      );
    }
    this.#options = options;
    this.#steps = STAGES.flatMap((stage) => steps.filter((step) => step.stage === stage));
  }

  /** The steps, in the order in which they run. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  get provider(): Provider {
    return this.#options.provider;
  }

  /** A chain with one more step. */
  use(step: Step): Chain {
    if (!STAGES.includes((step as Partial<Step> | undefined)?.stage as Stage)) {
      throw new KatamariError(
        'invalid-input',
        'use() takes a step: { name, stage: prompt | plan | call, wrap }.',
      );
    }
    return new Chain(this.#options, [...this.#steps, step]);
  }

  /** A run, which begins when it is read. What is wrong with the input is thrown to its reader. */
  stream(input: RunInput): Run {
    const {
      signal,
      req_id = newId(),
      traceparent,
      state = new Map<string, unknown>(),
      observers = [],
      limits,
      personaSwitch,
      ...request
    } = input;
    const { provider, name = 'chain', retry, timeouts, price } = this.#options;
    const engine = new RunEngine({
      request,
      signal,
      personaSwitch,
      observers: [...(this.#options.observers ?? []), ...observers],
      generate: (this.#generate ??= this.#compose()),
      check: () => {
        checkRequest(request);
        return limitsOf([this.#options.limits, limits], price !== undefined);
      },
      context: {
        req_id,
        call: 0,
        phase: 'answer',
        attempt: 0,
        answer: true,
        provider,
        ...(retry && { retry }),
        ...(timeouts && { timeouts }),
        ...(price && { price }),
        ...(traceparent !== undefined && { traceparent }),
        clock: this.#options.clock ?? systemClock,
        random: this.#options.random ?? Math.random,
        state,
        ask: callProvider,
      },
      start: {
        chain: name,
        steps: this.#steps.map((step) => step.name),
        labels: Object.assign({}, ...this.#steps.map((step) => step.labels)) as Record<string, string>,
        provider: provider.name,
        model: request.model ?? provider.model,
        isLanguageModel: provider.isLanguageModel,
        ...(traceparent !== undefined && { traceparent }),
      },
    });
    return new Run(req_id, engine);
  }

  #compose(): Generate {
    return this.#steps.reduceRight<Generate>((next, step) => step.wrap(next), callProvider);
  }
}

/** In one piece: a runtime makes it of twenty, which take half a kB as long as nobody looks into it. */
function newId(): string {
  const id = crypto.randomUUID();
  id.charCodeAt(0);
  return id;
}
