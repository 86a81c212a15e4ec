import type { Kind } from './kinds.ts';

/** A line that opens a section of a request. */
export interface Heading {
  /** `undefined` for a heading of something else, which ends the section before it. */
  readonly kind: Kind | undefined;
  /** What stands on the same line. */
  readonly rest: string;
  /** Whether the section goes on over blank lines, to the next heading. */
  readonly isBlock: boolean;
}

const NAMES: readonly (readonly [RegExp, Kind])[] = [
  [
    /^(?:(?:the|our|my|main|overall) )?(?:purpose|goals?|aims?|objectives?|intent|motivation|why)$|^(?:背景(?:と|・))?(?:目的|ねらい|狙い|趣旨|目標|ゴール|意図)(?:(?:と|・)背景)?$/,
    'purpose',
  ],
  [
    /^(?:(?:hard|the) )?(?:constraints?|restrictions?|limits?|limitations?|rules?|conditions?|must(?: not)?s?|don'?ts?|requirements?|non-goals?)$|^(?:制約|条件|前提|制限|禁止|注意|遵守|必須)(?:条件|事項|点|ルール)?$|^(?:ルール|決まり|してはいけないこと|要件)$/,
    'constraints',
  ],
  [
    /^(?:(?:target|the) )?(?:viewpoints?|perspectives?|points? of view|audience|readers?|readership|role|persona|stance|for whom)$|^(?:視点|観点|立場|目線|役割|対象|想定|対象者|想定者|読者|聞き手)(?:読者|者)?$/,
    'viewpoint',
  ],
  [
    /^(?:(?:the|my|our) )?(?:expectations?|expected(?: (?:output|outcome|result|answer)s?)?|deliverables?|outputs?|output format|format|outcomes?|acceptance criteria|success criteria|definition of done|done when|what i (?:want|need|expect))$|^(?:期待|出力|回答|成果|アウトプット)(?:する|される)?(?:もの|こと|物|成果|成果物|結果|出力|回答|形式|内容|値)?$|^(?:完了条件|受け入れ条件|受入条件|ほしいもの|知りたいこと|聞きたいこと)$/,
    'expectations',
  ],
];

/** A longer title is a sentence. */
const MAX_TITLE = 40;

/** Reads a line as a heading: `## Purpose`, `【制約】`, `■視点`, `**Goal:** …`, `3. 期待：…`; `undefined` where it is none. */
export function headingOf(line: string): Heading | undefined {
  const text = line.trim();
  const block = /^#{1,6}\s+([^#].*?)\s*#*$/.exec(text) ?? /^[■●◆▼□◇▶]\s*(.+)$/.exec(text);
  const bracket = /^[【［[]([^】］\]]+)[】］\]]\s*[:：]?\s*(.*)$/.exec(text);
  if (bracket !== null) return titled(bracket[1] ?? '', bracket[2] ?? '', true);
  const [name, rest] = splitTitle(block?.[1] ?? text);
  if (block !== null) return titled(name, rest, true);
  const bold = /^(?:\*\*|__)[^*_]+(?:\*\*|__)$/.test(text);
  const isTitle = bold || /[:：]/.test(text);
  const kind = isTitle ? kindOf(name) : undefined;
  return kind === undefined ? undefined : { kind, rest, isBlock: false };
}

function titled(title: string, rest: string, isBlock: boolean): Heading | undefined {
  const kind = kindOf(title);
  // «[1] see below» and the like are no headings, unknown titles of a block are.
  return kind === undefined && /^\d*$/.test(title.trim()) ? undefined : { kind, rest, isBlock };
}

function splitTitle(text: string): [string, string] {
  const at = text.search(/[:：]/);
  const title = at === -1 ? text : text.slice(0, at);
  const rest = at === -1 ? '' : text.slice(at + 1).replace(/^(?:\*\*|__)/, '');
  return [title, rest.trim()];
}

function kindOf(title: string): Kind | undefined {
  if (title.length > MAX_TITLE) return undefined;
  const name = title
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^(?:[-*・•]\s+|\d{1,2}[.)、]\s*)/, '')
    .replaceAll(/[*_`]/g, '')
    .trim();
  return NAMES.find(([pattern]) => pattern.test(name))?.[1];
}
