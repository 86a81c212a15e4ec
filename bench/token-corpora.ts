import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Samples of one kind of text, each a few thousand characters. */
export interface Corpus {
  readonly kind: string;
  readonly samples: readonly string[];
}

const sampleLength = 3000;
const samplesPerKind = 40;

/**
 * Texts to calibrate and measure token counts on: what this tree holds (sources, their translated messages, READMEs), what is
 * generated, and, where `dataFolder` is given, conversations in JSON Lines (`{ messages: [{ content }] }`).
 */
export function tokenCorpora(dataFolder?: string): readonly Corpus[] {
  const corpora: Corpus[] = [...translations(), ...sources(), ...generated()];
  if (dataFolder !== undefined && existsSync(dataFolder)) {
    for (const file of readdirSync(dataFolder)) {
      if (file.endsWith('.jsonl')) corpora.push(conversations(join(dataFolder, file)));
    }
  }
  return corpora.filter((corpus) => corpus.samples.length > 0);
}

function corpus(kind: string, text: string, length = sampleLength): Corpus {
  const all: string[] = [];
  for (let at = 0; at + length / 2 < text.length; at += length)
    all.push(text.slice(at, at + length).toWellFormed());
  const step = Math.max(1, Math.floor(all.length / samplesPerKind));
  return { kind, samples: all.filter((_, i) => i % step === 0).slice(0, samplesPerKind) };
}

function conversations(path: string): Corpus {
  const texts: string[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    const { messages } = JSON.parse(line) as { messages: { content: string }[] };
    texts.push(messages.map((message) => message.content).join('\n'));
  }
  return corpus(`chat ${path.replace(/^.*\//u, '').replace('.jsonl', '')}`, texts.join('\n'));
}

/** The TypeScript compiler's messages, translated by people: short prose in thirteen languages. */
function translations(): Corpus[] {
  const lib = 'node_modules/@typescript/old/lib';
  const kinds = {
    'zh-cn': 'Chinese',
    'zh-tw': 'Chinese (trad.)',
    ja: 'Japanese (technical)',
    ko: 'Korean (technical)',
    ru: 'Russian',
    de: 'German',
    fr: 'French',
    tr: 'Turkish',
  };
  return Object.entries(kinds).flatMap(([code, kind]) => {
    const path = join(lib, code, 'diagnosticMessages.generated.json');
    if (!existsSync(path)) return [];
    const texts = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>);
    return [corpus(kind, texts.join('\n'))];
  });
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function many(count: number, make: () => string, between: string): string {
  return Array.from({ length: count }, make).join(between);
}

function sources(): Corpus[] {
  const readmes = readdirSync('node_modules').map((name) => read(join('node_modules', name, 'README.md')));
  const own = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  return [
    corpus('TypeScript', own.map((path) => read(join('src', path))).join('\n')),
    corpus(
      'JavaScript',
      read('node_modules/acorn/dist/acorn.js') + read('node_modules/argparse/argparse.js'),
    ),
    corpus('JSON', read('package-lock.json')),
    corpus('Markdown', readmes.join('\n')),
    corpus('English', prose()),
  ];
}

