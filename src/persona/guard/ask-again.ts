import { languageOf } from '../../language.ts';
import { textOf } from '../../message.ts';
import { quoteAsData } from '../../quote.ts';
import type { ChatRequest } from '../../request.ts';
import type { ForbidEntry } from '../forbid-entry.ts';

const CLASSES = {
  en: { emoji: 'emoji', url: 'web addresses', email: 'e-mail addresses', phone: 'phone numbers' },
  ja: { emoji: '絵文字', url: 'URL', email: 'メールアドレス', phone: '電話番号' },
} as const;

/** The request once more, with what must not be in its answer. The rejected answer itself is not sent: a model imitates what it reads. */
export function askAgain(request: ChatRequest, entries: readonly (ForbidEntry | undefined)[]): ChatRequest {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const language = last !== undefined && languageOf(textOf(last)) === 'ja' ? 'ja' : 'en';
  const found = entries.flatMap((entry) => (entry === undefined ? [] : [wordsFor(entry, language)]));
  const list = quoteAsData('forbidden', found.map((words) => `- ${words}`).join('\n'));
  const content =
    language === 'ja'
      ? `直前の回答には、使ってはいけない次のものが含まれていたため、破棄しました。\n${list}\nこれを使わずに、回答を最初から書き直してください。この指摘には触れないでください。`
      : `Your answer was discarded because it held what must not be used:\n${list}\nWrite the whole answer again without it, in other words. Do not mention this note.`;
  return { ...request, messages: [...request.messages, { role: 'user', content }] };
}

function wordsFor(entry: ForbidEntry, language: 'en' | 'ja'): string {
  if (entry.kind === 'term') return entry.term;
  return entry.kind === 'regex' ? `/${entry.source}/${entry.flags}` : CLASSES[language][entry.class];
}
