import { Chain } from '../chain.ts';
import { KatamariError } from '../errors.ts';
import { persona as personaStep } from '../persona/persona-step.ts';
import { definedOnly } from './defined-only.ts';
import type { ChainFactory, ChainSettings } from './handler-options.ts';
import { HttpFault } from './http-fault.ts';

/** What a request says of its chain; without a name the first one is meant. */
export type AskedChain = Omit<ChainSettings, 'chain'> & { readonly chain?: string | undefined };

const NAME = /^[\w.:-]{1,100}$/;

/** The chains of a server, by name. */
export class ChainBook {
  readonly #chains: ReadonlyMap<string, Chain | ChainFactory>;
  readonly #first: string;

  /** @throws KatamariError code `invalid-input` where there is none, or a name that could not stand in a URL or as a model's id */
  constructor(chains: Readonly<Record<string, Chain | ChainFactory>>) {
    this.#chains = new Map(
      Object.entries((chains as Record<string, Chain | ChainFactory> | undefined) ?? {}),
    );
    const [first] = this.#chains.keys();
    if (first === undefined) {
      throw new KatamariError(
        'invalid-input',
        'A server needs a chain: createHandler({ chains: { default: chain }, … }).',
      );
    }
    const bad = [...this.#chains].find(([name, chain]) => !NAME.test(name) || !isChain(chain));
    if (bad !== undefined) {
      const rule =
        'must have a name of letters, digits and . _ : - and be a Chain or a function that makes one';
      throw new KatamariError('invalid-input', `chains: each ${rule}.`);
    }
    this.#first = first;
  }

  get names(): readonly string[] {
    return [...this.#chains.keys()];
  }

  /**
   * The chain that is asked for.
   *
   * @throws HttpFault 404 for an unknown name, 400 for a setting that a chain as it is can't honour; what the factory throws
   */
  async choose({ chain: name = this.#first, ...settings }: AskedChain): Promise<Chain> {
    const chain = this.#chains.get(name);
    if (chain === undefined) {
      throw new HttpFault(404, 'not-found', 'There is no such chain. GET /v1/models lists those there are.');
    }
    if (settings.variables !== undefined && settings.persona === undefined)
      throw new HttpFault(400, 'invalid-input', 'variables: are a persona’s; name the persona, too.');
    return chain instanceof Chain ? fixed(chain, settings) : chain({ chain: name, ...settings });
  }
}

/** A chain as it is can take a persona where it has none, and nothing else. */
function fixed(chain: Chain, { persona, variables, model, ...others }: Omit<AskedChain, 'chain'>): Chain {
  const { name, model: own } = chain.provider;
  const wrong = (['provider', 'budget', 'reflect'] as const).find(
    (setting) =>
      others[setting] !== undefined && others[setting] !== (setting === 'provider' ? name : undefined),
  );
  if (wrong !== undefined) throw refused(wrong);
  if (model !== undefined && model !== own) throw refused('model');
  if (persona === undefined) return chain;
  if (chain.steps.some((step) => step.name === 'persona')) throw refused('persona');
  return chain.use(personaStep(persona, definedOnly({ variables })));
}

function refused(setting: string): HttpFault {
  return new HttpFault(
    400,
    'invalid-input',
    `${setting}: this chain is as it is, and does not let it be chosen.`,
  );
}

function isChain(chain: unknown): boolean {
  return chain instanceof Chain || typeof chain === 'function';
}
