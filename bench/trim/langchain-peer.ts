import type { Message } from '../../src/message.ts';
import { loadPeer } from '../harness/load-peer.ts';
import { contentTokens, type Peer, type Placed } from './peer.ts';

/** As much of a message of LangChain as is used. */
interface LangChainMessage {
  readonly id?: string;
}

/** As much of `@langchain/core/messages` as is used. */
interface LangChain {
  readonly HumanMessage: new (fields: object) => LangChainMessage;
  readonly AIMessage: new (fields: object) => LangChainMessage;
  readonly SystemMessage: new (fields: object) => LangChainMessage;
  readonly ToolMessage: new (fields: object) => LangChainMessage;
  trimMessages(
    messages: readonly LangChainMessage[],
    options: object,
  ): Promise<readonly (LangChainMessage | undefined)[]>;
}

/** How the counter of tokens is made. */
export interface LangChainOptions {
  /** Tokens of one message; by default they are remembered by the message's id, which changes the time and not the result. */
  readonly count?: (placed: Placed) => number;
}

/** `trimMessages` of `@langchain/core` as its documentation recommends for chats, with an exact counter. */
export async function langChainPeer({ count }: LangChainOptions = {}): Promise<Peer> {
  const langchain = await loadPeer<LangChain>('@langchain/core/messages');
  const sizeOf = count ?? (({ message }: Placed): number => contentTokens(message));
  return {
    name: 'LangChain',
    hasBudget: true,
    prepare(history) {
      const known = new Map(history.map((placed) => [String(placed.place), placed]));
      const input = history.map(({ place, message }) => toLangChain(langchain, message, String(place)));
      const tokenCounter = (messages: readonly (LangChainMessage | undefined)[]): number =>
        messages.reduce((sum, message) => {
          const placed = known.get(message?.id ?? '');
          return placed === undefined ? sum : sum + sizeOf(placed);
        }, 0);
      const options = {
        strategy: 'last',
        startOn: 'human',
        endOn: ['human', 'tool'],
        includeSystem: true,
        tokenCounter,
      };
      return {
        input,
        async trim(maxTokens) {
          const kept = await langchain.trimMessages(input, { ...options, maxTokens });
          return kept.map((message) => known.get(message?.id ?? '') ?? NOTHING);
        },
      };
    },
  };
}

const NOTHING: Placed = { place: -1, message: { role: 'user', content: '' } };

function toLangChain(langchain: LangChain, message: Message, id: string): LangChainMessage {
  const { content } = message;
  if (message.role === 'user') return new langchain.HumanMessage({ content, id });
  if (message.role === 'system') return new langchain.SystemMessage({ content, id });
  if (message.role === 'tool')
    return new langchain.ToolMessage({ content, id, tool_call_id: message.toolCallId });
  const calls = (message.toolCalls ?? []).map((call) => ({
    id: call.id,
    name: call.name,
    args: JSON.parse(call.arguments) as object,
    type: 'tool_call',
  }));
  return new langchain.AIMessage({ content, id, tool_calls: calls });
}
