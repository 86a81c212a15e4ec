import type { AskedChain } from './chain-book.ts';
import { definedOnly } from './defined-only.ts';
import type { PersonaShelf } from './persona-shelf.ts';
import type { RunRequest } from './schemas/run-schema.ts';

/** What a request says of its chain, with the persona looked up. @throws as {@link PersonaShelf.resolve} does */
export function askedChain(body: RunRequest, personas: PersonaShelf): AskedChain {
  const { chain, persona, variables, provider, model, budget, reflect } = body;
  return definedOnly({
    chain,
    persona: persona === undefined ? undefined : personas.resolve(persona),
    variables,
    provider,
    model,
    budget: typeof budget === 'number' ? { targetTokens: budget } : budget,
    reflect,
  });
}
