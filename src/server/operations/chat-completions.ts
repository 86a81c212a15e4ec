import type { Run } from '../../run.ts';
import { toChatError } from '../chat/chat-error.ts';
import { readChatModelId } from '../chat/chat-model-id.ts';
import {
  chatChunkSchema,
  chatCompletionSchema,
  chatRequestSchema,
  type ChatCompletionRequest,
} from '../chat/chat-schemas.ts';
import { chunksOf } from '../chat/chunks-of.ts';
import { completionOf, type CompletionHead } from '../chat/completion-form.ts';
import { textStream, TextSource } from '../chat/text-stream.ts';
import { toRunInput } from '../chat/to-run-input.ts';
import { HttpFault } from '../http-fault.ts';
import { jsonResponse } from '../json-response.ts';
import { operation, type Call } from '../operation.ts';

/** How long a stream waits for its first text before its headers are sent, in milliseconds: until then an error has a status of its own. */
const HEADERS_AFTER_MS = 10_000;

/** `POST /v1/chat/completions` */
export const chatCompletions = operation<ChatCompletionRequest>({
  id: 'chatCompletions',
  method: 'POST',
  path: '/v1/chat/completions',
  summary: 'A chat completion as OpenAI has it; model is one of GET /v1/models that begins with katamari/.',
  body: chatRequestSchema,
  errorStyle: 'openai',
  answers: {
    200: [
      { description: 'The completion.', schema: chatCompletionSchema },
      {
        description: 'With stream: true its chunks, and [DONE].',
        contentType: 'text/event-stream',
        schema: chatChunkSchema,
      },
    ],
  },
  async handle(call) {
    const { body, client, ids, request, server } = call;
    const chain = await chainOf(call);
    const input = toRunInput(body);
    const place = await server.desk.enter({ client, ...ids, signal: request.signal });
    try {
      const run = chain.stream({ ...input, ...ids, signal: request.signal, observers: server.observers });
      // Its reader must be there before the place asks for its end.
      const answer = body.stream === true ? streamOf(call, run) : wholeOf(call, run);
      place.hold(run);
      return await answer;
    } catch (error) {
      place.leave();
      throw error;
    }
  },
});

async function chainOf({ body: { model }, server }: Call<ChatCompletionRequest>) {
  const asked = readChatModelId(model);
  if (asked === undefined) throw noModel();
  const { chain, persona } = asked;
  try {
    const resolved = persona === undefined ? {} : { persona: server.personas.get(persona) };
    return await server.chains.choose({ chain, ...resolved });
  } catch (error) {
    throw error instanceof HttpFault && error.status === 404 ? noModel() : error;
  }
}

async function wholeOf({ body, ids }: Call<ChatCompletionRequest>, run: Run): Promise<Response> {
  return jsonResponse(completionOf(headOf(ids.req_id, body.model), await run.result()));
}

async function streamOf({ body, ids, server }: Call<ChatCompletionRequest>, run: Run): Promise<Response> {
  const { clock, options } = server;
  const { pingMs = 15_000 } = options;
  const chunks = chunksOf(
    { run, texts: run.tokens() },
    {
      head: headOf(ids.req_id, body.model),
      includeUsage: body.stream_options?.include_usage === true,
    },
  );
  const source = new TextSource(chunks, clock);
  await source.isThere(Math.min(pingMs, HEADERS_AFTER_MS));
  const stream = textStream(source, {
    clock,
    pingMs,
    onCancel: () => {
      run.abort('the client left');
    },
    failure: (error) => `data: ${JSON.stringify(toChatError(error))}\n\n`,
  });
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}

function headOf(req_id: string, model: string): CompletionHead {
  return { id: `chatcmpl-${req_id}`, created: Math.floor(Date.now() / 1000), model };
}

function noModel(): HttpFault {
  const message = 'model: there is none of this name. GET /v1/models lists those that begin with katamari/.';
  return new HttpFault(404, 'not-found', message, { param: 'model' });
}
