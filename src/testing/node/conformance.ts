import type { Provider } from '../../provider.ts';
import type { ChatRequest } from '../../request.ts';
import { encoders } from '../encode-answer.ts';
import type { Protocol } from '../wire-answer.ts';
import type { ConformanceCheck } from './check.ts';
import { answerChecks } from './checks/answer.ts';
import { contractChecks } from './checks/contract.ts';
import { deliveryChecks } from './checks/delivery.ts';
import { endingChecks } from './checks/ending.ts';
import { framingChecks } from './checks/framing.ts';
import { garbageChecks } from './checks/garbage.ts';
import { leavingChecks } from './checks/leaving.ts';
import { loadChecks } from './checks/load.ts';
import { requestChecks } from './checks/request.ts';
import { silenceChecks } from './checks/silence.ts';
import { statusChecks } from './checks/status.ts';
import { eventsOf, plain, replyWith } from './sample-answers.ts';
import type { ConformancePlace } from './scene.ts';

/** Options of {@link conformance}. */
export interface ConformanceOptions {
  /** Makes the adapter, once per check. */
  readonly provider: (place: ConformancePlace) => Provider;
  /** What its host speaks; `null` for an adapter without a wire: local, scripted, around another SDK. */
  readonly protocol: Protocol | null;
  /** What is asked where a check does not care. @defaultValue one short user message */
  readonly request?: ChatRequest;
  /** How long a check may take, in milliseconds. @defaultValue 10000 */
  readonly timeoutMs?: number;
}

/**
 * The contract of a provider as a list of checks, for whichever test runner. With a protocol the adapter talks to a real server on
 * 127.0.0.1 that speaks it, in every way that is legal and in those that are not; without one only what holds for every provider is looked at.
 *
 * @example
 * for (const check of conformance({ protocol: 'openai-chat', provider: ({ baseURL, apiKey }) => mine({ baseURL, apiKey }) })) {
 *   it(check.name, check.run);
 * }
 */
export function conformance(options: ConformanceOptions): readonly ConformanceCheck[] {
  const { provider, protocol, timeoutMs = 10_000 } = options;
  const request = options.request ?? { messages: [{ role: 'user', content: 'Hello, こんにちは' }] };
  const setup = { provider, request, timeoutMs };
  if (protocol === null) return contractChecks(setup, ({ response }) => void response.writeHead(404).end());
  const encoder = encoders[protocol];
  const kit = { setup, encoder };
  return [
    ...contractChecks(setup, replyWith(encoder, eventsOf(encoder, plain))),
    ...requestChecks(kit),
    ...answerChecks(kit),
    ...framingChecks(kit),
    ...deliveryChecks(kit),
    ...endingChecks(kit),
    ...garbageChecks(kit),
    ...statusChecks(kit),
    ...silenceChecks(kit),
    ...leavingChecks(kit),
    ...loadChecks(kit),
  ];
}
