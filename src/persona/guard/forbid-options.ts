/** What is done about something forbidden. */
export type ForbidAction = 'report' | 'mask' | 'stop' | 'retry';

/** Options of `forbid`. */
export interface ForbidOptions {
  /**
   * `mask` puts the mask in its place. `stop` ends the answer before it, with the finish reason `content-filter`. `retry` asks once more and
   * tells the model what it wrote; what was shown is superseded, and where it can't be (a run that is read by `tokens()` and has handed out
   * text) or where it comes again, it is masked. `report` lets it pass. All of them tell of it in `issue` events. @defaultValue `'mask'`
   */
  readonly action?: ForbidAction;
  /** What stands in place of what is forbidden. Its first and last character must be in no term. @defaultValue `'███'` */
  readonly mask?: string;
  /**
   * How long a match of a regular expression or a class may be held before it is whole, in UTF-16 units, 16 to 65536. What is this long and may
   * still become a match counts as one, so that nothing leaks. Terms are held as long as they are. @defaultValue 256
   */
  readonly holdLimit?: number;
  /** Whether what a model thinks before it answers is guarded too. What is forbidden there is masked, or reported. @defaultValue true */
  readonly reasoning?: boolean;
  /** Whether the user's last message is looked through, and what is found there told in `issue` events. @defaultValue true */
  readonly input?: boolean;
}

/** Options with nothing left out. */
export type ForbidPlan = Required<ForbidOptions>;
