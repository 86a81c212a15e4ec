const PREFIX = 'katamari/';

/** How chat completions name a chain, or a chain with a persona: `katamari/default`, `katamari/default/concise-engineer`. */
export function chatModelId(chain: string, persona?: string): string {
  return persona === undefined ? `${PREFIX}${chain}` : `${PREFIX}${chain}/${persona}`;
}

/** The chain and persona of such a name; `undefined` where it is none. Names of chains hold no slash, ids of personas may. */
export function readChatModelId(
  id: string,
): { readonly chain: string; readonly persona?: string } | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const rest = id.slice(PREFIX.length);
  const slash = rest.indexOf('/');
  if (slash === -1) return rest === '' ? undefined : { chain: rest };
  return { chain: rest.slice(0, slash), persona: rest.slice(slash + 1) };
}
