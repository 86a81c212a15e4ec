import { KatamariError } from '../errors.ts';
import type { FilePromptPart, PromptMessage, SupportedUrls } from './language-model.ts';

/** The files of a prompt that are named by a URL. */
export function urlFiles(prompt: readonly PromptMessage[]): FilePromptPart[] {
  return prompt.flatMap((message) => {
    if (message.role === 'user') return message.content.filter(isUrlFile);
    if (message.role !== 'tool') return [];
    return message.content.flatMap(({ output }) =>
      output.type === 'content' ? output.value.filter(isUrlFile) : [],
    );
  });
}

/**
 * Checks that the model loads the files itself. The specification leaves all others to its caller; katamari loads nothing in the name of others.
 *
 * @throws KatamariError `invalid-input` for the first that it does not. The URL is not quoted, since it may hold a token.
 */
export function checkUrls(
  files: readonly FilePromptPart[],
  supported: SupportedUrls,
  provider: string,
): void {
  for (const { data, mediaType } of files) {
    if (data.type !== 'url' || isSupported(data.url.href, mediaType.toLowerCase(), supported)) continue;
    throw new KatamariError(
      'invalid-input',
      `The model of ${provider} does not load ${mediaType} from this URL: pass the bytes as base64 or as a data: URL.`,
    );
  }
}

function isUrlFile(part: { readonly type: string; readonly data?: unknown }): part is FilePromptPart {
  return part.type === 'file' && (part as FilePromptPart).data.type === 'url';
}

function isSupported(url: string, mediaType: string, supported: SupportedUrls): boolean {
  return Object.entries(supported).some(([key, patterns]) => {
    const type = key.toLowerCase();
    const isAny = type === '*' || type === '*/*';
    const fits =
      isAny || (type.endsWith('/*') ? mediaType.startsWith(type.slice(0, -1)) : type === mediaType);
    // The specification says that patterns are matched against URLs in lower case, its own code matches them as they are.
    return fits && patterns.some((pattern) => matches(pattern, url) || matches(pattern, url.toLowerCase()));
  });
}

/** A global or sticky pattern remembers where it stood: the search begins at 0 and leaves no trace. */
function matches(pattern: RegExp, url: string): boolean {
  return url.search(pattern) !== -1;
}
