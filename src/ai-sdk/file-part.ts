import { KatamariError } from '../errors.ts';
import type { FilePart, ImagePart } from '../message.ts';
import { readMedia } from '../wire/media-source.ts';
import type { FileData, FilePromptPart } from './language-model.ts';

/**
 * A picture or a file as the specification has it: both are files.
 *
 * @throws KatamariError `invalid-input` for base64 without a media type, and for a URL that is none.
 */
export function toFilePart(part: ImagePart | FilePart): FilePromptPart {
  const isImage = part.type === 'image';
  const what = isImage ? 'An image part' : 'A file part';
  const media = readMedia(isImage ? part.image : part.data, part.mediaType, what);
  const data: FileData =
    media.kind === 'url'
      ? { type: 'url', url: toUrl(media.url, what) }
      : { type: 'data', data: media.base64 };
  const mediaType = media.kind === 'base64' ? media.mediaType : (part.mediaType ?? 'image/*');
  const file: FilePromptPart = { type: 'file', data, mediaType };
  if (!isImage && part.filename !== undefined) file.filename = part.filename;
  // The specification has no field for it; this is the only provider that has the setting.
  if (isImage && part.detail !== undefined) file.providerOptions = { openai: { imageDetail: part.detail } };
  return file;
}

function toUrl(url: string, what: string): URL {
  if (URL.canParse(url)) return new URL(url);
  throw new KatamariError('invalid-input', `${what} holds a URL that cannot be read. Write it whole.`);
}
