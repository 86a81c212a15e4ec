/**
 * How far estimates of tokens are from o200k_base, by kind of text, beside the rule of thumb "characters / 4"; and how fast.
 *
 *   npx node --conditions=@katamari/source bench/estimator.ts [folder of JSON Lines conversations]
 */
import { estimateTokens } from '../src/tokens/estimate-tokens.ts';
import { loadEncoding } from '../src/tokens/load-counter.ts';
import { OutputEstimate } from '../src/tokens/output-estimate.ts';
import { tokenCorpora } from './token-corpora.ts';

const percent = (part: number, whole: number): string =>
  `${((part / whole - 1) * 100).toFixed(1)} %`.padStart(10);
const exact = await loadEncoding('o200k_base');
const corpora = tokenCorpora(process.argv[2]);

console.log(`${'kind of text'.padEnd(24)} samples     error   worst sample   chars/4`);
for (const { kind, samples } of corpora) {
  let [estimated, actual, length, worst] = [0, 0, 0, 0];
  for (const sample of samples) {
    const [estimate, truth] = [estimateTokens(sample), exact.count(sample)];
    estimated += estimate;
    actual += truth;
    length += sample.length;
    worst = Math.max(worst, Math.abs(estimate / truth - 1));
  }
  const worstSample = `${(worst * 100).toFixed(0)} %`.padStart(14);
  console.log(
    kind.padEnd(24),
    String(samples.length).padStart(7),
    percent(estimated, actual),
    worstSample,
    percent(length / 4, actual),
  );
}

const all = corpora.flatMap((corpus) => corpus.samples);
const megabytes = Buffer.byteLength(all.join('')) / 1e6;
const timed = (work: () => void): number => {
  for (let i = 0; i < 20; i += 1) work();
  const start = performance.now();
  for (let i = 0; i < 20; i += 1) work();
  return (performance.now() - start) / 20;
};
const wholeMs = timed(() => {
  for (const text of all) estimateTokens(text);
});
const deltas = all.flatMap((text) => text.match(/.{1,5}/gsu) ?? []);
const deltaMs = timed(() => {
  const output = new OutputEstimate();
  for (const delta of deltas) output.add(delta);
});
console.log(`\nestimateTokens: ${(megabytes / (wholeMs / 1000)).toFixed(0)} MB/s of UTF-8`);
console.log(
  `OutputEstimate: ${((deltaMs * 1e6) / deltas.length).toFixed(0)} ns per delta of five characters`,
);
