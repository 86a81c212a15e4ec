import type { Chain, RunInput } from './chain.ts';
import { checkRequest } from './check-request.ts';
import { KatamariError } from './errors.ts';
import type { PersonaName } from './event.ts';
import type { AssistantMessage, Message, UserMessage } from './message.ts';
import type { RunRecord } from './observer.ts';
import { personaHash } from './persona/persona-hash.ts';
import { persona as personaStep } from './persona/persona-step.ts';
import type { Persona, PersonaValue } from './persona/persona.ts';
import type { Run } from './run.ts';

/** The key of the state under which it is kept who spoke last. */
const SPOKE = 'persona';

/** What a conversation is made of. */
export interface ConversationOptions {
  /** Who answers. */
  readonly chain: Chain;
  /** Who speaks; put in front of the chain at every run. @defaultValue what the chain has */
  readonly persona?: Persona;
  /** Values for the persona's variables, by name. @defaultValue the defaults of the variables */
  readonly variables?: Readonly<Record<string, PersonaValue>>;
  /** What was said before. @defaultValue nothing */
  readonly messages?: readonly Message[];
  /**
   * What an aborted or failed run leaves behind: `restore`, the conversation as it was; `keep`, the user's message and the partial answer,
   * when there is one. @defaultValue `'restore'`
   */
  readonly onIncomplete?: 'restore' | 'keep';
  /** What steps have kept, as `toJSON` gave it. @defaultValue nothing */
  readonly state?: Readonly<Record<string, unknown>>;
}

/** A conversation as plain JSON. */
export interface ConversationJson {
  readonly version: 1;
  readonly messages: readonly Message[];
  readonly persona?: Persona;
  readonly variables?: Readonly<Record<string, PersonaValue>>;
  readonly state: Readonly<Record<string, unknown>>;
}

/**
 * A chat kept from turn to turn, over a chain: its messages, its persona, and what steps keep between runs. The whole history stays; what
 * of it a model sees is the trim step's affair.
 *
 * @example
 * const conversation = new Conversation({ chain });
 * for await (const text of conversation.send('Hello').tokens()) process.stdout.write(text);
 */
export class Conversation {
  /** Who speaks from the next run on. That run tells of the change in a `persona-switch` event. */
  persona: Persona | undefined;
  /** Values for the variables of whoever speaks, from the next run on. One that the persona has no variable for fails the run. */
  variables: Readonly<Record<string, PersonaValue>> | undefined;
  readonly #chain: Chain;
  readonly #onIncomplete: 'restore' | 'keep';
  readonly #state: Map<string, unknown>;
  #messages: readonly Message[];
  #run: Run | undefined;
  /** Who spoke in the last run, or was to speak in the first. */
  #spoke: PersonaName | null;

  constructor(options: ConversationOptions) {
    const { chain, persona, messages = [], onIncomplete = 'restore', state = {} } = options;
    this.#chain = chain;
    this.persona = persona;
    this.variables = options.variables;
    this.#messages = [...messages];
    this.#onIncomplete = onIncomplete;
    this.#state = new Map(Object.entries(state));
    this.#spoke = this.#state.has(SPOKE) ? (this.#state.get(SPOKE) as PersonaName | null) : nameOf(persona);
  }

  /** A conversation from what `toJSON` gave. @throws KatamariError code `invalid-input` when it is something else */
  static fromJSON(json: unknown, options: Pick<ConversationOptions, 'chain' | 'onIncomplete'>): Conversation {
    const { version, messages, persona, variables, state } = (json ?? {}) as Partial<ConversationJson>;
    if (version !== 1 || !Array.isArray(messages)) {
      throw new KatamariError(
        'invalid-input',
        'This is no conversation of katamari: { version: 1, messages, state } is expected.',
      );
    }
    if (messages.length > 0) checkRequest({ messages });
    return new Conversation({
      ...options,
      messages,
      ...(persona && { persona }),
      ...(variables && { variables }),
      ...(state && { state }),
    });
  }

  /** What was said, oldest first. A new array after every run. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /**
   * Says something, and gives the run that answers. The run's messages join the conversation when it ends.
   *
   * @param said - a text, a message of the user, or several messages (the results of tools)
   * @throws KatamariError code `invalid-input` while another run of the conversation is under way
   */
  send(
    said: string | UserMessage | readonly Message[],
    options: Omit<RunInput, 'messages' | 'state'> = {},
  ): Run {
    if (this.#run?.state === 'running') {
      throw new KatamariError(
        'invalid-input',
        'A run of this conversation is under way; await its result or abort it first.',
      );
    }
    // One that was never read has said nothing and must not begin later.
    this.#run?.abort('another message was sent');
    const added = toMessages(said);
    const { persona, variables } = this;
    const speaking = persona && personaStep(persona, variables && { variables });
    const chain = speaking === undefined ? this.#chain : this.#chain.use(speaking);
    const speaks = nameOf(persona);
    const personaSwitch = { from: this.#spoke, to: speaks };
    const run = chain.stream({
      ...options,
      ...(speaks?.hash !== this.#spoke?.hash && { personaSwitch }),
      messages: [...this.#messages, ...added],
      state: this.#state,
      observers: [
        ...(options.observers ?? []),
        {
          end: (record) => {
            this.#remember(speaks);
            this.#conclude(run, added, record);
          },
        },
      ],
    });
    this.#run = run;
    return run;
  }

  /** The conversation as plain JSON, for `fromJSON`. */
  toJSON(): ConversationJson {
    const { persona, variables } = this;
    return {
      version: 1,
      messages: this.#messages,
      ...(persona && { persona }),
      ...(variables && { variables }),
      state: Object.fromEntries(this.#state),
    };
  }

  /** A conversation that never had a persona keeps nothing about it. */
  #remember(speaks: PersonaName | null): void {
    if (speaks !== null || this.#spoke !== null) this.#state.set(SPOKE, speaks);
    this.#spoke = speaks;
  }

  #conclude(run: Run, added: readonly Message[], { status, finishReason }: RunRecord): void {
    const partial = status !== 'completed';
    if (partial && (this.#onIncomplete === 'restore' || run.text === '')) return;
    // A limit of the run left no word of an answer.
    if (finishReason === 'limit' && run.text === '' && run.toolCalls.length === 0) return;
    // Tool calls of an unfinished answer would never be answered, and its thoughts are unproven.
    const answer: AssistantMessage = partial ? { role: 'assistant', content: run.text } : run.message;
    this.#messages = [...this.#messages, ...added, answer];
  }
}

function nameOf(persona: Persona | undefined): PersonaName | null {
  if (persona === undefined) return null;
  const { name, version } = persona;
  return { name, hash: personaHash(persona), ...(version !== undefined && { version }) };
}

function toMessages(said: string | UserMessage | readonly Message[]): readonly Message[] {
  if (typeof said === 'string') return [{ role: 'user', content: said }];
  return 'role' in said ? [said] : said;
}
