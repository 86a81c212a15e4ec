import { KatamariError } from '../errors.ts';

/** What a log in Redis keeps, and how long hosts may be silent. */
export interface RedisLimits {
  /** Begins every key. @defaultValue `'katamari:'` */
  readonly prefix: string;
  /** How long a run is kept after its end, or after its host died, in milliseconds. @defaultValue 300000 */
  readonly keepMs: number;
  /** Reads of one run that are kept, about; the oldest make room. @defaultValue 65536 */
  readonly maxBatchesPerRun: number;
  /** How often a host says of its runs that they live, in milliseconds. @defaultValue 2000 */
  readonly heartbeatMs: number;
  /** Silence after which a host counts as dead, in milliseconds. @defaultValue 8000 */
  readonly deadMs: number;
  /** How long Redis may take for an answer, in milliseconds. @defaultValue 5000 */
  readonly timeoutMs: number;
}

const DEFAULTS: RedisLimits = {
  prefix: 'katamari:',
  keepMs: 300_000,
  maxBatchesPerRun: 65_536,
  heartbeatMs: 2000,
  deadMs: 8000,
  timeoutMs: 5000,
};

/** The limits with their defaults. @throws KatamariError `invalid-input` */
export function limitsOf(asked: Partial<RedisLimits>): RedisLimits {
  const limits = { ...DEFAULTS, ...asked };
  const { prefix, ...numbers } = limits;
  if (typeof prefix !== 'string')
    throw new KatamariError('invalid-input', 'redisEventLog: prefix is a string.');
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new KatamariError('invalid-input', `redisEventLog: ${name} is a whole number above 0.`);
  }
  if (limits.deadMs < 2 * limits.heartbeatMs)
    throw new KatamariError('invalid-input', 'redisEventLog: deadMs is at least two heartbeats.');
  return limits;
}
