import type { Protocol } from '../../src/testing/wire-answer.ts';
import { oncePerRoot, QUESTION, tellAll, type Answer } from '../harness/contender.ts';
import { loadKatamari } from './katamari.ts';

/** Draft, critique and final. The server's words are no approval, so that there are always three calls. */
export async function katamariReflect(protocol: Protocol): Promise<Answer> {
  const { katamari, connect } = await loadKatamari(protocol);
  const { Chain, reflect } = katamari;
  const chainOf = oncePerRoot((root) => new Chain({ provider: connect(root) }).use(reflect()));
  return (root, told, signal) => {
    return tellAll(
      chainOf(root)
        .stream({ messages: QUESTION, ...(signal && { signal }) })
        .tokens(),
      told,
    );
  };
}
