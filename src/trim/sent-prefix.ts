import type { Message } from '../message.ts';
import type { ChatRequest } from '../request.ts';
import type { Costs } from './cost-ledger.ts';
import type { MessageHashes } from './message-hashes.ts';

/** The fingerprint of what a call sent, whole and of the system messages it began with. Plain JSON. */
export interface SentPrompt {
  readonly count: number;
  readonly hash: string;
  readonly systemCount: number;
  readonly systemHash: string;
}

/** A longer prompt's beginning is not counted: that would cost more than the figure is worth. */
const MAX_MESSAGES = 4000;

/** The fingerprint of what a call sends. */
export function sentPrompt({ messages, tools = [] }: ChatRequest, hashes: MessageHashes): SentPrompt {
  const said = messages.findIndex(({ role }) => role !== 'system');
  const systemCount = said === -1 ? messages.length : said;
  const start = JSON.stringify(tools);
  return {
    count: messages.length,
    hash: hashes.of(messages, messages.length, start),
    systemCount,
    systemHash: hashes.of(messages, systemCount, start),
  };
}

/** How many tokens at the beginning are those of the call before; `undefined` where it is not known. */
export function prefixTokens(
  request: ChatRequest,
  before: SentPrompt | undefined,
  { costs, hashes }: { costs: Costs; hashes: MessageHashes },
): number | undefined {
  if (before === undefined || request.messages.length > MAX_MESSAGES) return undefined;
  const { messages, tools = [] } = request;
  const start = JSON.stringify(tools);
  const size = (count: number): number => {
    const sum = messages
      .slice(0, count)
      .reduce((tokens, message: Message) => tokens + costs.message(message), 0);
    return costs.request({ ...request, messages: [] }) + sum;
  };
  const isSame = (count: number, hash: string): boolean =>
    count <= messages.length && hashes.of(messages, count, start) === hash;
  if (isSame(before.count, before.hash)) return size(before.count);
  return isSame(before.systemCount, before.systemHash) ? size(before.systemCount) : 0;
}
