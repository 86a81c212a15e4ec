/** Options of the step `persona()`. */
export interface PersonaStepOptions {
  /**
   * Where the prompt stands: `first` of all messages, or `after-system`, behind the system messages that the request begins with.
   *
   * @defaultValue `'first'`
   */
  readonly position?: 'first' | 'after-system';
}
