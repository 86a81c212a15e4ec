import { appendFileSync } from 'node:fs';

import { Chain } from '../chain.ts';
import { KatamariError } from '../errors.ts';
import { requestLog } from '../log/request-log.ts';
import { models } from '../models/models.ts';
import { priceBy } from '../models/price-by.ts';
import type { Observer } from '../observer.ts';
import { forbid } from '../persona/guard/forbid-step.ts';
import type { Persona, PersonaValue } from '../persona/persona.ts';
import type { Provider } from '../provider.ts';
import { reflect } from '../reflect/reflect-step.ts';
import type { TrimStrategy } from '../trim/trim-options.ts';
import { trim } from '../trim/trim.ts';
import { choosePersona } from './choose-persona.ts';
import { chooseProvider, type ProviderChoice } from './choose-provider.ts';

/** A chain, as the command line says it. */
export interface ChainSettings extends ProviderChoice {
  readonly persona?: string;
  readonly var?: Readonly<Record<string, PersonaValue>>;
  /** In tokens. */
  readonly budget?: number;
  readonly strategy?: TrimStrategy;
  readonly minTurns?: number;
  /** Revisions at most; 0 answers in one call. */
  readonly rounds: number;
  /** In USD. */
  readonly maxCost?: number;
  /** A file for the request log. */
  readonly log?: string;
}

/** A chain that is made, and who is in it. */
export interface MadeChain {
  /** Guarded by what the persona forbids; trim where there is a budget, reflect where there are rounds. The persona's step is put in later. */
  readonly chain: Chain;
  readonly provider: Provider;
  readonly persona: Persona | undefined;
}

/** Makes the chain that the command line asks for. */
export async function makeChain(name: string, settings: ChainSettings): Promise<MadeChain> {
  const { budget, strategy, minTurns = 2, rounds, maxCost, log } = settings;
  const provider = chooseProvider(settings);
  const persona = settings.persona === undefined ? undefined : await choosePersona(settings.persona);
  let chain = new Chain({
    provider,
    name,
    observers: log === undefined ? [] : [fileLog(log)],
    ...(provider.isLanguageModel && { price: priceBy(models) }),
    ...(maxCost !== undefined && provider.isLanguageModel && { limits: { maxCostUsd: maxCost } }),
  }).use(forbid('persona'));
  if (budget !== undefined)
    chain = chain.use(trim({ targetTokens: budget, minTurns, ...(strategy !== undefined && { strategy }) }));
  if (rounds > 0) chain = chain.use(reflect({ maxRounds: rounds }));
  return { chain, provider, persona };
}

/** Line by line and at once, so that nothing is lost when the process is left. */
function fileLog(file: string): Observer {
  try {
    appendFileSync(file, '');
  } catch (cause) {
    const message = `The log ${file} can't be written. Name a file in a folder that is there.`;
    throw new KatamariError('invalid-input', message, { cause });
  }
  return requestLog({
    write: (line) => {
      appendFileSync(file, line);
    },
  });
}
