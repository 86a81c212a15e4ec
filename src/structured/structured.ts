import { labelsOf } from '../attempt-events.ts';
import { KatamariError } from '../errors.ts';
import type { AttemptLabels, ChainEvent, ToolCallEvent } from '../event.ts';
import { languageOf } from '../language.ts';
import { textOf, type Message } from '../message.ts';
import type { Generate, RunContext } from '../provider.ts';
import type { ChatRequest, JsonSchema } from '../request.ts';
import type { Step } from '../step.ts';
import { parseJsonAnswer } from './parse-json-answer.ts';
import { describeIssues, toJsonSchema, type StandardSchema } from './standard-schema.ts';

/** Options of {@link structured}. */
export interface StructuredOptions {
  /** A name for the schema, where the provider wants one. @defaultValue `'answer'` */
  readonly name?: string;
  /** What the provider is sent. @defaultValue what the schema says of itself */
  readonly jsonSchema?: JsonSchema;
  /** How often the model is asked again, with what was wrong. @defaultValue 1 */
  readonly repairs?: number;
}

/**
 * A step that makes the answer an object: the provider is asked for JSON of a schema, the text is parsed and validated, and the object is in
 * `result().object` and in an `object` event. What the model writes is streamed with `answer: false`; the answer's text is the JSON, once it
 * is valid. Use it before `reflect()`: then the final answer is what must be valid.
 *
 * @param schema - a Standard Schema: zod, valibot, arktype …
 * @throws KatamariError code `invalid-input` without a JSON Schema; the run throws code `invalid-output` when repairs did not help
 * @example chain.use(structured(z.object({ city: z.string() })))
 */
export function structured(schema: StandardSchema, options: StructuredOptions = {}): Step {
  const { name = 'answer', repairs = 1, jsonSchema = toJsonSchema(schema) } = options;
  const responseFormat = { type: 'json', schema: jsonSchema, name } as const;
  return {
    name: 'structured',
    stage: 'plan',
    wrap: (next) => (request, context) =>
      answerAs(schema, repairs, next, { ...request, responseFormat }, context),
  };
}

async function* answerAs(
  schema: StandardSchema,
  repairs: number,
  next: Generate,
  request: ChatRequest,
  context: RunContext,
): AsyncGenerator<readonly ChainEvent[]> {
  let asked = request;
  for (let left = repairs; ; left--) {
    const written = new Written();
    for await (const batch of next(asked, { ...context, answer: false })) {
      written.add(batch);
      yield batch;
    }
    const labels = { ...labelsOf(context), ...written.place };
    const { toolCalls } = written;
    if (toolCalls.length > 0) {
      yield toolCalls.map((event) => ({ ...event, answer: context.answer }));
      return;
    }
    const outcome = await validate(schema, written.text);
    if ('value' in outcome) {
      const { req_id } = context;
      yield [
        { type: 'token', ...labels, text: outcome.json },
        { type: 'object', req_id, object: outcome.value },
      ];
      return;
    }
    if (left <= 0) throw invalidOutput(outcome.problem);
    asked = {
      ...request,
      messages: [...request.messages, ...askAgain(request, written.text, outcome.problem)],
    };
  }
}

type Validated = { readonly value: unknown; readonly json: string } | { readonly problem: string };

async function validate(schema: StandardSchema, text: string): Promise<Validated> {
  const parsed = parseJsonAnswer(text);
  if (parsed === undefined) return { problem: '(whole): no JSON value was found in the answer' };
  const result = await schema['~standard'].validate(parsed.value);
  if (result.issues !== undefined) return { problem: describeIssues(result.issues) };
  return { value: result.value, json: parsed.json };
}

function askAgain({ messages }: ChatRequest, answer: string, problem: string): Message[] {
  const last = messages.findLast(({ role }) => role === 'user');
  const japanese = last !== undefined && languageOf(textOf(last)) === 'ja';
  const content = japanese
    ? `このJSONはスキーマに合っていません。\n${problem}\n\n直したJSONだけを書いてください。`
    : `This JSON does not match the schema:\n${problem}\n\nWrite the corrected JSON and nothing else.`;
  return [
    { role: 'assistant', content: answer === '' ? '(empty)' : answer },
    { role: 'user', content },
  ];
}

function invalidOutput(problem: string): KatamariError {
  const lines = problem.split('\n');
  const more = lines.length > 3 ? ` and ${lines.length - 3} more` : '';
  return new KatamariError(
    'invalid-output',
    `The answer does not match the schema: ${lines.slice(0, 3).join('; ')}${more}.`,
  );
}

/** What one pass through the rest of the chain has written as its answer. */
class Written {
  readonly #texts = new Map<string, string>();
  #toolCalls: ToolCallEvent[] = [];
  /** The attempt that wrote last. */
  place: Partial<Pick<AttemptLabels, 'call' | 'attempt' | 'phase'>> = {};

  get text(): string {
    return [...this.#texts.values()].join('');
  }

  get toolCalls(): readonly ToolCallEvent[] {
    return this.#toolCalls;
  }

  add(batch: readonly ChainEvent[]): void {
    for (const event of batch) {
      if (event.type !== 'token' && event.type !== 'tool-call' && event.type !== 'attempt-end') continue;
      // A draft or a critique is not what was asked for.
      if (event.phase !== 'answer' && event.phase !== 'final') continue;
      const key = `${event.call}.${event.attempt}`;
      if (event.type === 'attempt-end') {
        if (event.superseded) this.#drop(key);
        continue;
      }
      const { call, attempt, phase } = event;
      this.place = { call, attempt, phase };
      if (event.type === 'tool-call') this.#toolCalls.push(event);
      else this.#texts.set(key, (this.#texts.get(key) ?? '') + event.text);
    }
  }

  #drop(key: string): void {
    this.#texts.delete(key);
    this.#toolCalls = this.#toolCalls.filter((event) => `${event.call}.${event.attempt}` !== key);
  }
}
