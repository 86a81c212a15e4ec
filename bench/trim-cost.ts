/**
 * What choosing relevant messages costs: reading and ranking a whole conversation (cold), the same with one message appended to a kept
 * index (warm), beside counting every message once with o200k_base. Generated messages of about 60 tokens, English and Japanese.
 *
 *     node --conditions=@katamari/source bench/trim-cost.ts [--sizes 100,1000,10000,100000] [--lang en,ja]
 */
import { parseArgs } from 'node:util';

import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import type { RelevantUnit } from '../src/trim/relevant/relevant-unit.ts';
import { UnitIndex } from '../src/trim/relevant/unit-index.ts';
import { selectRelevant } from '../src/trim/select-relevant.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,10000,100000' },
    lang: { type: 'string', default: 'en,ja' },
  },
});

const BUDGET_TOKENS = 4096;
const NO_SPECIAL = { disallowedSpecial: new Set<string>() };
const count = (text: string): number => countTokens(text, NO_SPECIAL);

const ENGLISH =
  'I we they you moved the old server to another rack yesterday and now deploy takes twelve minutes longer than before please check whether ' +
  'cache warms up after restart because customers in Osaka report slow pages every morning my sister visited us on Sunday with her puppy ' +
  'it was lovely we cooked pasta talked about travel plans for September maybe Portugal or Greece flights are cheaper when booked early ' +
  'could you summarize what finance said regarding budget of 40,000 euros for new office furniture nobody answered yet honestly feels wrong';
const JAPANESE =
  '昨日は 新しい サーバーを 別の ラックに 移した その後 デプロイに 十二分 かかる ように なりました 再起動の あと キャッシュが 温まって いるか 確認して ください ' +
  '大阪の お客様から 毎朝 ページが 遅いと 報告が あります 妹が 日曜日に 子犬を 連れて 遊びに 来ました 一緒に パスタを 作って 九月の 旅行の 話を しました ' +
  'ポルトガルか ギリシャに 行きたい 航空券は 早めに 予約すると 安い 予算は 四万ユーロで 事務所の 家具を 買う 予定です 経理の 返事は まだ ありません';

function messages(size: number, language: string): RelevantUnit[] {
  const isJapanese = language === 'ja';
  const words = (isJapanese ? JAPANESE : ENGLISH).split(' ');
  let seed = 42;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  return Array.from({ length: size }, (_, place) => {
    const said: string[] = [];
    // Squaring makes some words common and others rare; every seventh is a number, as new to the vocabulary as names are.
    for (let word = 0; word < (isJapanese ? 17 : 50); word += 1) {
      said.push(
        next(20) === 0
          ? String(next(100_000))
          : (words[Math.floor((next(1000) / 1000) ** 1.5 * words.length)] ?? ''),
      );
    }
    // Joined and split again, so that the text is flat in memory as one from the network is.
    return {
      text: JSON.parse(JSON.stringify(said.join(isJapanese ? '' : ' '))) as string,
      role: place % 2 === 0 ? 'user' : 'assistant',
    };
  });
}

function median(runs: number, run: () => void): number {
  const times: number[] = [];
  for (let at = 0; at < runs; at += 1) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return times.toSorted((one, other) => one - other)[runs >> 1] ?? 0;
}

function measure(size: number, language: string): void {
  const units = messages(size + 64, language);
  const query =
    language === 'ja'
      ? '妹が連れてきた子犬の名前と、九月の旅行の予定は何でしたか?'
      : 'When did my sister visit us, and what did finance say about the furniture budget?';
  const runs = size >= 100_000 ? 5 : 15;
  const first = units.slice(0, size);
  const options = {
    query,
    budgetTokens: BUDGET_TOKENS,
    countTokens: (unit: number): number => count(units[unit]?.text ?? ''),
  };
  let index = new UnitIndex();
  const cold = median(runs, () => {
    index = new UnitIndex();
    selectRelevant({ ...options, units: first, index });
  });
  let end = size;
  const warm = median(runs, () => {
    end += 1;
    selectRelevant({ ...options, units: units.slice(0, end), index });
  });
  const counting = median(size >= 100_000 ? 1 : 5, () => {
    for (const unit of first) count(unit.text);
  });
  const characters = first.reduce((sum, unit) => sum + unit.text.length, 0);
  const tokens = first.slice(0, 1000).reduce((sum, unit) => sum + count(unit.text), 0) / Math.min(1000, size);
  // V8 keeps text in one byte per character where it can, else in two.
  const memory = index.byteLength / (characters * (language === 'ja' ? 2 : 1));
  const cells = [cold, warm, counting].map((time) => time.toFixed(2).padStart(10));
  console.log(
    `${language} ${String(size).padStart(8)} ${tokens.toFixed(0).padStart(7)} ${cells.join(' ')} ${(counting / cold).toFixed(1).padStart(9)} ${memory.toFixed(2).padStart(12)}`,
  );
}

console.log('lang messages tok/msg    cold ms    warm ms   count ms count:cold index : text');
for (const language of values.lang.split(',')) {
  measure(1000, language);
  for (const size of values.sizes.split(',')) measure(Number(size), language);
}
