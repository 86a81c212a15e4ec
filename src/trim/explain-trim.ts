import type { MessageFate } from '../event.ts';
import { textOf, type Message } from '../message.ts';
import type { TrimReport } from './trim-report.ts';

/** Columns of the terminal that a message's beginning may take. */
const PREVIEW_WIDTH = 40;
/** Characters of a message that are looked at for its beginning. */
const PREVIEW_LENGTH = 200;

const invisible = /[\p{M}\p{Cf}\p{Cc}]/u;
/** Half-width katakana is the one Japanese script that is narrow. */
const wide =
  /(?![\uff61-\uff9f])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/**
 * The account of a trim for people: one line per message, neighbours that were dropped for the same reason on one. Plain ASCII, except for
 * the beginnings of messages, which are shown (and aligned in both narrow and wide scripts) when the messages are given.
 *
 * @param messages - the history as it came to the trim. @defaultValue no beginnings are shown
 */
export function explainTrim(report: TrimReport, messages: readonly Message[] = []): string {
  const rows = fold(report.messages).map((group) => rowOf(group, messages));
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 4 ? padStart(cell, widths[column]) : padEnd(cell, widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
  return [headOf(report), ...lines].join('\n');
}

/** How many columns of a terminal a text takes: characters of Chinese, Japanese and Korean take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character >= ' ' && character <= '~') width += 1;
    else if (!invisible.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

function headOf({
  strategy,
  targetTokens,
  tokensBefore,
  tokensAfter,
  estimated,
  messages,
}: TrimReport): string {
  const kept = messages.filter(({ fate }) => fate !== 'dropped').length;
  const budget = targetTokens === Infinity ? 'no budget' : `budget ${grouped(targetTokens)}`;
  const about = estimated ? 'about ' : '';
  return `trim ${strategy}: ${about}${grouped(tokensBefore)} -> ${grouped(tokensAfter)} tokens (${budget}), ${kept} of ${messages.length} messages kept`;
}

function fold(fates: readonly MessageFate[]): MessageFate[][] {
  const groups: MessageFate[][] = [];
  for (const fate of fates) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (
      last !== undefined &&
      fate.fate === 'dropped' &&
      before?.fate === 'dropped' &&
      before.why === fate.why
    )
      last.push(fate);
    else groups.push([fate]);
  }
  return groups;
}

function rowOf(group: readonly MessageFate[], messages: readonly Message[]): string[] {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return [];
  const tokens = grouped(group.reduce((sum, fate) => sum + fate.tokens, 0));
  if (group.length > 1)
    return [`${first.index}-${last.index}`, `${group.length} messages`, first.fate, first.why, tokens];
  const message = messages[first.index];
  const preview = message === undefined ? [] : [previewOf(textOf(message))];
  return [String(first.index), first.role, first.fate, first.why, tokens, ...preview];
}

function previewOf(text: string): string {
  const line = text
    .slice(0, PREVIEW_LENGTH)
    .replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim();
  if (text.length <= PREVIEW_LENGTH && displayWidth(line) <= PREVIEW_WIDTH) return line;
  let [shown, width] = ['', 0];
  for (const character of line) {
    width += displayWidth(character);
    if (width > PREVIEW_WIDTH - 3) break;
    shown += character;
  }
  return `${shown}...`;
}

function grouped(tokens: number): string {
  return String(tokens).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function padStart(text: string, width = 0): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

function padEnd(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
