/** What the process ends with; `docs/guides/cli.md` has the table. */
export const exitCodes = {
  ok: 0,
  /** A run failed, an input can't be read, or a check has a finding. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
