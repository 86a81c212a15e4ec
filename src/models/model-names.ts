/*
 * Names that say the same model. Only endings and beginnings that are known to mean «this model, that version or that route» are taken
 * off, one at a time from the outside, so that the longest name that is known wins. What is left is never shortened further: `gpt-4o-mini`
 * does not become `gpt-4o`.
 */

/** Prefixes of a vendor besides its own name: what gateways and SDKs put before a model's id. */
const prefixesOf: Readonly<Record<string, readonly string[]>> = {
  openai: ['azure', 'azure_ai', 'azure-openai'],
  google: ['models', 'gemini', 'vertex_ai', 'vertex'],
  mistral: ['mistralai'],
  xai: ['x-ai', 'spacexai'],
  alibaba: ['dashscope', 'qwen'],
  moonshotai: ['moonshot'],
  together: ['together_ai', 'togetherai'],
};

/** Gateways that pass a vendor's model on under `gateway/vendor/model`. */
const gateways: ReadonlySet<string> = new Set(['openrouter', 'vercel', 'litellm']);

/** What may stand at the end of an id and says a route, a version or a day, not another model. */
const endings: readonly RegExp[] = [
  /:(?:free|nitro|floor|online|exacto|latest)$/,
  /@(?:default|latest|20\d{6})$/,
  /-latest$/,
  /-20\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  /-20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/,
];

/** Spellings of one id, the given one first, then with ever fewer endings. Lower case. */
export function namesOf(model: string): string[] {
  const names: string[] = [];
  let name: string | undefined = model.toLowerCase();
  while (name !== undefined) {
    names.push(name, ...respelled(name));
    name = withoutEnding(name);
  }
  return names;
}

/** An id cut at each of its slashes: what stands before, and the rest, the longest rest first. */
export function routesOf(model: string): (readonly [prefix: string, rest: string])[] {
  const parts = model.toLowerCase().split('/');
  return parts
    .slice(1)
    .map((_, index) => [parts.slice(0, index + 1).join('/'), parts.slice(index + 1).join('/')]);
}

/** Whether ids of this provider's models are known under the prefix, as in `azure/…` or `openrouter/openai/…`. */
export function leadsTo(provider: string, prefix: string): boolean {
  const name = provider.toLowerCase();
  const own = new Set([name, ...(Object.hasOwn(prefixesOf, name) ? (prefixesOf[name] ?? []) : [])]);
  return prefix.split('/').every((part) => own.has(part) || gateways.has(part));
}

function withoutEnding(name: string): string | undefined {
  const ending = endings.find((pattern) => pattern.test(name));
  return ending === undefined ? undefined : name.replace(ending, '');
}

/** Azure writes `gpt-35-turbo`, gateways write `claude-sonnet-4.5`. */
function respelled(name: string): string[] {
  if (name.startsWith('gpt-35-')) return [name.replace('gpt-35-', 'gpt-3.5-')];
  return name.startsWith('claude-') && name.includes('.') ? [name.replaceAll('.', '-')] : [];
}
