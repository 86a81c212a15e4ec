import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, cannot, MODELS, oncePerRoot, tellAll, type Answer } from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

/** As much of `@openai/agents` as is used. */
interface Agents {
  readonly Agent: new (options: object) => object;
  readonly OpenAIChatCompletionsModel: new (client: object, model: string) => object;
  readonly run: (
    agent: object,
    input: string,
    options: object,
  ) => Promise<{ toTextStream(): AsyncIterable<string>; readonly completed: Promise<void> }>;
  readonly setTracingDisabled: (disabled: boolean) => void;
}

export async function openaiAgents(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'openai-chat') return cannot('OpenAI Agents', protocol);
  const { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled } =
    await loadPeer<Agents>('@openai/agents');
  const { default: OpenAI } = await loadPeer<{ default: new (options: object) => object }>('openai');
  setTracingDisabled(true);
  const agentOf = oncePerRoot((root) => {
    const client = new OpenAI({ apiKey: API_KEY, baseURL: `${root}/v1`, maxRetries: 0 });
    const model = new OpenAIChatCompletionsModel(client, MODELS[protocol]);
    return new Agent({ name: 'bench', instructions: 'Plain and short.', model });
  });
  return async (root, told, signal) => {
    const result = await run(agentOf(root), 'Hi', { stream: true, ...(signal && { signal }) });
    await tellAll(result.toTextStream(), told);
    await result.completed;
  };
}
