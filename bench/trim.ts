/**
 * What one whole trim costs (`relevant` and `recent`, a budget of 4,096 tokens, facts not measured), beside counting every message once. Cold:
 * nothing was seen before. Warm: one message more than at the call before, with the same counter and index, as in a conversation. Counting
 * once is measured twice: with katamari's own counter and with gpt-tokenizer's, which is what a program without katamari would do.
 * Contenders take turns in one process; the figures are medians, in milliseconds, and ratios are of the same rounds.
 *
 *     node --conditions=@katamari/source bench/trim.ts [--sizes 100,1000,10000,100000] [--lang en,ja] [--rounds 9]
 */
import { parseArgs } from 'node:util';

import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import type { Message } from '../src/message.ts';
import { loadEncoding } from '../src/tokens/load-counter.ts';
import { RequestCounter } from '../src/tokens/request-counter.ts';
import { HistoryIndex } from '../src/trim/history-index.ts';
import { FactBook } from '../src/trim/retention/fact-retention.ts';
import { runTrim } from '../src/trim/run-trim.ts';
import { planTrim, type TrimStrategy } from '../src/trim/trim-options.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,10000,100000' },
    lang: { type: 'string', default: 'en,ja' },
    rounds: { type: 'string', default: '9' },
  },
});

const NO_SPECIAL = { disallowedSpecial: new Set<string>() };
const o200k = await loadEncoding('o200k_base');

const ENGLISH =
  'I we they you moved the old server to another rack yesterday and now deploy takes twelve minutes longer than before please check whether ' +
  'cache warms up after restart because customers in Osaka report slow pages every morning my sister visited us on Sunday with her puppy ' +
  'it was lovely we cooked pasta talked about travel plans for September maybe Portugal or Greece flights are cheaper when booked early ' +
  'could you summarize what finance said regarding budget of 40,000 euros for new office furniture nobody answered yet honestly feels wrong';
const JAPANESE =
  '昨日は 新しい サーバーを 別の ラックに 移した その後 デプロイに 十二分 かかる ように なりました 再起動の あと キャッシュが 温まって いるか 確認して ください ' +
  '大阪の お客様から 毎朝 ページが 遅いと 報告が あります 妹が 日曜日に 子犬を 連れて 遊びに 来ました 一緒に パスタを 作って 九月の 旅行の 話を しました ' +
  'ポルトガルか ギリシャに 行きたい 航空券は 早めに 予約すると 安い 予算は 四万ユーロで 事務所の 家具を 買う 予定です 経理の 返事は まだ ありません';
const QUESTIONS: Readonly<Record<string, string>> = {
  en: 'When did my sister visit us, and what did finance say about the furniture budget?',
  ja: '妹が連れてきた子犬の名前と、九月の旅行の予定は何でしたか?',
};

/** Messages of about 60 tokens. */
function conversation(size: number, language: string, start: number): Message[] {
  const isJapanese = language === 'ja';
  const words = (isJapanese ? JAPANESE : ENGLISH).split(' ');
  let seed = start;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  return Array.from({ length: size }, (_, place): Message => {
    const said: string[] = [];
    // The power makes some words common and others rare; some are numbers, as new to the vocabulary as names are.
    for (let word = 0; word < (isJapanese ? 17 : 50); word += 1) {
      const common = words[Math.floor((next(1000) / 1000) ** 1.5 * words.length)] ?? '';
      said.push(next(20) === 0 ? String(next(100_000)) : common);
    }
    // Through JSON, so that the text is flat in memory as one from the network is.
    const content = JSON.parse(JSON.stringify(said.join(isJapanese ? '' : ' '))) as string;
    return { role: place % 2 === 0 ? 'user' : 'assistant', content };
  });
}

function milliseconds(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[figures.length >> 1] ?? 0;
}

class Figures {
  readonly #all = new Map<string, number[]>();

  add(name: string, work: () => void): void {
    const figures = this.#all.get(name) ?? [];
    figures.push(milliseconds(work));
    this.#all.set(name, figures);
  }

  of(name: string): number {
    return median(this.#all.get(name) ?? []);
  }

  /** The median over the rounds of one figure over another. */
  ratio(name: string, to: string): string {
    const below = this.#all.get(to) ?? [];
    return median((this.#all.get(name) ?? []).map((figure, round) => figure / (below[round] ?? 1))).toFixed(
      3,
    );
  }
}

function measure(size: number, language: string, rounds: number): void {
  const figures = new Figures();
  let memory = 0;
  for (let round = 0; round < rounds; round += 1) {
    const question: Message = { role: 'user', content: QUESTIONS[language] ?? '' };
    const messages = conversation(size + 1, language, 42 + round);
    const first = messages.slice(0, size);
    for (const strategy of ['relevant', 'recent'] satisfies TrimStrategy[]) {
      const plan = planTrim({ targetTokens: 4096, strategy, measureFacts: false });
      const index = new HistoryIndex();
      const means = { costs: new RequestCounter(o200k), facts: new FactBook(), index };
      figures.add(`${strategy} cold`, () => runTrim({ messages: [...first, question] }, plan, means));
      figures.add(`${strategy} warm`, () => runTrim({ messages: [...messages, question] }, plan, means));
      if (strategy === 'relevant') memory = index.words.byteLength;
    }
    figures.add('count, own', () => {
      for (const { content } of first) o200k.count(content as string);
    });
    figures.add('count, gpt-tokenizer', () => {
      for (const { content } of first) countTokens(content as string, NO_SPECIAL);
    });
  }
  const text = conversation(size, language, 42).reduce((sum, { content }) => sum + content.length, 0);
  const names = [
    'relevant cold',
    'relevant warm',
    'recent cold',
    'recent warm',
    'count, own',
    'count, gpt-tokenizer',
  ];
  const cells = names.map((name) => figures.of(name).toFixed(2).padStart(10));
  const ratios = ['count, own', 'count, gpt-tokenizer'].flatMap((to) => [
    figures.ratio('relevant cold', to).padStart(8),
    figures.ratio('relevant warm', to).padStart(8),
  ]);
  // V8 keeps a text in one byte a character where it can, else in two.
  const share = (memory / (text * (language === 'ja' ? 2 : 1))).toFixed(2).padStart(8);
  console.log(`${language} ${String(size).padStart(7)} ${cells.join(' ')}  ${ratios.join(' ')} ${share}`);
}

console.log(
  '                  relevant              recent              count once with   relevant over own  over gpt-tokenizer  index',
);
console.log(
  '     size       cold       warm       cold       warm        own   gpt-tok.      cold     warm     cold     warm : text',
);
for (const language of values.lang.split(',')) {
  measure(1000, language, 3);
  for (const size of values.sizes.split(',').map(Number))
    measure(size, language, size > 20_000 ? Math.min(3, Number(values.rounds)) : Number(values.rounds));
}
