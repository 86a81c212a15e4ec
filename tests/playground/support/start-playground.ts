import { Chain, reflect, trim, type Provider } from 'katamari';
import { defaultServerOptions, serveDev, type Listening, type ServeDevOptions } from 'katamari/node';
import { createHandler } from 'katamari/server';
import { inject } from 'vitest';

/** The playground as `katamari dev` serves it, on a free port. */
export function startPlayground(options: ServeDevOptions = {}): Promise<Listening> {
  return serveDev({ port: 0, assets: inject('playground'), localTokensPerSecond: 400, ...options });
}

/** The playground with a provider of the test's own behind it. */
export async function startScripted(provider: Provider): Promise<Listening> {
  const options = await defaultServerOptions();
  const api = createHandler({
    ...options,
    chains: {
      default: ({ budget, reflect: asked = false }) => {
        let chain = new Chain({ provider });
        if (budget !== undefined) chain = chain.use(trim(budget));
        return asked === false ? chain : chain.use(reflect());
      },
    },
  });
  return startPlayground({ api });
}
