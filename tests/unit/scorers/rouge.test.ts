import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { rougeScorer } from '../../../src/scorers/index.ts';
import { porterStem } from '../../../src/scorers/rouge/porter-stem.ts';
import { rouge, type RougeType } from '../../../src/scorers/rouge/rouge.ts';

/*
 * Texts and figures of rouge/rouge_scorer_test.py and rouge/testdata of google-research (Apache-2.0). Where the test there takes its figures
 * from ROUGE-1.5.5 they have five digits.
 */
const TARGETS = [
  "ZfbCUIUuePaiLVUlCaUXxkpu XPeWing tUHfPMuZ',-Xd Y BrUgVJing M-HV.-DgdDaY.rFDJCRing Ht-LM EKBDXkME,yz'RBr q'wtion wIojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxer tKM L",
  "KsJdPByEtAor fE-Qg Dpdbring cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMtion psing sbKao Q m qiing LMmer HqqLFXe,XPY,J XsurkMer ,ed nB'wH'bWVHjWFEing tQ.saefZwJtKrTlixYpMMsJing UCAPwNHeYVjDing c T BUySKtion gMPfJpwGw p'NvxAoping eu pBwMBKV'I DNxqelhu,PHPxDEq,mtion SN",
] as const;
const PREDICTIONS = [
  "rFDJCRtion Ht-LM EKtDXkME,yz'RBr q'wer wrojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxi",
  "n cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMer pstion sbKao Q m qier LMmed HqqLFXe,XPY,J XsurkMeo ,ed nB'wH'bWVHjWFEer tQ.saefZwJtKrTlixYpMMNJtion UCAPwNHeYVjD",
] as const;