/** English prose this tree holds: the comments of the type libraries, without their marks. */
function prose(): string {
  const sentences = new Set<string>();
  for (const name of ['dom', 'es5', 'webworker']) {
    const text = read(`node_modules/@typescript/old/lib/lib.${name}.d.ts`);
    for (const match of text.matchAll(/^ +\* ([A-Z][^[\]{}@`]{40,})$/gmu)) sentences.add(match[1] ?? '');
  }
  return Array.from(sentences).join('\n');
}

function generated(): Corpus[] {
  const random = lcg(20_26);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const hex = (length: number): string => many(length, () => Math.floor(random() * 16).toString(16), '');
  const number = (): string => (random() * 10 ** Math.floor(random() * 8)).toFixed(Math.floor(random() * 4));
  const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-');
  const bytes = Buffer.from(Uint8Array.from({ length: 60_000 }, () => random() * 256));
  const emoji = Array.from('😀😂🤣😍🙏🎉🔥✨👍🚀❤🥰😭😊🙌💯🤔👀✅🎂🌸🐱🍣☕🏆📈💡🔧🛠📦');
  const english = [
    'the build is green',
    'deploy at noon',
    'see you there',
    'nice work',
    'it failed again',
    'on my way',
  ];
  const japanese = [
    '明日の会議は十時からです',
    '了解しました',
    'ありがとうございます',
    'エラーが出ました',
    'デプロイは完了しています',
    'よろしくお願いします',
  ];
  const korean = [
    '내일 회의는 열 시에 시작합니다',
    '확인했습니다',
    '감사합니다',
    '배포가 끝났어요',
    '로그를 보내 주세요',
    '오류가 다시 발생했습니다',
  ];
  const office = [
    '昨日の会議で決まったことをまとめておきます',
    'サーバーの応答が遅い原因はまだ分かっていません',
    '来週の月曜日までに資料を送ってください',
    '設定を変更した人は誰も覚えていないようです',
    '顧客からの問い合わせが急に増えました',
    'テストが二つ失敗したので、もう一度確認します',
  ];
  const kana = [
    'これはとてもおいしいですね',
    'ちょっとまってください',
    'きょうはいいてんきですから、さんぽにいきましょう',
    'サーバーをリスタートしました',
    'データベースのバックアップ',
  ];
  const chinese = [
    '我们明天上午十点开会',
    '这个问题已经解决了，请再试一次',
    '服务器今天早上又出现了同样的错误',
    '谢谢你的帮助',
    '请把日志文件发给我看看',
    '新版本将在下周发布',
  ];
  const arabic = [
    'سيبدأ الاجتماع غدا في الساعة العاشرة صباحا',
    'شكرا جزيلا على مساعدتك',
    'حدث خطأ في الخادم مرة أخرى',
    'يرجى إرسال ملف السجل إلى الفريق',
  ];
  const hindi = [
    'बैठक कल सुबह दस बजे शुरू होगी',
    'आपकी मदद के लिए धन्यवाद',
    'सर्वर में फिर से त्रुटि हुई',
    'कृपया लॉग फ़ाइल टीम को भेजें',
  ];
  const thai = [
    'การประชุมจะเริ่มพรุ่งนี้เวลาสิบโมงเช้า',
    'ขอบคุณสำหรับความช่วยเหลือ',
    'เซิร์ฟเวอร์เกิดข้อผิดพลาดอีกครั้ง',
    'กรุณาส่งไฟล์บันทึกให้ทีม',
  ];
  const record = (): string =>
    JSON.stringify({
      id: uuid(),
      at: `2026-0${pick([1, 2, 3, 4])}-1${pick([0, 5, 9])}T0${pick([1, 7])}:30:00Z`,
      level: pick(['info', 'warn']),
      message: pick(english),
      amount: Number(number()),
    });
  return [
    corpus('base64', bytes.toString('base64')),
    corpus(
      'hex',
      many(400, () => hex(64), '\n'),
    ),
    corpus('UUIDs', many(900, uuid, '\n')),
    corpus(
      'numbers (CSV)',
      many(4000, () => many(6, number, ','), '\n'),
    ),
    corpus('JSON log', many(300, record, '\n')),
    corpus(
      'emoji',
      many(8000, () => pick(emoji), ''),
    ),
    corpus(
      'emoji chat',
      many(2500, () => `${pick([...english, ...japanese])}${pick(emoji)}`, '\n'),
    ),
    corpus(
      'mixed chat',
      many(3000, () => pick([...english, ...japanese, ...korean, record().slice(0, 90)]), '\n'),
    ),
    corpus(
      'Japanese (chat)',
      many(3000, () => pick(office), '。'),
    ),
    corpus(
      'Japanese (kana)',
      many(3000, () => pick(kana), '。'),
    ),
    corpus(
      'Chinese (chat)',
      many(3000, () => pick(chinese), '。'),
    ),
    corpus(
      'Arabic',
      many(800, () => pick(arabic), '. '),
    ),
    corpus(
      'Hindi',
      many(800, () => pick(hindi), '। '),
    ),
    corpus(
      'Thai',
      many(800, () => pick(thai), ' '),
    ),
    corpus(
      'capitals',
      many(1500, () => pick(english).toUpperCase(), '. '),
    ),
    corpus(
      'typographic',
      many(1500, () => `“${pick(english)}” — ${pick(english)}…`, ' • '),
    ),
    corpus(
      'Korean (chat)',
      many(3000, () => pick(korean), '. '),
    ),
  ];
}

/** Numbers from 0 to 1, the same at every run. */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
