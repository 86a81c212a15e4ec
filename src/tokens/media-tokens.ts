import type { FilePart, ImagePart } from '../message.ts';
import { imageTokens } from './image-tokens.ts';

/** What pictures, files and the use of tools cost with a model beside texts, in tokens. */
export interface MediaTokens {
  /** Of one picture. */
  readonly image: (image: ImagePart) => number;
  /** Of one file. */
  readonly file: (file: FilePart) => number;
  /** Once for a request with tools, beside their declarations. */
  readonly toolUse: number;
}

/** Bytes of a text file per token: between Japanese in UTF-8 (about 4) and lists of numbers (under 2). */
const textBytesPerToken = 3;
/** Bytes of a page of PDF, where the pages cannot be counted, and of any other file: an assumption, since no vendor counts by bytes. */
const bytesPerPage = 24_000;
/** What a page of a file comes to where the vendor does not say: the upper end of the 1,500 to 3,000 that Anthropic names for its text. */
const pageTokens = 3000;
/** `func_end`, once; OpenAI Cookbook, "How to count tokens with tiktoken", part on tools. */
const toolsEnd = 12;

/** The costs where no model is known: pictures by OpenAI's formula for GPT-4o, files by their size. */
export const plainMedia: MediaTokens = {
  image: (image) => imageTokens(image),
  file: (file) => fileTokens(file, pageTokens),
  toolUse: toolsEnd,
};

/** Tokens of a file: a text by its bytes, anything else by its pages. */
export function fileTokens(file: FilePart, perPage: number): number {
  if (/^https?:/iu.test(file.data)) return perPage;
  // Base64: four characters are three bytes.
  const bytes = (file.data.length * 3) / 4;
  if (/^(?:text\/|application\/json)/iu.test(file.mediaType)) return Math.ceil(bytes / textBytesPerToken);
  const pages = /pdf$/iu.test(file.mediaType) ? pagesOf(file.data) : undefined;
  return Math.ceil((pages ?? bytes / bytesPerPage) * perPage);
}

/** How many pages a PDF says it has; `undefined` where its page tree is compressed, or it is no PDF. */
function pagesOf(data: string): number | undefined {
  const base64 = data.slice(data.startsWith('data:') ? data.indexOf(',') + 1 : 0);
  let text: string;
  try {
    text = atob(base64);
  } catch {
    return undefined;
  }
  const counts = Array.from(text.matchAll(/\/Count\s+(\d{1,6})\b/gu), (match) => Number(match[1]));
  const most = Math.max(0, ...counts, text.match(/\/Type\s*\/Page\b(?!s)/gu)?.length ?? 0);
  return most === 0 ? undefined : most;
}
