import type { Suite, Table } from '../harness/table.ts';
import { atLeast, atMost } from '../harness/table.ts';
import { aiSdkPeer } from '../trim/ai-sdk-peer.ts';
import { contextChefPeer } from '../trim/context-chef-peer.ts';
import { cost } from '../trim/cost.ts';
import { evidenceKept } from '../trim/evidence-kept.ts';
import { katamariPeer } from '../trim/katamari-peer.ts';
import { langChainPeer } from '../trim/langchain-peer.ts';
import { llamaIndexPeer } from '../trim/llamaindex-peer.ts';
import { mastraPeer } from '../trim/mastra-peer.ts';
import { torture } from '../trim/torture.ts';

const BUDGETS = [512, 1024, 2048, 4096];
/** Percent of the evidence that is to be kept at each budget. */
const WANTED: Readonly<Record<string, readonly number[]>> = {
  'qmsum-val': [31, 45, 60, 76],
  'jaquad-train': [84.5, 99.4, 99.8, 99.9],
};
const BY_CONTENTS = 'katamari, by contents';

/** What holds of each peer's trimming, over random histories. */
export const trimInvariants: Suite = async ({ quick }) => [
  await torture(
    [
      await katamariPeer('katamari `relevant`'),
      await katamariPeer('katamari `recent`', { strategy: 'recent' }),
      await katamariPeer('katamari `extract`', { strategy: 'extract' }),
      await langChainPeer(),
      await mastraPeer('best-fit'),
      await mastraPeer('contiguous'),
      await aiSdkPeer(),
    ],
    { histories: quick ? 50 : 1000, seed: 1, deadlineMs: 300_000 },
  ),
];

/** How much of what a question needs is left. */
export const trimEvidence: Suite = async ({ quick, data }) => {
  if (data === '') return [];
  const peers = [
    await katamariPeer(BY_CONTENTS, {}, 'contents'),
    await katamariPeer('katamari, the whole request'),
    await katamariPeer('katamari, no counter given', {}, 'estimate'),
    await langChainPeer(),
    await mastraPeer('best-fit'),
    await llamaIndexPeer(),
    await contextChefPeer(),
  ];
  const tables: Table[] = [];
  for (const [set, wanted] of Object.entries(WANTED)) {
    const options = { folder: data, set, budgets: BUDGETS, every: quick ? 20 : 1, deadlineMs: 420_000 };
    const table = await evidenceKept(peers, options);
    const own = table.rows.find(([name]) => name === BY_CONTENTS) ?? [];
    const bars = BUDGETS.map((budget, at) =>
      atLeast(`${set}, ${budget} tokens: evidence kept`, wanted[at] ?? 100, Number(own[at + 1]), ' %'),
    );
    const over = Number.parseInt(own[BUDGETS.length + 1] ?? '', 10);
    tables.push({
      ...table,
      bars: [...bars, atMost(`${set}: results over the budget`, 0, over)],
      notes: NOTES,
    });
  }
  return tables;
};

const NOTES = [
  '*By contents*: every peer may fill the budget with the contents of messages; *the whole request*: katamari counts what a chain counts, four tokens and the name for each message, the question and the overhead; *no counter given*: `trimMessages` by itself, with its estimate and the margin it leaves for being wrong.',
  'These are the sets `relevant` was developed on. All questions ask for something said before: in a chat that only goes on, the newest messages are what is needed, and the others keep those too.',
  "In the place of ContextChef's model stands a fixed sentence: what is counted is what is kept word for word.",
];

/** What a call costs, and how that grows. */
export const trimCost: Suite = async ({ quick }) => [
  await cost(quick ? [100, 1000] : [100, 1000, 10_000, 100_000]),
];