describe('rouge agrees with rouge_score', () => {
  it.each([
    ['rouge-1', 'testing one two', 'testing', 1, 1 / 3, 1 / 2],
    ['rouge-1', 'testing one two', '', 0, 0, 0],
    ['rouge-2', 'testing one two', '', 0, 0, 0],
    ['rouge-l', 'testing one two', '', 0, 0, 0],
    ['rouge-2', 'testing one two', 'testing one', 1, 1 / 2, 2 / 3],
    ['rouge-l', 'testing one two', 'testing one', 1, 2 / 3, 4 / 5],
    ['rouge-l', 'testing one two', 'testing two', 1, 2 / 3, 4 / 5],
    ['rouge-1', 'testing one two', 'testing one', 1, 2 / 3, 4 / 5],
  ] as const)('%s of «%s» and «%s»', (type, target, prediction, precision, recall, fmeasure) => {
    const figures = rouge(type, target, prediction);
    expect(figures.precision).toBeCloseTo(precision, 9);
    expect(figures.recall).toBeCloseTo(recall, 9);
    expect(figures.fmeasure).toBeCloseTo(fmeasure, 9);
  });

  it.each([
    ['rouge-1', false, 0, 0.6875, 0.40741, 0.51163],
    ['rouge-1', false, 1, 0.65385, 0.40476, 0.5],
    ['rouge-1', true, 0, 0.6875, 0.40741, 0.51163],
    ['rouge-1', true, 1, 0.69231, 0.42857, 0.52941],
    ['rouge-2', false, 0, 0.53333, 0.30769, 0.39024],
    ['rouge-2', false, 1, 0.48, 0.29268, 0.36364],
    ['rouge-2', true, 0, 0.53333, 0.30769, 0.39024],
    ['rouge-2', true, 1, 0.48, 0.29268, 0.36364],
    ['rouge-l', false, 0, 0.6875, 0.40741, 0.51163],
    ['rouge-l', false, 1, 0.65385, 0.40476, 0.5],
  ] as const)('%s, stems %s, pair %i of its test data', (type, stem, pair, precision, recall, fmeasure) => {
    const figures = rouge(type, TARGETS[pair], PREDICTIONS[pair], { stem });
    expect(figures.precision).toBeCloseTo(precision, 5);
    expect(figures.recall).toBeCloseTo(recall, 5);
    expect(figures.fmeasure).toBeCloseTo(fmeasure, 5);
  });

  it('to 1e-6, as its algorithm written down word for word has it, for random English texts', () => {
    const words = fc.constantFrom(
      'The',
      'quick',
      'fox',
      'jumps',
      'jumping',
      'over',
      "dog's",
      'U.S.',
      '3.5',
      'café',
      'naïve-ly',
      '—',
      '日本',
      'the',
    );
    const texts = fc.array(words, { maxLength: 25 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(texts, texts, fc.boolean(), (target, prediction, stem) => {
        for (const type of ['rouge-1', 'rouge-2', 'rouge-l'] as const) {
          const ours = rouge(type, target, prediction, { stem, language: 'en' });
          const theirs = literally(type, target, prediction, stem);
          expect(Math.abs(ours.precision - theirs.precision)).toBeLessThan(1e-6);
          expect(Math.abs(ours.recall - theirs.recall)).toBeLessThan(1e-6);
          expect(Math.abs(ours.fmeasure - theirs.fmeasure)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** tokenize.py and rouge_scorer.py, line by line: the whole table, n-grams counted in a dictionary. */
function literally(type: RougeType, target: string, prediction: string, stem: boolean) {
  const tokenize = (text: string): string[] =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, ' ')
      .split(/\s+/)
      .map((token) => (stem && token.length > 3 ? porterStem(token) : token))
      .filter((token) => /^[a-z0-9]+$/.test(token));
  const [ref, can] = [tokenize(target), tokenize(prediction)];
  const score = (precision: number, recall: number) => ({
    precision,
    recall,
    fmeasure: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0,
  });
  if (type === 'rouge-l') {
    if (ref.length === 0 || can.length === 0) return score(0, 0);
    const table = Array.from({ length: ref.length + 1 }, () =>
      Array.from({ length: can.length + 1 }, () => 0),
    );
    const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
    for (let i = 1; i <= ref.length; i++) {
      for (let j = 1; j <= can.length; j++) {
        const row = table[i] ?? [];
        row[j] = ref[i - 1] === can[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
      }
    }
    const length = at(ref.length, can.length);
    return score(length / can.length, length / ref.length);
  }
  const n = type === 'rouge-1' ? 1 : 2;
  const ngrams = (tokens: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (let i = 0; i < tokens.length - n + 1; i++) {
      const key = JSON.stringify(tokens.slice(i, i + n));
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  };
  const [wanted, given] = [ngrams(ref), ngrams(can)];
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
  let common = 0;
  for (const [key, count] of Object.entries(wanted)) common += Math.min(count, given[key] ?? 0);
  return score(common / Math.max(sum(given), 1), common / Math.max(sum(wanted), 1));
}

describe('the stemmer', () => {
  it('gives the stems of Porter’s own examples, with NLTK’s departures', () => {
    // From the comments of the algorithm's description, step by step.
    const stems =
      'caresses:caress ponies:poni ties:tie caress:caress cats:cat feed:feed agreed:agre plastered:plaster bled:bled motoring:motor ' +
      'sing:sing conflated:conflat troubled:troubl sized:size hopping:hop tanned:tan falling:fall hissing:hiss fizzed:fizz failing:fail ' +
      'filing:file happy:happi sky:sky relational:relat conditional:condit rational:ration valenci:valenc hesitanci:hesit digitizer:digit ' +
      'radicalli:radic differentli:differ vileli:vile analogousli:analog vietnamization:vietnam predication:predic operator:oper ' +
      'feudalism:feudal decisiveness:decis hopefulness:hope callousness:callous formaliti:formal sensitiviti:sensit sensibiliti:sensibl ' +
      'triplicate:triplic formative:form formalize:formal electriciti:electr electrical:electr hopeful:hope goodness:good revival:reviv ' +
      'allowance:allow inference:infer airliner:airlin gyroscopic:gyroscop adjustable:adjust defensible:defens irritant:irrit ' +
      'replacement:replac adjustment:adjust dependent:depend adoption:adopt homologou:homolog communism:commun activate:activ ' +
      'angulariti:angular homologous:homolog effective:effect bowdlerize:bowdler probate:probat rate:rate cease:ceas controll:control ' +
      'roll:roll enjoy:enjoy spied:spi died:die flies:fli dies:die dying:die news:news proceed:proceed skies:sky geology:geolog';
    const wrong = stems
      .split(' ')
      .map((pair) => pair.split(':') as [string, string])
      .filter(([word, stem]) => porterStem(word) !== stem)
      .map(([word, stem]) => `${word}: ${porterStem(word)}, not ${stem}`);
    expect(wrong).toEqual([]);
  });
});

describe('rougeScorer', () => {
  it('cuts Japanese into words', async () => {
    const scorer = rougeScorer({ type: 'rouge-1', threshold: 0.6 });
    const reference = '会議は火曜日に変更されました。';
    const near = await scorer.score({ text: '会議は水曜日に変更されました。', reference });
    expect(near).toMatchObject({ name: 'rouge-1', pass: true, details: { problems: [] } });
    expect(near.score).toBeGreaterThan(0.7);
    expect(near.score).toBeLessThan(1);
    await expect(scorer.score({ text: reference, reference })).resolves.toMatchObject({ score: 1 });
    const far = await scorer.score({ text: '天気がいいです', reference });
    expect(far).toMatchObject({
      pass: false,
      details: { problems: [{ problem: expect.stringContaining('rouge-1') as string }] },
    });
  });

  it('takes the figure and the threshold that are asked for', async () => {
    const input = { text: 'testing', reference: 'testing one two' };
    await expect(rougeScorer({ type: 'rouge-1', measure: 'precision' }).score(input)).resolves.toMatchObject({
      score: 1,
      pass: true,
    });
    await expect(rougeScorer({ type: 'rouge-1', measure: 'recall' }).score(input)).resolves.toMatchObject({
      pass: false,
    });
    await expect(rougeScorer().score({ text: 'x' })).rejects.toMatchObject({ code: 'invalid-input' });
    expect(() => rougeScorer({ threshold: 2 })).toThrow(/threshold/);
  });
});
