import type { CritiqueIssue } from '../event.ts';
import type { Provider } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { Scorer } from '../scorer.ts';
import type { StandardSchema } from '../structured/standard-schema.ts';

/** What the instruction of a phase may depend on. */
export interface PromptInput {
  readonly request: ChatRequest;
  /** The text of the conversation's last user message. */
  readonly question: string;
  /** The text to judge or to mend; empty before there is one. */
  readonly draft: string;
  /** What the critic found; empty before it has spoken. */
  readonly issues: readonly CritiqueIssue[];
  /** What the answer is measured by, a line each. */
  readonly rubric: readonly string[];
}

/** An instruction, or a function that writes it. Question, draft and issues are put before it as quoted data. */
export type Prompt = string | ((input: PromptInput) => string);

/** How one phase is asked. What is left out is as in the run's own request. */
export interface PhaseSettings {
  /** Who is asked. The request's `model` is not sent to another provider: without a `model` here, that one's own is used. */
  readonly provider?: Provider;
  readonly model?: string;
  /** Sampling temperature, 0 to 2. */
  readonly temperature?: number;
  /** Upper bound of what is written, in tokens. */
  readonly maxOutputTokens?: number;
  /** The instruction, in place of the built-in one in English or Japanese. Draft: added to the user's message. */
  readonly prompt?: Prompt;
}

/** How drafts are judged. */
export interface CritiqueSettings extends PhaseSettings {
  /**
   * A Standard Schema (zod, valibot, arktype …) of the critique, in place of katamari's own form. What it gives must have a `verdict`; `score`
   * and `issues` are read where they are. Sent to the provider, where it can tell its JSON Schema.
   *
   * @defaultValue `{ verdict, score, issues: { severity, quote, problem }[] }`, read leniently
   */
  readonly schema?: StandardSchema;
  /** How often a critique that can't be read is asked for again, with what was wrong. @defaultValue 1 */
  readonly repairs?: number;
  /** Judge in place of a model: a text is approved when it passes all of them, its score is their mean. @defaultValue a model judges */
  readonly scorers?: readonly Scorer[];
}

/** Options of a reflection. */
export interface ReflectOptions {
  readonly draft?: PhaseSettings;
  readonly critique?: CritiqueSettings;
  /** How revisions are asked for, the last one included. */
  readonly final?: PhaseSettings;
  /**
   * How often a text is revised at most, 0 to 20. Each revision follows a critique, and all but the last are judged in their turn; an approval
   * ends it. 0 only chooses between several drafts. @defaultValue 1
   */
  readonly maxRounds?: number;
  /** How many drafts are written at the same time, 1 to 8; the best one goes on. @defaultValue 1 */
  readonly drafts?: number;
  /** Whether the last revision is judged too, so that it is taken only where it scores no less than what it mends. @defaultValue false */
  readonly verify?: boolean;
  /** What no answer may fail, without a model: a text that does not pass all of them gives way to one that does. @defaultValue none */
  readonly gates?: readonly Scorer[];
  /** What the critic measures by, besides what the persona and steps before have said. @defaultValue nothing */
  readonly rubric?: string | readonly string[];
  /** Whether a text that the critic approves becomes the answer as it is, without a further call. @defaultValue true */
  readonly approve?: boolean;
  /**
   * What happens when a call fails once there is a text: `degrade` makes the best text so far the answer and tells of it in an `issue` event,
   * `throw` ends the run. A draft that fails, where no other one stands, and an abort always end it. So does a final call that fails after
   * some of its text was handed out by `run.tokens()`, since that can't be taken back; a reader of events sees that text marked as superseded
   * instead. @defaultValue `'degrade'`
   */
  readonly onFailure?: 'degrade' | 'throw';
}
