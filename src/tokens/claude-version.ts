/** Which Claude a model's id names. */
export interface ClaudeVersion {
  /** As in `4.5`, `3.0`; empty where the id has no number. */
  readonly version: string;
  /** True from Opus 4.7 on: another tokenizer, larger pictures. An id without a number is taken for a new one. */
  readonly isNew: boolean;
}

/** @param model - in any vendor's spelling: `claude-sonnet-4-5-20250929`, `anthropic.claude-3-5-sonnet-20241022-v2:0`. `undefined` where it is no Claude */
export function claudeVersion(model: string): ClaudeVersion | undefined {
  const id = model.toLowerCase();
  if (!id.includes('claude')) return undefined;
  const [, major = '', minor = '0'] = /-(\d)(?:[-.](\d)(?!\d))?(?=-|@|$)/u.exec(id) ?? [];
  const isNew = major === '' || Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 7);
  return { version: major === '' ? '' : `${major}.${minor}`, isNew };
}
