import type { Protocol } from '../../src/testing/wire-answer.ts';
import { QUESTION, tellAll, type Answer } from '../harness/contender.ts';
import { loadKatamari } from './katamari.ts';

/** Draft, critique and final. The server's words are no approval, so that there are always three calls. */
export async function katamariReflect(protocol: Protocol): Promise<Answer> {
  const { katamari, connect } = await loadKatamari(protocol);
  const { Chain, reflect } = katamari;
  return (root, told, signal) => {
    const chain = new Chain({ provider: connect(root) }).use(reflect());
    return tellAll(chain.stream({ messages: QUESTION, ...(signal && { signal }) }).tokens(), told);
  };
}
