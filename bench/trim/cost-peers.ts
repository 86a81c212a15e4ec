import { tokensOf } from '../conversations.ts';
import { aiSdkPeer } from './ai-sdk-peer.ts';
import { contextChefPeer } from './context-chef-peer.ts';
import { katamariPeer } from './katamari-peer.ts';
import { langChainPeer } from './langchain-peer.ts';
import { llamaIndexPeer } from './llamaindex-peer.ts';
import { mastraPeer } from './mastra-peer.ts';
import type { Peer, Placed } from './peer.ts';

/** Thrown out of a call that takes longer than it may. */
export class TooLong extends Error {}

/** When the call under way has to end, as `performance.now()` has it. */
export const deadline = { at: Infinity };

function exact({ message }: Placed): number {
  if (performance.now() > deadline.at) throw new TooLong();
  return tokensOf(message.content as string);
}

/** Whose cost is measured, by the names in the table. */
export const costPeers: Readonly<Record<string, () => Promise<Peer>>> = {
  'katamari `relevant`': () => katamariPeer('katamari'),
  '… `measureFacts: false`': () => katamariPeer('katamari', { measureFacts: false }),
  'katamari `recent`': () => katamariPeer('katamari', { strategy: 'recent' }),
  'LangChain, exact counter': () => langChainPeer({ count: exact }),
  '… with a counter that remembers': () => langChainPeer(),
  'Mastra best-fit': () => mastraPeer('best-fit'),
  LlamaIndex: llamaIndexPeer,
  ContextChef: contextChefPeer,
  'AI SDK prune': aiSdkPeer,
};
