import { expect, it } from 'vitest';

import { loadPersona } from '../../../src/node/load-persona.ts';

it('finds the personas that come with the package by the package’s name', async () => {
  await expect(loadPersona('katamari/personas/keigo-support.yaml')).resolves.toMatchObject({
    name: 'keigo-support',
  });
  await expect(loadPersona('katamari/personas/nobody.yaml')).rejects.toMatchObject({
    code: 'invalid-persona',
    message: expect.stringMatching(/personas\/nobody\.yaml/) as string,
  });
});
