import { KatamariError } from '../errors.ts';

/** One of several drafts that are written at the same time, with a signal of its own. */
export class Lane {
  /** Whether it has been stopped because it can't win any more. */
  isLost = false;
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal;

  constructor(parent: AbortSignal) {
    this.#parent = parent;
    if (parent.aborted) this.#follow();
    else parent.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Another draft is the answer. */
  lose(): void {
    this.isLost = true;
    this.#controller.abort(new KatamariError('aborted', 'Another draft was chosen.'));
    this.release();
  }

  release(): void {
    this.#parent.removeEventListener('abort', this.#follow);
  }

  readonly #follow = (): void => {
    this.#controller.abort(this.#parent.reason);
  };
}
