// katamari's trimming beside others: what is broken, what is kept, what it costs. See README.md.
import { parseArgs } from 'node:util';

import { DATA_FOLDER } from '../conversations.ts';
import { aiSdkPeer } from './ai-sdk-peer.ts';
import { cost } from './cost.ts';
import { evidenceKept } from './evidence-kept.ts';
import { katamariPeer } from './katamari-peer.ts';
import { langChainPeer } from './langchain-peer.ts';
import { mastraPeer } from './mastra-peer.ts';
import { torture } from './torture.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'torture,evidence,cost' },
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: DATA_FOLDER },
    set: { type: 'string', default: 'qmsum-val,jaquad-train' },
    budgets: { type: 'string', default: '512,1024,2048,4096' },
    every: { type: 'string', default: '1' },
    sizes: { type: 'string', default: '100,1000,4000' },
  },
});

const parts = values.only.split(',');
const langChain = await langChainPeer();
const mastra = await mastraPeer('best-fit');

if (parts.includes('torture')) {
  const peers = [
    await katamariPeer('katamari `relevant`'),
    await katamariPeer('katamari `recent`', { strategy: 'recent' }),
    await katamariPeer('katamari `extract`', { strategy: 'extract' }),
    langChain,
    mastra,
    await mastraPeer('contiguous'),
    await aiSdkPeer(),
  ];
  await torture(peers, {
    histories: Number(values.histories),
    seed: Number(values.seed),
    deadlineMs: 240_000,
  });
}
if (parts.includes('evidence')) {
  const peers = [
    await katamariPeer('katamari, by contents', {}, 'contents'),
    await katamariPeer('katamari, the whole request'),
    await katamariPeer('katamari, estimate', {}, 'estimate'),
    langChain,
    mastra,
  ];
  const budgets = values.budgets.split(',').map(Number);
  for (const set of values.set.split(','))
    await evidenceKept(peers, {
      folder: values.data,
      set,
      budgets,
      every: Number(values.every),
      deadlineMs: 300_000,
    });
}
if (parts.includes('cost')) await cost(values.sizes.split(',').map(Number));
