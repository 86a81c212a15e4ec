const parts = {
  English: [
    'The deployment finished before noon',
    'although two of the tests had failed the day before',
    'she asked whether the customer still needed a refund',
    'nobody remembers who changed the configuration',
    'we should measure the latency again next week',
    'and the report explains why the cache was empty',
  ],
  Japanese: [
    '昨日の会議で決まったことをまとめておきます',
    'サーバーの応答が遅い原因はまだ分かっていません',
    '来週の月曜日までに資料を送ってください',
    '設定を変更した人は誰も覚えていないようです',
    '顧客からの問い合わせが急に増えました',
    'テストが二つ失敗したので、もう一度確認します',
  ],
  code: [
    'export function readLines(path: string): string[] {',
    '  const lines = text.split("\\n").filter((line) => line !== "");',
    '  if (index >= items.length) throw new RangeError("out of range");',
    '  for (const item of this.#items.values()) total += item.price * item.count;',
    '}',
    '  return await fetch(url, { method: "POST", headers, body: JSON.stringify(payload) });',
  ],
  emoji: ['😀', '🎉', '🔥', '👍', '🚀', '😭', '🙏', '✨', '🐱', '🍣', '🌸', '🏆', '🔧', '📦', '🤔', '💡'],
};

function times(count: number, make: () => string, between: string): string {
  return Array.from({ length: count }, make).join(between);
}

function eight(make: () => string): string[] {
  return Array.from({ length: 8 }, make);
}

/** Texts of some kinds, eight of each, the same for the same seed. */
export function sampleTexts(seed: number): Record<string, string[]> {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? '';
  const hex = (length: number): string => times(length, () => Math.floor(random() * 16).toString(16), '');
  const bytes = (): Buffer => Buffer.from(Uint8Array.from({ length: 1500 }, () => random() * 256));
  const record = (): string =>
    JSON.stringify({
      id: hex(8),
      name: pick(['order', 'refund', 'invoice']),
      price: Math.floor(random() * 1e5) / 100,
      paid: random() < 0.5,
      note: pick(parts.English),
    });
  return {
    English: eight(() => times(40, () => pick(parts.English), '. ')),
    Japanese: eight(() => times(40, () => pick(parts.Japanese), '。')),
    code: eight(() => times(40, () => pick(parts.code), '\n')),
    JSON: eight(() => times(20, record, ',\n')),
    base64: eight(() => bytes().toString('base64')),
    emoji: eight(() => times(400, () => pick(parts.emoji), '')),
  };
}
