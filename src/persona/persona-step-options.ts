import type { Language } from '../language.ts';
import type { PersonaValue } from './persona.ts';

/** Options of the step `persona()`. */
export interface PersonaStepOptions {
  /**
   * Where the prompt stands: `first` of all messages, or `after-system`, behind the system messages that the request begins with.
   *
   * @defaultValue `'first'`
   */
  readonly position?: 'first' | 'after-system';
  /** Values for the persona's variables, by name. @defaultValue the defaults of the variables */
  readonly variables?: Readonly<Record<string, PersonaValue>>;
  /** The conversation's language, for conditions. @defaultValue that of the last user message */
  readonly language?: Language;
  /** The hour of the day, 0 to 23, for conditions; a function is asked at every run. @defaultValue not known */
  readonly hour?: number | (() => number);
}
