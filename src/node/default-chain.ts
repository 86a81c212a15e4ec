import { Chain } from '../chain.ts';
import { lexicalEmbedder } from '../embedders/lexical-embedder.ts';
import { models } from '../models/models.ts';
import { priceBy } from '../models/price-by.ts';
import type { Observer } from '../observer.ts';
import { forbid } from '../persona/guard/forbid-step.ts';
import { persona as personaStep } from '../persona/persona-step.ts';
import { reflect as reflectStep } from '../reflect/reflect-step.ts';
import type { ChainFactory } from '../server/handler-options.ts';
import { TokenCounters } from '../server/token-counters.ts';
import { encodingOf } from '../tokens/load-counter.ts';
import { trim } from '../trim/trim.ts';
import type { DefaultProviders } from './default-providers.ts';

/** Makes the chain that a request asks for: persona and what it forbids, then trim where there is a budget, then reflect where it is asked for. */
export function defaultChain(providers: DefaultProviders, observers: readonly Observer[]): ChainFactory {
  const counters = new TokenCounters();
  // Shared by all chains, so that a persona's entries are compiled once and not per request.
  const guard = forbid('persona');
  // Measures `semantic_retention` in any language, without a model; words rank better than it does.
  const retention = { embedder: lexicalEmbedder(), rankWithEmbedder: false };
  return async ({ chain: name, persona, variables, provider: asked, model, budget, reflect = false }) => {
    const provider = providers.make(asked, model);
    // Each trim would load the table of the model anew otherwise, and there is a trim per request.
    const counter = encodingOf(provider.model) === undefined ? undefined : await counters.of(provider.model);
    const priced = provider.isLanguageModel ? { price: priceBy(models) } : {};
    let chain = new Chain({ provider, name, observers, ...priced });
    if (persona !== undefined) chain = chain.use(personaStep(persona, variables && { variables })).use(guard);
    if (budget !== undefined)
      chain = chain.use(trim({ ...budget, ...retention, ...(counter && { counter }) }));
    if (reflect !== false) chain = chain.use(reflectStep(reflect === true ? {} : reflect));
    return chain;
  };
}
