/** A pattern that a persona's texts should not hold. */
export interface LintPattern {
  /** For a program, for example `overrides-instructions`. */
  readonly code: string;
  /** Without the flag `g`. Written by whoever configures the check, and so trusted to be quick. */
  readonly pattern: RegExp;
  /** What is wrong with it and what to do. */
  readonly message: string;
}

/** What a persona should not hold, where nothing else is configured: attempts to override instructions, secrets, URLs and personal data. */
export const defaultLintPatterns: readonly LintPattern[] = [
  {
    code: 'overrides-instructions',
    pattern:
      /\b(?:ignore|disregard|forget)\s{1,5}(?:all\s{1,5}|any\s{1,5})?(?:of\s{1,5})?(?:the\s{1,5}|your\s{1,5}|my\s{1,5})?(?:previous|prior|above|earlier|preceding)\b/i,
    message:
      'This tells the model to ignore instructions, as an injected text would. Say what to do instead.',
  },
  {
    code: 'overrides-instructions',
    pattern:
      /(?:以前|これまで|上記|前)の(?:すべての|全ての)?(?:指示|命令|ルール|規則)[^。\n]{0,10}(?:無視|忘れ)/,
    message:
      'This tells the model to ignore instructions, as an injected text would. Say what to do instead.',
  },
  {
    code: 'secret',
    pattern:
      /\b(?:sk-[\w-]{16,200}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,200}|xox[abpr]-[\w-]{10,200}|AIza[\w-]{30,100})|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/,
    message:
      'This looks like a key. It would be sent with every request: remove it, and revoke it where it was published.',
  },
  {
    code: 'secret',
    pattern: /\b(?:password|passwd|api[_-]?key|secret|token)\s{0,3}[:=]\s{0,3}[^\s{}]{8,200}/i,
    message: 'This looks like a secret. It would be sent with every request: remove it.',
  },
  {
    code: 'url',
    pattern: /\bhttps?:\/\/\S{1,200}/i,
    message: 'A model can’t open a URL and may repeat it to readers. Write what it should know.',
  },
  {
    code: 'email',
    pattern: /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b/,
    message: 'An e-mail address in a persona may be repeated to anyone. Use a variable.',
  },
];
